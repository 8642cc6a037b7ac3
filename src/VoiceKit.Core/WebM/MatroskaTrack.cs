using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>What a TrackEntry says (RFC 9559 §5.1.4.1); filled as its elements come.</summary>
internal sealed class MatroskaTrack
{
    /// <summary>The codec ID of Opus (Matroska codec specifications, A_OPUS).</summary>
    public const string OpusCodecId = "A_OPUS";

    /// <summary>The codec ID of Opus in files older than the mapping.</summary>
    private const string OldOpusCodecId = "A_OPUS/EXPERIMENTAL";

    private const int AudioType = 2;
    private const ulong FrameScope = 1;
    private const ulong PrivateScope = 2;
    private const ulong HeaderStripping = 3;

    private readonly List<MatroskaEncoding> _encodings = [];
    private bool _isHeadStripped;

    public long Number { get; set; }

    public ulong Uid { get; set; }

    public ulong Type { get; set; } = AudioType;

    public string CodecId { get; set; } = "";

    public byte[]? CodecPrivate { get; set; }

    /// <summary>Where CodecPrivate, or without it the TrackEntry, is in the input.</summary>
    public long HeadOffset { get; set; }

    /// <summary>In ns.</summary>
    public ulong CodecDelay { get; set; }

    public double SamplingFrequency { get; set; } = 8000;

    public ulong Channels { get; set; } = 1;

    public bool IsOpus => Type == AudioType && CodecId is OpusCodecId or OldOpusCodecId;

    /// <summary>The bytes that were taken from the start of every frame (header stripping); mostly none.</summary>
    public byte[] FramePrefix { get; private set; } = [];

    /// <summary>The encoding whose elements come now.</summary>
    public MatroskaEncoding Encoding => _encodings[^1];

    public void BeginEncoding()
    {
        // More than one is refused: no more than two need be told apart.
        if (_encodings.Count < 2)
            _encodings.Add(new MatroskaEncoding());
    }

    /// <summary>Makes the head and undoes what ContentEncodings did (RFC 9559 §5.1.4.1.31).</summary>
    /// <exception cref="VoiceFormatException">The frames are encrypted, or compressed other than by header stripping.</exception>
    public OpusHead Open(OpusDefectLog defects)
    {
        foreach (var encoding in _encodings)
            Undo(encoding);
        var head = ParseHead(defects) ?? MakeHead();
        var delay = MatroskaTimeline.ToSamples(CodecDelay);
        if (CodecDelay != 0 && Math.Abs(delay - head.PreSkip) > 1)
        {
            defects.Add(
                HeadOffset, OpusDefectKind.BadHead, $"CodecDelay is {delay} samples; pre-skip, {head.PreSkip}, is used.");
        }

        return head;
    }

    private void Undo(MatroskaEncoding encoding)
    {
        if (encoding.Type != 0)
            throw new VoiceFormatException("The audio is encrypted.", HeadOffset);
        if (encoding.Algorithm != HeaderStripping)
            throw new VoiceFormatException($"The frames are compressed with {NameOf(encoding.Algorithm)}.", HeadOffset);
        if (_encodings.Count > 1)
            throw new VoiceFormatException("The frames are compressed more than once.", HeadOffset);
        if ((encoding.Scope & FrameScope) != 0)
            FramePrefix = encoding.Settings;
        if ((encoding.Scope & PrivateScope) == 0 || CodecPrivate is null)
            return;
        CodecPrivate = [.. encoding.Settings, .. CodecPrivate];
        _isHeadStripped = true;
    }

    private OpusHead? ParseHead(OpusDefectLog defects)
    {
        if (CodecPrivate is null)
        {
            defects.Add(HeadOffset, OpusDefectKind.BadHead, "The track has no CodecPrivate with an OpusHead that can be read.");
            return null;
        }

        try
        {
            return OpusHead.Parse(CodecPrivate, HeadOffset);
        }
        catch (VoiceFormatException exception)
        {
            var offset = _isHeadStripped ? HeadOffset : exception.Offset; // Bytes that were stripped have no offset.
            if (Channels is not (1 or 2))
                throw new VoiceFormatException(exception.Message, offset, exception);
            defects.Add(offset, OpusDefectKind.BadHead, exception.Message);
            return null;
        }
    }

    private OpusHead MakeHead()
    {
        if (Channels is not (1 or 2))
            throw new VoiceFormatException($"Without an OpusHead, {Channels} channels cannot be told apart.", HeadOffset);
        var preSkip = (int)Math.Min(MatroskaTimeline.ToSamples(CodecDelay), ushort.MaxValue);
        var rate = SamplingFrequency is > 0 and <= int.MaxValue ? (int)SamplingFrequency : OpusRates.Full;
        return new OpusHead((int)Channels, preSkip, rate);
    }

    private static string NameOf(ulong algorithm) => algorithm switch
    {
        0 => "zlib",
        1 => "bzlib",
        2 => "LZO",
        _ => $"an unknown algorithm ({algorithm})",
    };
}
