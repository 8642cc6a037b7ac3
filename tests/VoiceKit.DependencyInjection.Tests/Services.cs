using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace VoiceKit.DependencyInjection.Tests;

/// <summary>Containers as the strictest of apps make them.</summary>
internal static class Services
{
    public static ServiceProvider Build(this IServiceCollection services) =>
        services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    public static ServiceProvider Build(Action<VoiceKitBuilder> configure) =>
        new ServiceCollection().AddVoiceKit(configure).Build();

    public static IConfiguration Configuration(params (string Key, string? Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => pair.Value))
        .Build();
}
