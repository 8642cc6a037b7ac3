namespace VoiceKit.Rtp;

/// <summary>How RTP packets are taken.</summary>
public sealed class RtpOpusOptions
{
    /// <summary>The default of <see cref="Window"/>.</summary>
    public const int DefaultWindow = 64;

    /// <summary>The payload type of Opus, as the session's description gives it (RFC 7587 §7).</summary>
    /// <value>0…127; null, by default, takes all.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? PayloadType
    {
        get;
        init => field = value is null or (>= 0 and <= 127)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A payload type is 0…127.");
    }

    /// <summary>The source to take.</summary>
    /// <value>A synchronization source identifier; null, by default, takes the first, and another when it takes over.</value>
    public uint? Ssrc { get; init; }

    /// <summary>
    /// After how many later packets a missing one is given up. Until then the later ones are held back; there is no clock.
    /// </summary>
    /// <value>1…1024; 64 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Window
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024);
            field = value;
        }
    } = DefaultWindow;

    /// <summary>
    /// The longest gap in the timestamps that is time which passed; a longer one is a jump, and the time line goes on without it.
    /// </summary>
    /// <value>0…1 h; 30 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxGap
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);
}
