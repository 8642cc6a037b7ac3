using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>How <see cref="OggOpusTagEdit"/> edits.</summary>
internal sealed record OggOpusTagEditOptions
{
    /// <summary>The default of <see cref="Padding"/>.</summary>
    public const int DefaultPadding = 512;

    /// <summary>The default of <see cref="MaxPadding"/>.</summary>
    public const int DefaultMaxPadding = 64 * 1024;

    /// <summary>Which link of a chained file is edited (RFC 7845 §9), counted from 0.</summary>
    /// <value>0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Link
    {
        get;
        init => field = InRange(value, int.MaxValue);
    }

    /// <summary>
    /// How many bytes of padding tags get when the file is written anew, so that a later edit may be done in place.
    /// </summary>
    /// <value>0…1 MiB; 512 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Padding
    {
        get;
        init => field = InRange(value, 1024 * 1024);
    } = DefaultPadding;

    /// <summary>The most padding that an edit in place may leave; where tags shrink by more, the file is written anew.</summary>
    /// <value>0 or more bytes; 64 KiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxPadding
    {
        get;
        init => field = InRange(value, int.MaxValue);
    } = DefaultMaxPadding;

    /// <summary>
    /// Whether tags may be changed in place. It takes one write of the header pages only; but when the machine fails during that
    /// write, the tags may be lost. Otherwise the file is always written anew, and changes as a whole or not at all.
    /// </summary>
    /// <value>True by default.</value>
    public bool AllowInPlace { get; init; } = true;

    /// <summary>The largest comment header that is edited, in bytes.</summary>
    /// <value>1024…125,829,120 (the limit of RFC 7845 §5.2); 16 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxTagsSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024);
            field = InRange(value, 125_829_120);
        }
    } = OpusReaderOptions.DefaultMaxTagsSize;

    private static int InRange(int value, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}
