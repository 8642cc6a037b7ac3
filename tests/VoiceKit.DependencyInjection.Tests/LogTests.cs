using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.DependencyInjection.Tests;

public class LogTests
{
    private const string Secret = "/home/anna/confession.m4a";

    private static readonly AudioDeviceException Unplugged = new($"Gone: {Secret}", "mic", AudioDeviceFault.Removed);

    private readonly LogBook _log = new();
    private readonly FakeAudioDevices _devices = new();

    [Fact]
    public async Task A_microphone_that_fails_is_logged()
    {
        await using var provider = Build();
        await using var recorder = await provider.GetRequiredService<IVoiceRecorderFactory>().CreateAsync();
        await recorder.StartAsync();
        _devices.Input.Hear(Signals.Voice(9600), 960);
        _devices.Input.Break(Unplugged);
        await ExpectAsync("VoiceKit.Recording", LogLevel.Warning, 1, "Removed", Unplugged);
    }

    [Fact]
    public async Task A_codec_that_fails_ends_a_recording_and_is_logged()
    {
        await using var provider = Build(new BadCodec());
        await using var recorder = await provider.GetRequiredService<IVoiceRecorderFactory>().CreateAsync();
        await recorder.StartAsync();
        _devices.Input.Hear(Signals.Voice(9600), 960);
        var details = await ExpectAsync("VoiceKit.Recording", LogLevel.Error, 2, nameof(OpusCodecException));
        Assert.IsType<OpusCodecException>(details);
    }

    [Fact]
    public async Task A_speaker_that_fails_is_logged()
    {
        await using var provider = Build();
        await using var player = await provider.GetRequiredService<IVoicePlayerFactory>().CreateAsync();
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(48_000), FakeAudioDevices.Mono, LibOpus.LibOpusCodec.Default);
        await player.LoadAsync(message);
        await player.PlayAsync();
        _devices.Output.Break(Unplugged);
        await ExpectAsync("VoiceKit.Playback", LogLevel.Warning, 3, "Removed", Unplugged);
    }

    [Fact]
    public async Task A_device_that_cannot_be_opened_is_logged()
    {
        await using var provider = Build(deferred: true);
        _devices.Fault = Unplugged;
        var recorders = provider.GetRequiredService<IVoiceRecorderFactory>();
        await Assert.ThrowsAsync<AudioDeviceException>(() => recorders.CreateAsync());
        await ExpectAsync("VoiceKit.Audio", LogLevel.Warning, 5, "Removed", Unplugged);
    }

    [Fact]
    public async Task An_import_that_fails_is_logged_and_one_that_is_cancelled_is_not()
    {
        await using var provider = Build();
        var importer = provider.GetRequiredService<IVoiceImporter>();
        using var cancelled = new CancellationTokenSource();
        using var wav = new MemoryStream();
        using (var writer = new WavWriter(wav, FakeAudioDevices.Mono, leaveOpen: true))
            writer.Write(Signals.Voice(96_000));
        wav.Position = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => importer.ImportAsync(wav, null, new Canceller(cancelled), cancelled.Token));
        Assert.Empty(_log.Entries);
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => importer.ImportAsync("/no/such" + Secret));
        var details = await ExpectAsync("VoiceKit.Importing", LogLevel.Warning, 6, nameof(DirectoryNotFoundException));
        Assert.Contains(Secret, details.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_is_logged()
    {
        using var folder = new TemporaryFolder();
        await using var provider = Build(folder: folder["store"]);
        var store = provider.GetRequiredService<IVoiceMessageStore>();
        Directory.Delete(folder["store"], recursive: true);
        await File.WriteAllTextAsync(folder["store"], "no folder");
        await Assert.ThrowsAnyAsync<IOException>(() => store.ListAsync().ToListAsync().AsTask());
        await ExpectAsync("VoiceKit.Storage", LogLevel.Error, 7, "Exception");
    }

    [Fact]
    public async Task Without_a_log_the_services_work_as_well()
    {
        await using var provider = Services.Build(b => b.UseLibOpus().UseAudioDevices(_devices));
        var importer = provider.GetRequiredService<IVoiceImporter>();
        await Assert.ThrowsAsync<VoiceFormatException>(() => importer.ImportAsync(new MemoryStream([1, 2, 3])));
    }

    // What is above Debug names nothing; the exception is in what comes with it.
    private async Task<Exception> ExpectAsync(string category, LogLevel level, int id, string says, Exception? exception = null)
    {
        var entries = await _log.WaitForAsync(2);
        Assert.Equal(
            [(category, level, id), (category, LogLevel.Debug, 100)],
            entries.Select(entry => (entry.Category, entry.Level, entry.Id)));
        Assert.Contains(says, entries[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, entries[0].Text, StringComparison.Ordinal);
        Assert.Null(entries[0].Exception);
        Assert.NotNull(entries[1].Exception);
        if (exception is not null)
            Assert.Same(exception, entries[1].Exception);
        return entries[1].Exception!;
    }

    private ServiceProvider Build(
        IOpusCodec? codec = null, bool deferred = false, string? folder = null) => new ServiceCollection()
        .AddSingleton<ILoggerFactory>(_log)
        .AddVoiceKit(b =>
        {
            b.UseLibOpus().UseAudioDevices(_devices).Configure(options =>
            {
                options.Recording = options.Recording with { Drafts = null, DeviceTimeout = TimeSpan.FromMinutes(2) };
                options.StoreFolder = folder;
            });
            if (codec is not null)
                b.UseCodec(codec);
            if (deferred)
                b.UseAudioDevices((_, _) => new(_devices));
        })
        .Build();

    /// <summary>A codec whose encoder fails at each packet.</summary>
    private sealed class BadCodec : IOpusCodec
    {
        public string Name => "bad";

        public IOpusEncoder CreateEncoder(OpusEncoderOptions options) =>
            new BadEncoder(LibOpus.LibOpusCodec.Default.CreateEncoder(options));

        public IOpusDecoder CreateDecoder(int sampleRate, int channels) => throw new NotSupportedException();
    }

    private sealed class BadEncoder(IOpusEncoder inner) : IOpusEncoder
    {
        public int SampleRate => inner.SampleRate;

        public int Channels => inner.Channels;

        public int FrameSize => inner.FrameSize;

        public int Lookahead => inner.Lookahead;

        public int? Bitrate { get; set; }

        public bool PredictionDisabled { get; set; }

        public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet) => throw new OpusCodecException("It won't.", "bad", -3);

        public void Reset()
        {
        }

        public void Dispose() => inner.Dispose();
    }

    /// <summary>Cancels an import as soon as something is done.</summary>
    private sealed class Canceller(CancellationTokenSource cancellation) : IProgress<VoiceImportProgress>
    {
        public void Report(VoiceImportProgress value) => cancellation.Cancel();
    }
}
