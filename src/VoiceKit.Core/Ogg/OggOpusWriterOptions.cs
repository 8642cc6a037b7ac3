namespace VoiceKit.Ogg;

/// <summary>How <see cref="OggOpusWriter"/> writes.</summary>
public sealed record OggOpusWriterOptions
{
    /// <summary>The serial number of the logical stream.</summary>
    /// <value>Any; null, the default, for a random one. A fixed one makes the output reproducible to the byte.</value>
    public int? Serial { get; init; }

    /// <summary>How much audio a page holds before the next one is begun.</summary>
    /// <value>0 (a packet a page) to 30 s; 1 s by default.</value>
    /// <remarks>Shorter pages get to a listener earlier and lose less when one is damaged; each costs 28 bytes or so.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxPageDuration
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(30));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);
}
