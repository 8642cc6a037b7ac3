using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;

namespace VoiceKit.Benchmarks;

/// <summary>
/// 10 s of a microphone to the draft on the disk, in blocks of 20 ms: ring, conversion, level, bars, encoder, pages. Against the
/// native encoder alone.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class RecordBenchmarks
{
    private const int Seconds = 10;
    private const int BlocksPerSecond = 50;

    private readonly EncodeBenchmarks _encode = new();
    private readonly VoiceDrafts _drafts = new(Path.Combine(Path.GetTempPath(), $"voicekit-benchmark-{Environment.ProcessId}"));
    private float[] _pcm = [];
    private float[] _stereo = [];

    [GlobalSetup]
    public void Setup()
    {
        _encode.Setup();
        _pcm = Speech.MakePcm(Seconds);
        _stereo = new float[Seconds * 44_100 * 2];
        ChannelMixer.MixUp(_pcm.AsSpan(0, _stereo.Length / 2), _stereo);
    }

    [Benchmark(Baseline = true)]
    public int BareLibopus() => _encode.BareLibopus();

    [Benchmark]
    public TimeSpan Mono_48000() => Record(_pcm, new AudioFormat(48_000, 1), new VoiceRecorderOptions());

    [Benchmark]
    public TimeSpan Stereo_44100() => Record(_stereo, new AudioFormat(44_100, 2), new VoiceRecorderOptions());

    [Benchmark]
    public TimeSpan Mono_48000_with_high_pass_and_gain() => Record(
        _pcm,
        new AudioFormat(48_000, 1),
        new VoiceRecorderOptions { HighPass = HighPassFilter.DefaultCutoff, AutomaticGain = new AutomaticGainOptions() });

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_drafts.Folder, recursive: true);

    private TimeSpan Record(float[] samples, AudioFormat format, VoiceRecorderOptions options)
    {
        using var draft = _drafts.Create();
        using var pipeline = new RecordingPipeline(LibOpusCodec.Default, options, format, draft);
        var sink = new RecordingSink(format, options.BufferDuration);
        var block = format.SampleRate / BlocksPerSecond * format.Channels;
        for (var at = 0; at + block <= samples.Length; at += block)
        {
            sink.OnAudio(samples.AsSpan(at, block));
            sink.Drain(pipeline);
        }

        pipeline.EndInput();
        pipeline.Finish();
        draft.Delete();
        return pipeline.Elapsed;
    }
}
