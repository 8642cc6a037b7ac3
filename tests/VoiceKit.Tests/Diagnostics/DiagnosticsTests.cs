using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Diagnostics;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Tests.Playback;
using VoiceKit.Tests.Recording;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Diagnostics;

// Alone: what other tests do at the same time would be measured too.
[Collection("measured")]
public class DiagnosticsTests
{
    private const string Done = "[outcome, success]";
    private const string Cancelled = "[outcome, canceled]";

    private static readonly AudioFormat Mono = new(48_000, 1);
    private static readonly AudioDeviceException Unplugged = new("Anna's headset is gone.", "mic", AudioDeviceFault.Removed);

    [Fact]
    public void Encoding_is_measured_and_traced()
    {
        using var watch = new Watch();
        Encode(Signals.Voice(72_000));
        AssertIs(watch.One("voicekit.encode.duration"), typeof(Histogram<>), "s", Done);
        Assert.InRange(watch.One("voicekit.encode.duration").Value, double.Epsilon, 60);
        AssertIs(watch.One("voicekit.encode.audio"), typeof(Counter<>), "s", "");
        Assert.Equal(1.5, watch.One("voicekit.encode.audio").Value);
        AssertIs(Assert.Single(watch.Traced), "voicekit.encode", ActivityStatusCode.Unset, Done);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void Encoding_that_fails_or_is_cancelled_is_counted_as_such(int? degree)
    {
        using var watch = new Watch();
        var options = new VoiceEncodingOptions { MaxDegreeOfParallelism = degree };
        Assert.Throws<IOException>(() => Encode(Signals.Voice(48_000), options, new FullStream()));
        const string Failed = "[outcome, failure] [error.type, System.IO.IOException]";
        Assert.Equal(Failed, watch.One("voicekit.encode.duration").Tags);
        Assert.Empty(watch.Of("voicekit.encode.audio"));
        AssertIs(Assert.Single(watch.Traced), "voicekit.encode", ActivityStatusCode.Error, Failed);

        Assert.ThrowsAny<OperationCanceledException>(
            () => Encode(Signals.Voice(48_000), options, null, new CancellationToken(true)));
        Assert.Equal([Failed, Cancelled], watch.Of("voicekit.encode.duration").Select(measured => measured.Tags));
        AssertIs(watch.Traced[1], "voicekit.encode", ActivityStatusCode.Unset, Cancelled);
    }

    [Fact]
    public async Task Decoding_is_measured_by_what_it_is_for()
    {
        using var folder = new TemporaryFolder();
        var message = VoiceMessage.FromBytes(Pcm.Encode(Signals.Voice(60_000), Mono));
        using var watch = new Watch();
        await message.SaveWavAsync(folder["a.wav"], LibOpusCodec.Default);
        await message.GetWaveformAsync(LibOpusCodec.Default);
        Assert.Equal(
            [("voicekit.decode.audio", 1.25, "[target, wav]"), ("voicekit.decode.audio", 1.25, "[target, waveform]")],
            watch.Of("voicekit.decode.audio").Select(measured => (measured.Name, measured.Value, measured.Tags)));
        AssertIs(watch.Of("voicekit.decode.audio")[0], typeof(Counter<>), "s", "[target, wav]");
        AssertIs(watch.Of("voicekit.decode.duration")[0], typeof(Histogram<>), "s", "[target, wav] " + Done);
        AssertIs(watch.Of("voicekit.decode.duration")[1], typeof(Histogram<>), "s", "[target, waveform] " + Done);
        AssertIs(watch.Traced[0], "voicekit.decode", ActivityStatusCode.Unset, "[target, wav] " + Done);
        AssertIs(watch.Traced[1], "voicekit.decode", ActivityStatusCode.Unset, "[target, waveform] " + Done);
    }

    [Fact]
    public async Task Decoding_that_fails_or_is_cancelled_is_counted_as_such()
    {
        using var folder = new TemporaryFolder();
        var file = Pcm.Encode(Signals.Voice(60_000), Mono);
        using var watch = new Watch();
        Assert.Throws<VoiceFormatException>(() => Waveform.FromOpus(new MemoryStream([1, 2, 3]), 10));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => VoiceMessage.FromBytes(file).SaveWavAsync(folder["no/such/folder.wav"], LibOpusCodec.Default));
        Assert.ThrowsAny<OperationCanceledException>(() => Waveform.FromOpus(
            new MemoryStream(file), 10, cancellationToken: new CancellationToken(true)));
        Assert.Equal(
            [
                "[target, waveform] [outcome, failure] [error.type, VoiceKit.VoiceFormatException]",
                "[target, wav] [outcome, failure] [error.type, System.IO.DirectoryNotFoundException]",
                "[target, waveform] " + Cancelled,
            ],
            watch.Of("voicekit.decode.duration").Select(measured => measured.Tags));
        Assert.Empty(watch.Of("voicekit.decode.audio"));
        Assert.Equal(
            [ActivityStatusCode.Error, ActivityStatusCode.Error, ActivityStatusCode.Unset],
            watch.Traced.Select(activity => activity.Status));
    }

    [Fact]
    public async Task Imports_are_counted_and_the_encoding_in_them_is_traced_within()
    {
        var wav = Wav(Signals.Voice(24_000));
        var importer = new VoiceImporter(LibOpusCodec.Default);
        using var watch = new Watch();
        await importer.ImportAsync(new MemoryStream(wav));
        await importer.PreviewAsync(new MemoryStream(wav));
        AssertIs(watch.One("voicekit.import.count"), typeof(Counter<>), "{import}", Done);
        Assert.Equal(1, watch.One("voicekit.import.count").Value);
        AssertIs(watch.One("voicekit.import.duration"), typeof(Histogram<>), "s", Done);
        Assert.Equal(0.5, watch.One("voicekit.encode.audio").Value);
        Assert.Equal(["voicekit.encode", "voicekit.import"], watch.Traced.Select(activity => activity.OperationName));
        Assert.Equal(watch.Traced[1].SpanId, watch.Traced[0].ParentSpanId);
    }

    [Fact]
    public async Task Imports_that_fail_or_are_cancelled_are_counted_as_such()
    {
        var importer = new VoiceImporter(LibOpusCodec.Default);
        using var watch = new Watch();
        await Assert.ThrowsAsync<VoiceFormatException>(() => importer.ImportAsync(new MemoryStream([1, 2, 3])));
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => importer.ImportAsync(
            new MemoryStream(Wav(Signals.Voice(96_000))), null, new Canceller(cancellation), cancellation.Token));
        const string Failed = "[outcome, failure] [error.type, VoiceKit.VoiceFormatException]";
        Assert.Equal([Failed, Cancelled], watch.Of("voicekit.import.count").Select(measured => measured.Tags));
        Assert.Equal([Failed, Cancelled], watch.Of("voicekit.import.duration").Select(measured => measured.Tags));
        AssertIs(watch.Traced[0], "voicekit.import", ActivityStatusCode.Error, Failed);
        AssertIs(watch.Traced[^1], "voicekit.import", ActivityStatusCode.Unset, Cancelled);
    }

    [Fact]
    public async Task A_microphone_that_fails_is_counted_and_a_recording_that_does_not_is_not()
    {
        using var watch = new Watch();
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(60_000), 960);
        await recorder.PauseAsync();
        await recorder.ResumeAsync();
        Assert.Empty(watch.Of("voicekit.device.faults"));
        await recorder.NextChangeAsync(() => input.Break(Unplugged));
        const string Removed = "[direction, input] [error.type, removed]";
        AssertIs(watch.One("voicekit.device.faults"), typeof(Counter<>), "{fault}", Removed);
        AssertIs(Assert.Single(watch.Traced), "voicekit.device.fault", ActivityStatusCode.Error, Removed);

        input.StartFault = new AudioDeviceException("No.", null, AudioDeviceFault.AccessDenied);
        await Assert.ThrowsAsync<AudioDeviceException>(() => recorder.ResumeAsync());
        Assert.Equal(
            [Removed, "[direction, input] [error.type, access_denied]"],
            watch.Of("voicekit.device.faults").Select(measured => measured.Tags));
    }

    [Fact]
    public async Task A_disk_or_a_codec_that_fails_is_no_device_that_fails()
    {
        using var watch = new Watch();
        var input = new FakeAudioInput(Mono) { StartFault = new IOException("No device's word.") };
        await using var recorder = Recorders.New(input);
        await Assert.ThrowsAsync<IOException>(() => recorder.StartAsync());
        Assert.Empty(watch.Of("voicekit.device.faults"));
    }

    [Fact]
    public async Task A_speaker_that_fails_is_counted()
    {
        await using var lab = new PlayerLab();
        using var watch = new Watch();
        await lab.PlayAsync(PlayerLab.Voice(48_000));
        lab.Output.Break(Unplugged);
        const string Removed = "[direction, output] [error.type, removed]";
        AssertIs(await watch.OneAsync("voicekit.device.faults"), typeof(Counter<>), "{fault}", Removed);
        await lab.StateAsync(PlaybackState.Faulted);

        lab.Output.StartFault = new AudioDeviceException("No.", null, AudioDeviceFault.NotFound);
        await Assert.ThrowsAsync<AudioDeviceException>(() => lab.Player.PlayAsync());
        Assert.Equal(
            [Removed, "[direction, output] [error.type, not_found]"],
            watch.Of("voicekit.device.faults").Select(measured => measured.Tags));
    }

    [Fact]
    public void Every_kind_of_fault_has_a_name_of_its_own_in_snake_case()
    {
        using var watch = new Watch();
        var faults = Enum.GetValues<AudioDeviceFault>();
        foreach (var fault in faults)
            Instruments.CountInputFault(new AudioDeviceException("", null, fault));
        Assert.Equal(
            faults.Select(fault => $"[direction, input] [error.type, {JsonNamingPolicy.SnakeCaseLower.ConvertName($"{fault}")}]"),
            watch.Of("voicekit.device.faults").Select(measured => measured.Tags));
    }

    [Fact]
    public void Nothing_is_allocated_while_nobody_listens()
    {
        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Measure();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Measure()
        {
            for (var i = 0; i < 100; i++)
            {
                Instruments.Encode.Begin().Succeed(TimeSpan.FromSeconds(1));
                Instruments.Decode.Begin("wav").Fail(Unplugged);
                Instruments.CountOutputFault(Unplugged);
            }
        }
    }

    [Fact]
    public void Names_follow_the_conventions_and_are_the_public_ones()
    {
        var names = typeof(VoiceKitDiagnostics).GetFields().Select(field => (string)field.GetValue(null)!);
        Assert.All(names, name => Assert.Matches("^(VoiceKit|[a-z]+([._][a-z]+)*)$", name));
        Assert.Equal(("VoiceKit", "VoiceKit"), (VoiceKitDiagnostics.MeterName, VoiceKitDiagnostics.ActivitySourceName));
    }

    private static TimeSpan Encode(
        float[] pcm,
        VoiceEncodingOptions? options = null,
        Stream? output = null,
        CancellationToken cancellationToken = default) =>
        new VoiceEncoder(LibOpusCodec.Default).Encode(
            new PcmReader(pcm, Mono), output ?? new MemoryStream(), options, null, cancellationToken);

    private static byte[] Wav(float[] pcm)
    {
        using var wav = new MemoryStream();
        using (var writer = new WavWriter(wav, Mono, leaveOpen: true))
            writer.Write(pcm);
        return wav.ToArray();
    }

    private static void AssertIs(Watch.Measured measured, Type kind, string unit, string tags) =>
        Assert.Equal((kind, unit, tags), (measured.Kind, measured.Unit, measured.Tags));

    private static void AssertIs(Activity activity, string name, ActivityStatusCode status, string tags)
    {
        Assert.Equal((name, status, tags), (activity.OperationName, activity.Status, string.Join(' ', activity.TagObjects)));
        Assert.Null(activity.StatusDescription);
    }

    private sealed class Canceller(CancellationTokenSource cancellation) : IProgress<VoiceImportProgress>
    {
        public void Report(VoiceImportProgress value) => cancellation.Cancel();
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("The disk is full.");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("The disk is full.");
    }
}

/// <summary>Tests that nothing else may run beside.</summary>
[CollectionDefinition("measured", DisableParallelization = true)]
public class MeasuredCollection;
