using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VoiceKit.DependencyInjection;
using VoiceKit.Diagnostics;
using VoiceKit.FFmpeg;
using VoiceKit.LibOpus;
using VoiceKit.PulseAudio;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.Docs.Tests.Pages;

public class DependencyInjectionPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        await File.WriteAllTextAsync("appsettings.json", Settings());
        string[] args = [];
        var builder = Host.CreateApplicationBuilder(args);              // or WebApplication.CreateBuilder(args)
        builder.Services.AddVoiceKit(builder.Configuration.GetSection("VoiceKit"), b => b
            .UseLibOpus()
            .UsePulseAudio()
            .UseFFmpeg());

        builder.Services.AddVoiceKit(b => b.Configure(options =>
            options.Recording = options.Recording with { MinDuration = TimeSpan.FromSeconds(0.5) }));

        builder.Services.AddVoiceKit(b => b
            .UseAudioDevices(new DocsDevices())
            .Configure(options => options.StoreFolder = "voices"));
        builder.Services.AddSingleton<VoiceNotes>();
        await using var provider = builder.Services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        var recorder = provider.GetRequiredService<VoiceRecorderOptions>();
        Assert.Equal((TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(15)), (recorder.MinDuration, recorder.MaxDuration));
        Assert.Equal(16_000, recorder.Encoding.Encoder.Bitrate);

        var stored = await provider.GetRequiredService<VoiceNotes>().RecordAsync(Task.CompletedTask);
        Assert.InRange(Loudest(stored!.Path), 0.1, 1);
    }

    [Fact]
    public void Every_instrument_and_activity_is_on_the_page()
    {
        var page = Repository.Read("docs", "dependency-injection.md");
        foreach (var name in typeof(VoiceKitDiagnostics).GetFields().Select(field => (string)field.GetValue(null)!))
            Assert.Contains(name == "VoiceKit" ? "\"VoiceKit\"" : $"`{name}`", page, StringComparison.Ordinal);
    }

    // Each key that the page has must be one that there is.
    private static string Settings()
    {
        var json = Repository.Read("docs", "dependency-injection.md").Split("```json\n")[1].Split("```")[0];
        using var document = JsonDocument.Parse(json);
        foreach (var section in document.RootElement.GetProperty("VoiceKit").EnumerateObject())
        {
            foreach (var setting in section.Value.EnumerateObject())
                AssertIsRead($"{section.Name}:{setting.Name}");
        }

        return json;
    }

    // A key that is known refuses a value that is none.
    private static void AssertIsRead(string key)
    {
        var wrong = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = " " }).Build();
        using var provider = new ServiceCollection().AddVoiceKit(wrong).BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<VoiceKitOptions>>().Value);
    }

    public sealed class VoiceNotes(IVoiceRecorderFactory recorders, IVoiceMessageStore store)
    {
        public async Task<StoredVoiceMessage?> RecordAsync(Task released)
        {
            await using var recorder = await recorders.CreateAsync();
            await recorder.StartAsync();
            await released;
            if (await recorder.FinishAsync() is not { } message)
                return null;
            var stored = await store.AddAsync(message);
            recorder.DeleteDraft();
            return stored;
        }
    }
}
