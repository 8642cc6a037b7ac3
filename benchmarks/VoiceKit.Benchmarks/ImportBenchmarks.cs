using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;

namespace VoiceKit.Benchmarks;

/// <summary>
/// 10 s of 16-bit WAV to a message: as voice messages have it, and in stereo at 44.1 kHz, which is mixed and resampled.
/// Against the native encoder alone.
/// </summary>
[MemoryDiagnoser]
[RealTime(Seconds)]
public class ImportBenchmarks
{
    public const int Seconds = 10;

    private readonly EncodeBenchmarks _encode = new();
    private readonly VoiceImporter _importer = new(LibOpusCodec.Default);
    private readonly VoiceImportOptions _options = new() { Encoding = new() { Encoder = Speech.EncoderOptions } };
    private byte[] _mono = [];
    private byte[] _stereo = [];

    [GlobalSetup]
    public void Setup()
    {
        _encode.Setup();
        var pcm = Speech.MakePcm(Seconds);
        var stereo = new float[Seconds * 44_100 * 2];
        ChannelMixer.MixUp(pcm.AsSpan(0, stereo.Length / 2), stereo);
        _mono = Material.ToWav(pcm, new AudioFormat(Speech.SampleRate, 1));
        _stereo = Material.ToWav(stereo, new AudioFormat(44_100, 2));
    }

    [Benchmark(Baseline = true)]
    public int BareLibopus() => _encode.BareLibopus();

    [Benchmark]
    public VoiceMessage Mono_48000() => Import(_mono);

    [Benchmark]
    public VoiceMessage Stereo_44100() => Import(_stereo);

    private VoiceMessage Import(byte[] wav) => _importer.ImportAsync(new MemoryStream(wav), _options).GetAwaiter().GetResult();
}
