using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
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
        { "Encoding:ExpectedPacketLoss", "10", "101" },
        { "Encoding:MaxBandwidth", "Wideband", "77" },
        { "Encoding:Signal", "Voice", "speech" },
        { "Encoding:Bitrate", "32000", "many" },
        { "Encoding:UseDtx", "true", "yes" },
        { "Encoding:UseInBandFec", "true", "1" },
        { "Encoding:PredictionDisabled", "true", "no" },
        { "Recording:KeepDrafts", "false", "never" },
        { "Recording:AutomaticGain", "true", "some" },
        { "Recording:AutomaticGain:TargetLevel", "-18", "3" },
        { "Recording:AutomaticGain:MinGain", "-6", "3" },
        { "Recording:AutomaticGain:MaxGain", "12", "-3" },
        { "Recording:AutomaticGain:Ceiling", "-3", "loud" },
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
        { "Playback:ReadTimeout", "00:00:10", "soon" },
        { "Playback:SilenceThreshold", "-50", "5" },
        { "Import:ForceEncoding", "true", "always" },
        { "Import:TrimSilence", "true", "both" },
        { "Import:StripTags", "true", "some" },
        { "Import:TargetLoudness", "-20", "3" },
        { "Import:MaxGain", "12", "100" },
        { "Import:PeakLimit", "-3", "3" },
        { "Import:MaxDuration", "00:05:00", "00:00:00" },
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
        {
            var options = provider.GetRequiredService<IOptions<VoiceKitOptions>>().Value;
            Assert.NotEqual(All(new VoiceKitOptions()), All(options));
        }

        using var bad = Bound((key, wrong));
        var refusal = Assert.Throws<OptionsValidationException>(() => bad.GetRequiredService<VoiceEncodingOptions>());
        var failure = Assert.Single(refusal.Failures);
        Assert.StartsWith(key + " is ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
    }

    /// <summary>An option that the library gets later must get a key too, and a row above.</summary>
    [Fact]
    public void Every_option_of_the_library_can_be_set_by_a_configuration()
    {
        // An encoder's rate and channels are those of the encoding; a serial number is for one message; the rest is not for Ogg.
        string[] others =
        [
            "Encoding:Serial", "Encoding:MaxClusterDuration", "Encoding:FragmentDuration",
        ];
        string[] more =
        [
            "Encoding:Profile", "Recording:DraftFolder", "Recording:KeepDrafts", "Recording:AutomaticGain", "Store:Folder",
        ];
        string[] withoutRange = ["Encoding:Vendor", "Import:RefuseLonger"];
        var options = NamesOf<VoiceEncodingOptions>("Encoding").Union(NamesOf<OpusEncoderOptions>("Encoding"))
            .Union(NamesOf<OpusWriterOptions>("Encoding"))
            .Union(NamesOf<VoiceRecorderOptions>("Recording"))
            .Union(NamesOf<AutomaticGainOptions>("Recording:AutomaticGain"))
            .Union(NamesOf<VoicePlayerOptions>("Playback"))
            .Union(NamesOf<VoiceImportOptions>("Import"))
            .Union(NamesOf<VoiceMessageStoreOptions>("Store"))
            .Except(others).Except(withoutRange).Union(more);
        var tested = Keys.Select(row => row.Data.Item1).Distinct();
        Assert.Equal(options.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_and_when_a_host_starts()
    {
        using var provider = Bound(("Encoding:Bitrate", "1"), ("Store:Folder", ""), ("Import:RefuseLonger", "true"));
        var refusal = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(3, refusal.Failures.Count());
        Assert.Contains("500", refusal.Failures.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_become_the_librarys_own_options()
    {
        var clock = new StoppedClock();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddVoiceKit(Services.Configuration(
            [.. Keys.GroupBy(row => row.Data.Item1).Select(rows => (rows.Key, (string?)rows.First().Data.Item2)),
                ("Encoding:Vendor", "My app"), ("Import:RefuseLonger", "true")]));
        using var provider = services.Build();

        var encoding = provider.GetRequiredService<VoiceEncodingOptions>();
        Assert.Equal((16_000, 2, 2), (encoding.SampleRate, encoding.Channels, encoding.MaxDegreeOfParallelism));
        Assert.Equal((TimeSpan.FromSeconds(0.2), "My app"), (encoding.Container.MaxPageDuration, encoding.Vendor));
        Assert.Equal(
            VoiceProfile.Telegram.ToEncodingOptions().Encoder with
            {
                Application = OpusApplication.Audio,
                Bitrate = 16_000,
                BitrateMode = OpusBitrateMode.Constant,
                Complexity = 5,
                PacketDuration = TimeSpan.FromMilliseconds(60),
                ExpectedPacketLoss = 10,
                MaxBandwidth = OpusBandwidth.Wideband,
                Signal = OpusSignal.Voice,
                UseDtx = true,
                UseInBandFec = true,
                PredictionDisabled = true,
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
        Assert.Equal(
            new AutomaticGainOptions { TargetLevel = -18, MinGain = -6, MaxGain = 12, Ceiling = -3 }, recorder.AutomaticGain);
        Assert.Same(clock, recorder.Clock);

        var player = provider.GetRequiredService<VoicePlayerOptions>();
        Assert.Equal((TimeSpan.FromSeconds(0.04), TimeSpan.FromSeconds(10)), (player.ProgressInterval, player.StartTimeout));
        Assert.Equal((-50, TimeSpan.FromSeconds(10)), (player.SilenceThreshold, player.ReadTimeout));
        Assert.Same(clock, player.Clock);

        var import = provider.GetRequiredService<VoiceImportOptions>();
        Assert.Same(encoding, import.Encoding);
        Assert.Equal(
            (true, true, true, true), (import.ForceEncoding, import.TrimSilence, import.StripTags, import.RefuseLonger));
        Assert.Equal((-20, 12, -3), (import.TargetLoudness!.Value, import.MaxGain, import.PeakLimit));
        Assert.Equal((TimeSpan.FromMinutes(5), 100, 1_000_000), (import.MaxDuration!.Value, import.Bars, import.MaxInputSize));

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
            .AddVoiceKit(configuration, b => b.Configure(options =>
                options.Encoding = options.Encoding with { Encoder = options.Encoding.Encoder with { Bitrate = 32_000 } }))
            .Build();
        var encoder = provider.GetRequiredService<VoiceEncodingOptions>().Encoder;
        Assert.Equal((32_000, 3), (encoder.Bitrate, encoder.Complexity));
    }

    [Fact]
    public async Task Imports_follow_the_settings_where_a_call_does_not_say_otherwise()
    {
        using var provider = new ServiceCollection()
            .AddVoiceKit(
                Services.Configuration(("Import:MaxDuration", "00:00:01"), ("Encoding:Bitrate", "8000")), b => b.UseLibOpus())
            .Build();
        using var wav = new MemoryStream();
        using (var writer = new WavWriter(wav, new AudioFormat(48_000, 1), leaveOpen: true))
            writer.Write(Signals.Voice(96_000));
        wav.Position = 0;
        var importer = provider.GetRequiredService<IVoiceImporter>();
        var message = await importer.ImportAsync(wav);
        Assert.Equal(TimeSpan.FromSeconds(1), message.Duration);
        Assert.InRange(message.Info.Bitrate, 4000, 12_000);
        wav.Position = 0;
        Assert.Equal(TimeSpan.FromSeconds(2), (await importer.ImportAsync(wav, new VoiceImportOptions())).Duration);
    }

    [Fact]
    public void Recording_and_importing_may_encode_in_a_way_of_their_own()
    {
        var own = new VoiceEncodingOptions { Channels = 2 };
        using var provider = Services.Build(b => b.Configure(options =>
        {
            options.Encoding = VoiceProfile.Telegram.ToEncodingOptions();
            options.Import = options.Import with { Encoding = own };
        }));
        Assert.Same(own, provider.GetRequiredService<VoiceImportOptions>().Encoding);
        Assert.Equal(
            VoiceProfile.Telegram.ToEncodingOptions().Encoder,
            provider.GetRequiredService<VoiceRecorderOptions>().Encoding.Encoder);
    }

    private static object All(VoiceKitOptions options) => (
        options.Encoding,
        options.Recording,
        options.Playback,
        options.Import,
        options.Store,
        options.DraftFolder,
        options.StoreFolder);

    private static IEnumerable<string> NamesOf<T>(string section) => typeof(T).GetProperties()
        .Where(
            property => property.CanWrite && IsText(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType))
        .Select(property => $"{section}:{property.Name}");

    private static bool IsText(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    private static ServiceProvider Bound(params (string Key, string? Value)[] values) =>
        new ServiceCollection().AddVoiceKit(Services.Configuration(values)).Build();

    private static void AssertAlike<T>(T expected, T actual)
    {
        foreach (var property in typeof(T).GetProperties().Where(property => property.PropertyType.IsValueType))
            Assert.Equal((property.Name, property.GetValue(expected)), (property.Name, property.GetValue(actual)));
    }

    private sealed class StoppedClock : TimeProvider;
}
