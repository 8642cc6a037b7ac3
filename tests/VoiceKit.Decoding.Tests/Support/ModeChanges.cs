using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>
/// Knows where a stream changes between SILK or hybrid and CELT. Where no redundant frame smooths the change, 5 ms are made up as
/// if a packet were lost (RFC 6716 §4.5.3): of noise, rounding may change the pitch that is gone on with there.
/// </summary>
internal sealed class ModeChanges
{
    private bool? _wasCelt;

    /// <summary>Whether a packet begins with another layer than the one before ended with; not so at the start.</summary>
    public bool IsChange(ReadOnlySpan<byte> packet)
    {
        var isCelt = new OpusToc(packet[0]).Mode == OpusMode.Celt;
        var isChange = _wasCelt is { } was && was != isCelt;
        _wasCelt = isCelt;
        return isChange;
    }

    /// <summary>Whether a frame of a packet was not sent, as in DTX: it is made up like a lost one.</summary>
    public static bool HasUnsentFrame(ReadOnlySpan<byte> data)
    {
        var packet = OpusPacket.Parse(data);
        for (var i = 0; i < packet.FrameCount; i++)
        {
            if (packet.GetFrame(i).Length <= 1)
                return true;
        }

        return false;
    }

    /// <summary>What comes before is forgotten, as by a decoder that is reset.</summary>
    public void Reset() => _wasCelt = null;

    /// <summary>How many samples of a packet behind a change are made up.</summary>
    public static int FramesAt(int sampleRate) => sampleRate / 200;
}
