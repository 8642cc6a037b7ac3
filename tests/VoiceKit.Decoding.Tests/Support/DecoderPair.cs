using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>The managed decoder and libopus' with the same packets.</summary>
internal sealed class DecoderPair : IDisposable
{
    private readonly ManagedOpusDecoder _decoder;
    private readonly Reference _reference;
    private readonly float[] _actual;
    private readonly float[] _expected;
    private int _length;

    public DecoderPair(int sampleRate, int channels)
    {
        (SampleRate, Channels) = (sampleRate, channels);
        _decoder = new ManagedOpusDecoder(sampleRate, channels);
        _reference = new Reference(sampleRate, channels);
        MaxFrames = sampleRate / 25 * 3;
        _actual = new float[MaxFrames * channels];
        _expected = new float[MaxFrames * channels];
    }

    public int SampleRate { get; }

    public int Channels { get; }

    /// <summary>120 ms.</summary>
    public int MaxFrames { get; }

    public ReadOnlySpan<float> Actual => _actual.AsSpan(0, _length);

    public ReadOnlySpan<float> Expected => _expected.AsSpan(0, _length);

    /// <summary>The largest magnitude; NaN where a sample is no number.</summary>
    public float ActualPeak => PeakOf(Actual);

    /// <summary>The largest magnitude of libopus' samples.</summary>
    public float ExpectedPeak => PeakOf(Expected);

    public uint ActualRange => _decoder.FinalRange;

    public uint ExpectedRange => _reference.FinalRange;

    public void Decode(ReadOnlySpan<byte> packet)
    {
        var frames = _decoder.Decode(packet, _actual);
        Assert.Equal(_reference.Decode(packet, _expected.AsSpan()), frames);
        _length = frames * Channels;
    }

    /// <summary>Makes up for the time before a packet, by what is in the packet or without.</summary>
    public void Recover(ReadOnlySpan<byte> next, int frames, bool useFec)
    {
        _length = frames * Channels;
        var actual = _actual.AsSpan(0, _length);
        var expected = _expected.AsSpan(0, _length);
        Assert.Equal(frames, useFec ? _decoder.DecodeFec(next, actual) : _decoder.Conceal(actual));
        Assert.Equal(frames, useFec ? _reference.DecodeFec(next, expected) : _reference.Conceal(expected));
    }

    private static float PeakOf(ReadOnlySpan<float> samples)
    {
        var peak = 0f;
        foreach (var sample in samples)
            peak = float.IsNaN(sample) ? sample : Math.Max(peak, Math.Abs(sample));
        return peak;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _reference.Dispose();
    }
}
