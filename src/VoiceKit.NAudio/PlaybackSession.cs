using VoiceKit.Audio;

namespace VoiceKit.NAudio;

/// <summary>A player from its start to its stop.</summary>
internal sealed class PlaybackSession(
    IAudioOutputSource source, WaveCoding coding, int channels, string? name) : DeviceSession(name)
{
    private const int BlockFrames = 1024;

    private readonly float[] _block = new float[BlockFrames * channels];
    private readonly byte[] _begun = new byte[coding.BytesPerSample() * channels];
    private int _begunBytes;
    private volatile bool _sourceHasEnded;

    /// <summary>Whether the source has given all that it had.</summary>
    public bool SourceHasEnded => _sourceHasEnded;

    protected override bool HasEnded => _sourceHasEnded;

    /// <summary>
    /// Gives the player as many bytes as it asks for, which may end within a frame; fewer at the end, and none after it.
    /// </summary>
    public int Read(Span<byte> buffer)
    {
        lock (Gate)
        {
            if (IsOver)
                return 0;
            try
            {
                EnterApp();
                return Fill(buffer);
            }
            catch (Exception exception)
            {
                FailByApp(exception);
                return 0;
            }
            finally
            {
                LeaveApp();
            }
        }
    }

    protected override void TellEnd() => source.OnEnded();

    protected override void TellFault(AudioDeviceException reason) => source.OnFault(reason);

    private int Fill(Span<byte> buffer)
    {
        var frameBytes = _begun.Length;
        var given = TakeBegun(buffer);
        while (buffer.Length - given >= frameBytes)
        {
            var count = Pull(Math.Min((buffer.Length - given) / frameBytes, BlockFrames));
            if (count == 0)
                break;
            coding.Encode(_block.AsSpan(0, count * channels), buffer[given..]);
            given += count * frameBytes;
        }

        if (given < buffer.Length && buffer.Length - given < frameBytes && Pull(1) > 0)
        {
            coding.Encode(_block.AsSpan(0, channels), _begun);
            _begunBytes = frameBytes;
            given += TakeBegun(buffer[given..]);
        }

        return given;
    }

    private int TakeBegun(Span<byte> buffer)
    {
        var count = Math.Min(_begunBytes, buffer.Length);
        _begun.AsSpan(_begun.Length - _begunBytes, count).CopyTo(buffer);
        _begunBytes -= count;
        return count;
    }

    private int Pull(int frames)
    {
        if (_sourceHasEnded || IsOver)
            return 0;
        var wanted = frames * channels;
        var count = source.Read(_block.AsSpan(0, wanted));
        if (count < 0 || count > wanted || count % channels != 0)
        {
            throw new InvalidOperationException(
                $"The source says it gave {count} floats where {frames} × {channels} were asked for.");
        }

        _sourceHasEnded = count < wanted;
        return IsOver ? 0 : count / channels;
    }
}
