using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding;

/// <summary>
/// What a SILK or hybrid frame says of a redundant CELT frame at its end, which smooths a change of mode (RFC 6716 §4.5.1).
/// </summary>
/// <param name="IsPresent">Whether there is one.</param>
/// <param name="IsFirst">Whether it is for the begin of the frame (from CELT) or for its end (to CELT).</param>
/// <param name="Length">Its bytes, the last of the frame.</param>
/// <param name="Used">The bytes that the frame lacks: as a rule those; all of it where the length made no sense.</param>
internal readonly record struct Redundancy(bool IsPresent, bool IsFirst, int Length, int Used)
{
    private const int FlagBits = 17;
    private const int HybridFlagBits = 37;
    private const int MinLength = 2;

    /// <summary>Reads it after the SILK layer, and takes the redundant frame's bytes from the range decoder.</summary>
    public static Redundancy Read(ref RangeDecoder range, bool isHybrid)
    {
        if (range.Tell() + (isHybrid ? HybridFlagBits : FlagBits) > 8 * range.Length)
            return default;
        if (isHybrid && !range.DecodeBit(12))
            return default;

        var isFirst = range.DecodeBit(1);
        var length = isHybrid ? (int)range.DecodeUniform(256) + MinLength : range.Length - (range.Tell() + 7 >> 3);
        if (8 * (range.Length - length) < range.Tell())
        {
            // No encoder makes such a frame. The MDCT layer gets nothing of it.
            var all = range.Length;
            range.Shrink(0);
            return new Redundancy(false, false, 0, all);
        }

        range.Shrink(range.Length - length);
        return new Redundancy(true, isFirst, length, length);
    }
}
