using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Profiles;
using VoiceKit.Recording;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.DependencyInjection.Tests;

public class OptionsTests
{
    /// <summary>Each key, a value that it takes, where that ends up, and a value that is wrong.</summary>
    public static TheoryData<string, string, string> Keys => new()
    {
        { "Encoding:Profile", "telegram", "signal" },
        { "Encoding:Profile", "Discord", "carrier pigeon" },
        { "Encoding:Bitrate", "16000", "100" },
        { "Encoding:SampleRate", "16000", "44100" },
        { "Encoding:Channels", "2", "3" },
        { "Encoding:Complexity", "5", "11" },
        { "Encoding:PacketDuration", "00:00:00.06", "00:00:00.03" },
        { "Encoding:Application", "Audio", "77" },
        { "Encoding:BitrateMode", "Constant", "77" },
        { "Encoding:MaxPageDuration", "00:00:00.2", "00:01:00" },
        { "Encoding:MaxDegreeOfParallelism", "2", "0" },
        { "Recording:DraftFolder", "/tmp/drafts", " " },
        { "Recording:MinDuration", "00:00:00.5", "-00:00:01" },
        { "Recording:MaxDuration", "00:15:00", "00:00:00" },
        { "Recording:MaxDuration", "00:00:02", "00:00:00.5" },
        { "Recording:MaxSize", "1000000", "100" },
        { "Recording:LimitWarning", "00:00:05", "-00:00:05" },
        { "Recording:HighPass", "80", "30000" },
        { "Recording:ProgressInterval", "00:00:00.05", "00:00:05" },
        { "Recording:BarInterval", "00:00:00.1", "00:00:05" },
        { "Recording:DeviceTimeout", "00:00:10", "00:00:00" },
        { "Recording:BufferDuration", "00:00:10", "01:00:00" },
        { "Playback:ProgressInterval", "00:00:00.04", "00:00:01" },
        { "Playback:StartTimeout", "00:00:10", "01:00:00" },
        { "Playback:SilenceThreshold", "-50", "5" },
        { "Import:TargetLoudness", "-20", "3" },
        { "Import:MaxGain", "12", "100" },
        { "Import:PeakLimit", "-3", "3" },
        { "Import:MaxLength", "00:05:00", "00:00:00" },
        { "Import:Bars", "100", "0" },
        { "Import:MaxInputSize", "1000000", "0" },
        { "Store:Folder", "/tmp/messages", "" },
        { "Store:Durability", "ProcessEnd", "77" },
        { "Store:MaxMessageSize", "1000000", "0" },
        { "Store:ChangeDelay", "00:00:01", "-00:00:01" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_wrong_value_is_named_with_its_key_and_a_right_one_is_taken(string key, string right, string wrong)
    {
        using (var provider = Bound((key, right)))
            Assert.NotNull(provider.GetRequiredService<IOptions<VoiceKitOptions>>().Value);

        using var bad = Bound((key, wrong));
        var refusal = Assert.Throws<OptionsValidationException>(() => bad.GetRequiredService<VoiceEncodingOptions>());
        var failure = Assert.Single(refusal.Failures);
        Assert.StartsWith(key + " is ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_that_can_be_wrong_is_tested()
    {
        var sections = typeof(VoiceKitOptions).GetProperties();
        var settings = sections.SelectMany(section => section.PropertyType.GetProperties()
            .Where(setting => setting.PropertyType != typeof(bool) && setting.PropertyType != typeof(bool?))
            .Select(setting => $"{section.Name}:{setting.Name}"));
        var tested = Keys.Select(row => row.Data.Item1).Distinct();
        Assert.Equal(settings.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_and_when_a_host_starts()
    {
        using var provider = Bound(("Encoding:Bitrate", "1"), ("Store:Folder", ""), ("Import:RefuseLonger", "true"));
        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(3, refusal.Failures.Count());
        Assert.Contains("500", refusal.Failures.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_become_the_librarys_own_options()
    {
        var clock = new StoppedClock();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddVoiceKit(Services.Configuration(
            [.. Keys.GroupBy(row => row.Data.Item1).Select(rows => (rows.Key, (string?)rows.First().Data.Item2)),
                ("Encoding:UseDtx", "true"), ("Recording:KeepDrafts", "false"), ("Recording:AutomaticGain", "true"),
                ("Import:ForceEncoding", "true"), ("Import:TrimSilence", "true"), ("Import:RefuseLonger", "true")]));
        using var provider = services.Build();

        var encoding = provider.GetRequiredService<VoiceEncodingOptions>();
        Assert.Equal((16_000, 2, 2), (encoding.SampleRate, encoding.Channels, encoding.MaxDegreeOfParallelism));
        Assert.Equal(TimeSpan.FromSeconds(0.2), encoding.Container.MaxPageDuration);
        Assert.Equal(
            VoiceProfile.Telegram.ToEncodingOptions().Encoder with
            {
                Application = OpusApplication.Audio,
                Bitrate = 16_000,
                BitrateMode = OpusBitrateMode.Constant,
                Complexity = 5,
                PacketDuration = TimeSpan.FromMilliseconds(60),
                UseDtx = true,
            },
            encoding.Encoder);

        var recorder = provider.GetRequiredService<VoiceRecorderOptions>();
        Assert.Same(encoding, recorder.Encoding);
        Assert.Null(recorder.Drafts);
        Assert.Equal("/tmp/drafts", provider.GetRequiredService<VoiceDrafts>().Folder);
        Assert.Equal((TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(15)), (recorder.MinDuration, recorder.MaxDuration!.Value));
        Assert.Equal((1_000_000, 80), (recorder.MaxSize!.Value, recorder.HighPass!.Value));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(0.05)), (recorder.LimitWarning, recorder.ProgressInterval));
        Assert.Equal((TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(10)), (recorder.BarInterval, recorder.DeviceTimeout));
        Assert.Equal(TimeSpan.FromSeconds(10), recorder.BufferDuration);
        Assert.NotNull(recorder.AutomaticGain);
        Assert.Same(clock, recorder.Clock);

        var player = provider.GetRequiredService<VoicePlayerOptions>();
        Assert.Equal((TimeSpan.FromSeconds(0.04), TimeSpan.FromSeconds(10)), (player.ProgressInterval, player.StartTimeout));
        Assert.Equal(-50, player.SilenceThreshold);
        Assert.Same(clock, player.Clock);

        var import = provider.GetRequiredService<VoiceImportOptions>();
        Assert.Same(encoding, import.Encoding);
        Assert.Equal((true, true, true), (import.ForceEncoding, import.TrimSilence, import.RefuseLonger));
        Assert.Equal((-20, 12, -3), (import.TargetLoudness!.Value, import.MaxGain, import.PeakLimit));
        Assert.Equal((TimeSpan.FromMinutes(5), 100, 1_000_000), (import.MaxLength!.Value, import.Bars, import.MaxInputSize));

        var store = provider.GetRequiredService<VoiceMessageStoreOptions>();
        Assert.Equal((VoiceStoreDurability.ProcessEnd, 1_000_000), (store.Durability, store.MaxMessageSize));
        Assert.Equal(TimeSpan.FromSeconds(1), store.ChangeDelay);
        Assert.Same(clock, store.Clock);
    }

    [Fact]
    public void Without_settings_the_options_are_the_librarys_defaults()
    {
        using var provider = Services.Build(_ => { });
        Assert.Equal(new VoiceEncodingOptions().Encoder, provider.GetRequiredService<VoiceEncodingOptions>().Encoder);
        Assert.Same(VoiceDrafts.Default, provider.GetRequiredService<VoiceRecorderOptions>().Drafts);
        AssertAlike(new VoiceRecorderOptions(), provider.GetRequiredService<VoiceRecorderOptions>());
        AssertAlike(new VoicePlayerOptions(), provider.GetRequiredService<VoicePlayerOptions>());
        AssertAlike(new VoiceImportOptions(), provider.GetRequiredService<VoiceImportOptions>());
        AssertAlike(new VoiceMessageStoreOptions(), provider.GetRequiredService<VoiceMessageStoreOptions>());
    }

    [Fact]
    public void What_code_sets_counts_more_than_the_configuration()
    {
        var configuration = Services.Configuration(("Encoding:Bitrate", "16000"), ("Encoding:Complexity", "3"));
        using var provider = new ServiceCollection()
            .AddVoiceKit(configuration, b => b.Configure(options => options.Encoding.Bitrate = 32_000))
            .Build();
        var encoder = provider.GetRequiredService<VoiceEncodingOptions>().Encoder;
        Assert.Equal((32_000, 3), (encoder.Bitrate, encoder.Complexity));
    }

    [Fact]
    public async Task Imports_follow_the_settings_where_a_call_does_not_say_otherwise()
    {
        using var provider = new ServiceCollection()
            .AddVoiceKit(Services.Configuration(("Import:MaxLength", "00:00:01"), ("Encoding:Bitrate", "8000")), b => b.UseLibOpus())
            .Build();
        using var wav = new MemoryStream();
        using (var writer = new Audio.WavWriter(wav, new Audio.AudioFormat(48_000, 1), leaveOpen: true))
            writer.Write(Signals.Voice(96_000));
        wav.Position = 0;
        var importer = provider.GetRequiredService<IVoiceImporter>();
        var message = await importer.ImportAsync(wav);
        Assert.Equal(TimeSpan.FromSeconds(1), message.Duration);
        Assert.InRange(message.Info.Bitrate, 4000, 12_000);
        wav.Position = 0;
        Assert.Equal(TimeSpan.FromSeconds(2), (await importer.ImportAsync(wav, new VoiceImportOptions())).Duration);
    }

    private static ServiceProvider Bound(params (string Key, string? Value)[] values) =>
        new ServiceCollection().AddVoiceKit(Services.Configuration(values)).Build();

    private static void AssertAlike<T>(T expected, T actual)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.PropertyType.IsValueType))
            Assert.Equal((property.Name, property.GetValue(expected)), (property.Name, property.GetValue(actual)));
    }

    private sealed class StoppedClock : TimeProvider;
}
