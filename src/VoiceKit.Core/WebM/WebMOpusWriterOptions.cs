namespace VoiceKit.WebM;

/// <summary>How <see cref="WebMOpusWriter"/> writes.</summary>
public sealed record WebMOpusWriterOptions
{
    /// <summary>How much audio a cluster holds before the next one is begun; it is kept in memory until then.</summary>
    /// <value>0 (a packet a cluster) to 30 s, which the timestamps of blocks allow (RFC 9559 §10.1); 5 s by default.</value>
    /// <remarks>Shorter ones get to a listener earlier and lose less when one is damaged; each costs 12 bytes or so.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxClusterDuration
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(30));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);
}
