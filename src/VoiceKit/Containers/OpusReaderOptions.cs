namespace VoiceKit.Containers;

/// <summary>How a container is read.</summary>
public sealed class OpusReaderOptions
{
    /// <summary>The default of <see cref="MaxTagsSize"/>.</summary>
    public const int DefaultMaxTagsSize = 16 * 1024 * 1024;

    /// <summary>Whether the first defect throws instead of being listed and got around.</summary>
    /// <value>False by default.</value>
    public bool Strict { get; init; }

    /// <summary>The largest comment header that is read, in bytes; a larger one is a defect, and the audio behind it is read.</summary>
    /// <value>1024…125,829,120 (the limit of RFC 7845 §5.2); 16 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxTagsSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 125_829_120);
            field = value;
        }
    } = DefaultMaxTagsSize;
}
