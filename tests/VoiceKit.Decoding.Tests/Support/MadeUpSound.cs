using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>
/// Knows whether sound that a decoder makes up is less than 80 ms away: of a lost packet, of a frame that was not sent, and,
/// where SILK and CELT follow one another, the 5 ms that may smooth the change (RFC 6716 §4.5.3). There rounding may choose
/// another pitch to go on with.
/// </summary>
internal sealed class MadeUpSound(int sampleRate)
{
    private readonly int _near = sampleRate * 8 / 100;
    private int _since = int.MaxValue;
    private int _sinceInCelt = int.MaxValue;
    private bool? _wasCelt;

    /// <summary>Something was made up just before the next packet.</summary>
    public void Begin() => _since = _sinceInCelt = 0;

    /// <summary>
    /// Whether CELT has decoded less than 80 ms since something was made up: while SILK decodes alone, CELT does not go on.
    /// </summary>
    public bool IsNearInCelt => _sinceInCelt < _near;

    /// <summary>Whether a packet has made-up sound itself, or begins less than 80 ms after some.</summary>
    public bool IsNear(ReadOnlySpan<byte> data)
    {
        var packet = OpusPacket.Parse(data);
        if (MakesUp(packet))
            Begin();
        var hasCelt = packet.Toc.Mode != OpusMode.Silk;
        var isNear = _since < _near || (hasCelt && IsNearInCelt);
        var duration = packet.Duration / (OpusRates.Full / sampleRate);
        if (_since < _near)
            _since += duration;
        if (hasCelt && IsNearInCelt)
            _sinceInCelt += duration;
        return isNear;
    }

    /// <summary>What came before is forgotten, as by a decoder that is reset.</summary>
    public void Reset() => (_since, _sinceInCelt, _wasCelt) = (int.MaxValue, int.MaxValue, null);

    // A frame that was not sent is made up in the mode of the one before.
    private bool MakesUp(OpusPacket packet)
    {
        var (hasSent, hasUnsent) = (false, false);
        for (var i = 0; i < packet.FrameCount; i++)
        {
            var isSent = packet.GetFrame(i).Length > 1;
            (hasSent, hasUnsent) = (hasSent || isSent, hasUnsent || !isSent);
        }

        return (hasSent && ChangesMode(packet.Toc.Mode == OpusMode.Celt)) || hasUnsent;
    }

    private bool ChangesMode(bool isCelt)
    {
        var isChange = _wasCelt is { } was && was != isCelt;
        _wasCelt = isCelt;
        return isChange;
    }
}
