namespace VoiceKit.WebM;

/// <summary>Reads the Tracks and keeps the one that is to be read: the first Opus track.</summary>
internal sealed class MatroskaTrackList
{
    /// <summary>An OpusHead has 276 bytes at most, what header stripping takes is a few; other tracks' may be larger.</summary>
    private const int MaxPrivateSize = 1024;

    /// <summary>
    /// Tracks beyond this many, of all documents, are not looked at: each takes more memory than the bytes that make one.
    /// </summary>
    private const int MaxTracks = 1024;

    private const int MaxNamed = 8;

    private readonly List<string> _others = [];
    private MatroskaTrack _current = new();
    private int _count;

    /// <summary>The first Opus track, or null.</summary>
    public MatroskaTrack? Opus { get; private set; }

    /// <summary>What else there is, for a message, such as "its audio is A_VORBIS".</summary>
    public string Others => _others.Count == 0 ? "it has no tracks" : string.Join(", ", _others);

    /// <summary>Forgets all: a new document begins.</summary>
    public void Clear()
    {
        Opus = null;
        _others.Clear();
    }

    public void BeginTrack(long offset)
    {
        if (_count++ <= MaxTracks) // One more, for what is not looked at.
            _current = new MatroskaTrack { HeadOffset = offset };
    }

    public void EndTrack()
    {
        if (_count > MaxTracks)
            return;
        if (_current.IsOpus)
            Opus ??= _current;
        else if (_others.Count < MaxNamed)
            _others.Add($"its {NameOf(_current.Type)} is {_current.CodecId}");
    }

    public void BeginEncoding() => _current.BeginEncoding();

    /// <summary>Takes an element of a track, or of what is in it.</summary>
    public void Take(uint id, ReadOnlySpan<byte> data, long offset)
    {
        switch (id)
        {
            case EbmlId.TrackNumber:
                _current.Number = (long)EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.TrackUid:
                _current.Uid = EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.TrackType:
                _current.Type = EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.CodecId when _current.CodecId.Length == 0:
                _current.CodecId = ToName(data);
                break;
            case EbmlId.CodecPrivate when _current.CodecPrivate is null:
                _current.CodecPrivate = data.Length <= MaxPrivateSize ? data.ToArray() : null;
                _current.HeadOffset = offset;
                break;
            case EbmlId.CodecDelay:
                _current.CodecDelay = EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.SamplingFrequency:
                _current.SamplingFrequency = EbmlHeader.ReadFloat(data);
                break;
            case EbmlId.Channels:
                _current.Channels = EbmlHeader.ReadBigEndian(data);
                break;
            default:
                TakeOfEncoding(id, data);
                break;
        }
    }

    // RFC 9559 §5.1.4.1.3.
    private static string NameOf(ulong type) => type switch
    {
        1 => "video",
        2 => "audio",
        17 => "subtitle",
        _ => "other track",
    };

    private void TakeOfEncoding(uint id, ReadOnlySpan<byte> data)
    {
        switch (id)
        {
            case EbmlId.ContentEncodingScope:
                _current.Encoding.Scope = EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.ContentEncodingType:
                _current.Encoding.Type = EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.ContentCompAlgo:
                _current.Encoding.Algorithm = EbmlHeader.ReadBigEndian(data);
                break;
            case EbmlId.ContentCompSettings when _current.Encoding.Settings.Length == 0:
                _current.Encoding.Settings = data[..Math.Min(data.Length, MaxPrivateSize)].ToArray();
                break;
        }
    }

    // A name ends up in a message: it is cut, and only what can be printed is kept.
    private static string ToName(ReadOnlySpan<byte> data)
    {
        Span<char> name = stackalloc char[32];
        var length = 0;
        foreach (var value in data[..Math.Min(data.Length, name.Length)])
        {
            if (value is > 0x20 and < 0x7F)
                name[length++] = (char)value;
        }

        return name[..length].ToString();
    }
}
