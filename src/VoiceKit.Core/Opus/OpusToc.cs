namespace VoiceKit.Opus;

/// <summary>
/// The table-of-contents byte, the first of every packet (RFC 6716 §3.1): configuration, stereo flag, frame count code.
/// </summary>
/// <param name="Value">The byte.</param>
internal readonly record struct OpusToc(byte Value)
{
    /// <summary>The configuration number, 0…31 (§3.1, table 2).</summary>
    public int Configuration => Value >> 3;

    /// <summary>Whether the packet is coded in stereo.</summary>
    public bool IsStereo => (Value & 0b100) != 0;

    /// <summary>The frame count code: 0 one frame, 1 two of equal size, 2 two of different size, 3 any number (§3.2).</summary>
    public int Code => Value & 0b11;

    /// <summary>The coding mode.</summary>
    public OpusMode Mode => Configuration switch
    {
        < 12 => OpusMode.Silk,
        < 16 => OpusMode.Hybrid,
        _ => OpusMode.Celt,
    };

    /// <summary>The audio bandwidth.</summary>
    public OpusBandwidth Bandwidth => Configuration switch
    {
        < 4 => OpusBandwidth.Narrowband,
        < 8 => OpusBandwidth.Mediumband,
        < 12 => OpusBandwidth.Wideband,
        < 14 => OpusBandwidth.Superwideband,
        < 16 => OpusBandwidth.Fullband,
        < 20 => OpusBandwidth.Narrowband, // CELT has no mediumband.
        < 24 => OpusBandwidth.Wideband,
        < 28 => OpusBandwidth.Superwideband,
        _ => OpusBandwidth.Fullband,
    };

    /// <summary>The duration of one frame in samples at 48 kHz: 120, 240, 480, 960, 1920 or 2880.</summary>
    public int FrameDuration => FrameDurations[Value >> 3];

    // §3.1, table 2, by configuration: three bandwidths of SILK, two of both, four of CELT.
    private static ReadOnlySpan<ushort> FrameDurations =>
    [
        480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880,
        480, 960, 480, 960,
        120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960,
    ];

    /// <summary>The shortest frame there is: 2.5 ms.</summary>
    internal static OpusToc Shortest => new(0b1110_0000);

    /// <summary>The configuration with the shortest frames among those of a packet's mode and bandwidth.</summary>
    internal static OpusToc ShortestLike(byte toc)
    {
        var steps = new OpusToc(toc).Mode == OpusMode.Hybrid ? 0b0000_1000 : 0b0001_1000;
        return new OpusToc((byte)(toc & ~steps));
    }
}
