namespace VoiceKit.Opus;

/// <summary>How a container is read.</summary>
public sealed record OpusReaderOptions
{
    /// <summary>The default of <see cref="MaxTagsSize"/>.</summary>
    public const int DefaultMaxTagsSize = 16 * 1024 * 1024;

    /// <summary>Whether the first defect throws instead of being listed and got around.</summary>
    /// <value>False by default.</value>
    public bool Strict { get; init; }

    /// <summary>
    /// The largest comment header that is read, in bytes; a larger one is a defect, and the audio behind it is read.
    /// </summary>
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

    /// <summary>
    /// Whether damaged Ogg pages are read as far as they go, to get as much as can be out of a damaged file: pages with a wrong
    /// checksum, where everything else about them fits, and the whole packets of a page that is cut off. Frames in them may be
    /// damaged; decoders take those.
    /// </summary>
    /// <value>False by default: such pages are lost, and their time is concealed.</value>
    public bool Salvages { get; init; }

    /// <summary>
    /// Tells whether the input may still grow, for a message that is heard while it is recorded or uploaded. While it says so,
    /// the end of the stream is not the end of the message: the Ogg reader waits and reads again.
    /// </summary>
    /// <value>Null, the default, for an input that is whole. Asked before each read, from the thread that reads.</value>
    public Func<bool>? IsGrowing { get; init; }

    /// <summary>How long to wait for a growing input before it is read again.</summary>
    /// <value>1 ms…1 min; 50 ms by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan PollInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(50);

    /// <summary>The clock that waits.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
