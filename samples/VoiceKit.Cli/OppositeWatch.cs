using VoiceKit.Audio;

namespace VoiceKit.Cli;

/// <summary>
/// Passes stereo on and notices channels that are opposite to one another, of which the encoder takes the louder one for mono.
/// </summary>
internal sealed class OppositeWatch(IAudioReader inner) : IAudioReader
{
    // The power of the mean over that of the channels, and −60 dBFS, over stretches of 100 ms.
    private const double Opposite = 0.01;
    private const double Silence = 1e-6;

    private double _mean;
    private double _channels;
    private int _frames;

    public AudioFormat Format => inner.Format;

    public long? FrameCount => inner.FrameCount;

    /// <summary>Whether such channels were found.</summary>
    public bool IsFound { get; private set; }

    public int Read(Span<float> buffer)
    {
        var count = inner.Read(buffer);
        for (var i = 0; i < count; i += 2)
            Listen(buffer[i], buffer[i + 1]);
        return count;
    }

    public void Dispose() => inner.Dispose();

    private void Listen(float left, float right)
    {
        var mean = (left + right) / 2.0;
        _mean += mean * mean;
        _channels += ((double)left * left + (double)right * right) / 2;
        if (++_frames < Format.SampleRate / 10)
            return;
        IsFound |= _channels / _frames > Silence && _mean < Opposite * _channels;
        (_mean, _channels, _frames) = (0, 0, 0);
    }
}
