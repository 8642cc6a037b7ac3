using NAudio.Wave;
using VoiceKit.Audio;

namespace VoiceKit.NAudio;

/// <summary>A sample provider of NAudio as a reader.</summary>
internal sealed class SampleProviderReader : IAudioReader
{
    private readonly ISampleProvider _provider;
    private readonly bool _leaveOpen;
    private bool _isDisposed;

    public SampleProviderReader(ISampleProvider provider, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(provider);
        _provider = provider;
        _leaveOpen = leaveOpen;
        Format = provider.WaveFormat.ToAudioFormat();
    }

    public AudioFormat Format { get; }

    /// <summary>Null: a provider does not say how long it is.</summary>
    public long? FrameCount => null;

    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer is smaller than one frame.", nameof(buffer));

        // A provider may stop within a frame; the rest of it comes with the next read, or never.
        var room = buffer[..(buffer.Length - buffer.Length % Format.Channels)];
        var given = 0;
        int count;
        do
        {
            count = _provider.Read(room[given..]);
            given += count;
        }
        while (count > 0 && given % Format.Channels != 0);
        return given - given % Format.Channels;
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_leaveOpen)
            (_provider as IDisposable)?.Dispose();
    }
}
