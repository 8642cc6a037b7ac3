using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using VoiceKit.DependencyInjection;
using VoiceKit.Diagnostics;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.Docs.Tests.Pages;

public class DependencyInjectionPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        var services = new ServiceCollection();
        var configuration = Configuration();
        services.AddVoiceKit(configuration.GetSection("VoiceKit"), b => b
            .UseLibOpus()
            .UsePulseAudio()
            .UseFFmpeg());

        services.AddVoiceKit(b => b.Configure(options => options.Recording.MinDuration = TimeSpan.FromSeconds(0.5)));

        services.AddVoiceKit(b => b.UseAudioDevices(new DocsDevices()).Configure(options => options.Store.Folder = "voices"));
        services.AddSingleton<VoiceNotes>();
        await using var provider = services.BuildServiceProvider(
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
    private static IConfiguration Configuration()
    {
        var json = Repository.Read("docs", "dependency-injection.md").Split("```json\n")[1].Split("```")[0];
        using var document = JsonDocument.Parse(json);
        var values = new Dictionary<string, string?>();
        foreach (var section in document.RootElement.GetProperty("VoiceKit").EnumerateObject())
        {
            var type = typeof(VoiceKitOptions).GetProperty(section.Name)!.PropertyType;
            foreach (var setting in section.Value.EnumerateObject())
            {
                Assert.NotNull(type.GetProperty(setting.Name));
                values.Add($"VoiceKit:{section.Name}:{setting.Name}", setting.Value.ToString());
            }
        }

        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
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
