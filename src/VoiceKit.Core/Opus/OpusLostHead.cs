namespace VoiceKit.Opus;

/// <summary>
/// What a stream's OpusHead was, told by its packets where the header is lost: the table of contents of each says the channels
/// and the bandwidth.
/// </summary>
internal struct OpusLostHead
{
    // What libopus has at 48 kHz, and so nearly all files: 6.5 ms.
    private const int PreSkip = 312;

    private int _duration;
    private bool _isStereo;
    private bool _isOther;
    private OpusBandwidth _bandwidth;

    /// <summary>How many packets were seen.</summary>
    public int PacketCount { get; private set; }

    /// <summary>Whether they can be packets of one Opus stream: whole, and all of one duration (RFC 7845 §3).</summary>
    public readonly bool IsOpus => PacketCount > 0 && !_isOther;

    /// <summary>Takes a packet.</summary>
    public void Add(ReadOnlySpan<byte> packet)
    {
        PacketCount++;
        if (OpusPacketLayout.ReadDuration(packet, 1, out var duration) != OpusPacketFault.None
            || (_duration != 0 && _duration != duration))
        {
            _isOther = true;
            return;
        }

        var toc = new OpusToc(packet[0]);
        _duration = duration;
        _isStereo |= toc.IsStereo;
        _bandwidth = toc.Bandwidth > _bandwidth ? toc.Bandwidth : _bandwidth;
    }

    /// <summary>The header that the packets fit.</summary>
    public readonly OpusHead ToHead() => new(_isStereo ? 2 : 1, PreSkip, RateOf(_bandwidth));

    /// <summary>What to say of the header.</summary>
    public static string Describe(OpusHead head) =>
        $"The OpusHead is lost. Its packets tell {(head.Channels == 1 ? "mono" : "stereo")} at {head.InputSampleRate} Hz;"
        + $" a pre-skip of {head.PreSkip} samples and no gain are assumed.";

    private static int RateOf(OpusBandwidth bandwidth) => bandwidth switch
    {
        OpusBandwidth.Narrowband => 8_000,
        OpusBandwidth.Mediumband => 12_000,
        OpusBandwidth.Wideband => 16_000,
        OpusBandwidth.Superwideband => 24_000,
        _ => OpusRates.Full,
    };
}
