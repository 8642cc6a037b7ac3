namespace VoiceKit.Opus;

/// <summary>How Opus packets are written into a container. What a container has no use for does nothing there.</summary>
public sealed record OpusWriterOptions
{
    /// <summary>Ogg: the serial number of the logical stream.</summary>
    /// <value>Any; null, the default, for a random one. A fixed one makes the output reproducible to the byte.</value>
    public int? Serial { get; init; }

    /// <summary>Ogg: how much audio a page holds before the next one is begun.</summary>
    /// <value>0 (a packet a page) to 30 s; 1 s by default.</value>
    /// <remarks>Shorter pages get to a listener earlier and lose less when one is damaged; each costs 28 bytes or so.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxPageDuration
    {
        get;
        init => field = InRange(value, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    } = TimeSpan.FromSeconds(1);

    /// <summary>WebM: how much audio a cluster holds before the next one is begun; it is kept in memory until then.</summary>
    /// <value>0 (a packet a cluster) to 30 s, which the timestamps of blocks allow (RFC 9559 §10.1); 5 s by default.</value>
    /// <remarks>Shorter ones get to a listener earlier and lose less when one is damaged; each costs 12 bytes or so.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxClusterDuration
    {
        get;
        init => field = InRange(value, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// MP4: how long the fragments are in which the file is written, so that it can be played while it grows and needs no end to
    /// be read (ISO/IEC 14496-12 §8.8); null for a file whose tables are made when it is finished.
    /// </summary>
    /// <value>20 ms…1 min; null by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? FragmentDuration
    {
        get;
        init => field = value is { } duration ? InRange(duration, TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1)) : null;
    }

    private static TimeSpan InRange(TimeSpan value, TimeSpan min, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }
}
