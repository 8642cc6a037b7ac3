using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>A reader over samples in memory that gives at most so many frames a read.</summary>
internal sealed class ResamplerSource(
    float[] samples, AudioFormat format, int framesPerRead = int.MaxValue, bool knowsLength = true) : IAudioReader
{
    private int _position;

    public AudioFormat Format => format;

    public long? FrameCount => knowsLength ? samples.Length / format.Channels : null;

    public bool IsDisposed { get; private set; }

    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        int frames = Math.Min(framesPerRead, buffer.Length / format.Channels);
        int count = Math.Min(frames * format.Channels, samples.Length - _position);
        samples.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public void Dispose() => IsDisposed = true;
}
