using VoiceKit.Audio;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own source of PCM.</summary>
internal sealed class OwnTone(int frames) : IAudioReader
{
    private int _given;

    public AudioFormat Format { get; } = new(44_100, 2);

    public long? FrameCount => frames;

    public int Read(Span<float> buffer)
    {
        var count = Math.Min(buffer.Length / 2, frames - _given);
        for (var frame = 0; frame < count; frame++)
            buffer.Slice(2 * frame, 2).Fill((float)(0.4 * Math.Sin(2 * Math.PI * 500 * (_given + frame) / 44_100)));
        _given += count;
        return 2 * count;
    }

    public void Dispose()
    {
    }
}
