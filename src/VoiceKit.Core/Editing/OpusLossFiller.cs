using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// Gives packets without data in the place of what is lost (RFC 7845 §4.1). They keep the mode, bandwidth and channels of the
/// packets around them, and their frame size as far as it goes.
/// </summary>
internal sealed class OpusLossFiller
{
    /// <summary>How long the shortest packet is, in samples at 48 kHz: 2.5 ms.</summary>
    public const int Step = 120;

    private byte[] _packet = [];
    private byte _toc;
    private bool _hasToc;

    /// <summary>How much is lost and not yet filled, in samples at 48 kHz.</summary>
    public long Missing { get; private set; }

    /// <summary>Begins a stream.</summary>
    /// <param name="streamCount">How many Opus streams its packets have.</param>
    public void Begin(int streamCount)
    {
        // One frame without data for each stream; all but the last tell their length (RFC 6716 appendix B).
        _packet = new byte[2 * streamCount - 1];
        _hasToc = false;
        Missing = 0;
    }

    /// <summary>
    /// Sees the packet behind what is lost. Only the first of a stream says what a packet before it may be like.
    /// </summary>
    public void NoteNext(ReadOnlySpan<byte> packet)
    {
        if (!_hasToc)
            NotePassed(packet);
    }

    /// <summary>Sees a packet that was written: what is lost behind it is like it.</summary>
    public void NotePassed(ReadOnlySpan<byte> packet) => (_toc, _hasToc) = (packet[0], true);

    /// <summary>Says how much is lost.</summary>
    /// <param name="samples">In samples at 48 kHz.</param>
    public void Add(int samples) => Missing += samples;

    /// <summary>Forgets what is lost and not filled.</summary>
    public void Forget() => Missing = 0;

    /// <summary>Gives the longest packet that fits into what is missing.</summary>
    /// <param name="packet">The packet. Valid until the next call.</param>
    /// <param name="duration">How long it is, in samples at 48 kHz.</param>
    /// <returns>False where less is missing than the shortest packet has.</returns>
    public bool TryTake(out ReadOnlySpan<byte> packet, out int duration)
    {
        foreach (var toc in (ReadOnlySpan<OpusToc>)[new(_toc), OpusToc.ShortestLike(_toc), OpusToc.Shortest])
        {
            if (Missing < toc.FrameDuration)
                continue;
            Missing -= toc.FrameDuration;
            packet = Make(toc);
            duration = toc.FrameDuration;
            return true;
        }

        packet = default;
        duration = 0;
        return false;
    }

    private byte[] Make(OpusToc toc)
    {
        for (var at = 0; at < _packet.Length; at += 2)
            _packet[at] = (byte)(toc.Value & 0b1111_1100);
        return _packet;
    }
}
