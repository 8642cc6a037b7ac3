using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// Cuts a stretch out of the time line: what is before it is dropped, but for what a decoder needs to converge.
/// </summary>
/// <param name="from">The first position that is heard, in samples at 48 kHz.</param>
/// <param name="to">The position behind the last.</param>
/// <param name="preRoll">How much before <paramref name="from"/> is kept to be decoded.</param>
internal readonly struct OpusPacketClip(long from, long to, int preRoll)
{
    /// <summary>Whether a packet stands behind the stretch, and all that follow it.</summary>
    public bool IsBehind(OpusPacketInfo info) => info.Position - info.LostBefore >= to;

    /// <summary>What is left of a packet.</summary>
    /// <returns>False when it is not needed.</returns>
    public bool TryCut(ref OpusPacketInfo info)
    {
        var end = info.Position + info.Playable;
        if (end < from - preRoll)
            return false;

        var lost = Math.Min(info.Position, to) - Math.Max(info.Position - info.LostBefore, from);
        var before = (int)Math.Clamp(from - info.Position, 0, info.Playable);
        var after = (int)Math.Clamp(end - to, 0, info.Playable - before);
        info = info with
        {
            Position = info.Position + before,
            TrimStart = info.TrimStart + before,
            TrimEnd = info.TrimEnd + after,
            LostBefore = (int)Math.Max(0, lost),
        };
        return true;
    }
}
