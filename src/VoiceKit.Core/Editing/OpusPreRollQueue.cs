using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// The newest packets of a stream: as many as a decoder needs to be given again before it goes on where they end.
/// </summary>
internal sealed class OpusPreRollQueue
{
    private readonly OpusPacketQueue _packets = new();
    private int _duration;

    public int Count => _packets.Count;

    /// <summary>The oldest packet. Valid until packets are added or removed.</summary>
    public ReadOnlySpan<byte> First => _packets.First;

    /// <summary>How long the oldest packet is, in samples at 48 kHz.</summary>
    public int FirstDuration => _packets.FirstInfo.Duration;

    /// <summary>Adds the next packet, and forgets those that are not needed any more.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="duration">How long it is, in samples at 48 kHz.</param>
    public void Add(ReadOnlySpan<byte> packet, int duration)
    {
        _packets.Add(packet, new OpusPacketInfo(0, duration, 0, 0, 0));
        _duration += duration;
        while (_duration - FirstDuration >= OpusPreRoll.Seek)
            RemoveFirst();
    }

    public void RemoveFirst() => _duration -= _packets.RemoveFirst().Duration;

    public void Clear()
    {
        _packets.Clear();
        _duration = 0;
    }
}
