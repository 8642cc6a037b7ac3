using System.Text;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Reads the Tags (RFC 9559 §5.1.8) and what Info says of the file, as far as they are about the whole or the track that is read.
/// </summary>
internal sealed class MatroskaTagList(OpusDefectLog defects, int maxSize)
{
    /// <summary>Comments beyond this many are not read: small ones take far more memory than bytes in a file.</summary>
    private const int MaxComments = 2000;

    private const string TitleName = "TITLE";

    /// <summary>Nor is anything behind this many, comments or not.</summary>
    private const int MaxSimpleTags = 8000;

    // Texts are made when they are asked for: in memory they take twice their bytes.
    private readonly List<(byte[] Name, byte[] Value, ulong TrackUid)> _comments = [];
    private OpusTags? _tags;
    private ulong _trackUid;
    private int _size;
    private bool _isOversized;
    private int _firstOfTag;
    private ulong _targetUid;
    private bool _isForeign;
    private bool _isFull;
    private int _simpleTags;
    private byte[]? _name;
    private byte[]? _value;
    private byte[] _title = [];
    private byte[] _muxingApp = [];
    private byte[] _writingApp = [];

    /// <summary>What could be read so far.</summary>
    public OpusTags Tags => _tags ??= Build();

    /// <summary>The track that is read: tags of others are left out.</summary>
    public ulong TrackUid
    {
        get => _trackUid;
        set
        {
            _trackUid = value;
            _tags = null;
        }
    }

    /// <summary>Whether a text of this size is still within the limit. If not, a defect is listed, once.</summary>
    public bool TryReserve(long size, long offset)
    {
        if (size <= maxSize - _size)
        {
            _size += (int)size;
            return true;
        }

        if (!_isOversized)
            defects.Add(offset, OpusDefectKind.OversizedPacket, $"The tags have more than {maxSize} bytes.");
        _isOversized = true;
        return false;
    }

    public void TakeInfo(uint id, ReadOnlySpan<byte> data)
    {
        _tags = null;
        switch (id)
        {
            case EbmlId.Title when _title.Length == 0:
                _title = TextOf(data).ToArray();
                break;
            case EbmlId.MuxingApp when _muxingApp.Length == 0:
                _muxingApp = TextOf(data).ToArray();
                break;
            case EbmlId.WritingApp when _writingApp.Length == 0:
                _writingApp = TextOf(data).ToArray();
                break;
        }
    }

    public void BeginTag()
    {
        _comments.RemoveRange(_firstOfTag, _comments.Count - _firstOfTag); // What was read of it before a seek.
        _firstOfTag = _comments.Count;
        _targetUid = 0;
        _isForeign = false;
    }

    /// <summary>Takes what a tag is about (§5.1.8.1.1); 0 stands for all of a kind.</summary>
    public void TakeTarget(uint id, ReadOnlySpan<byte> data)
    {
        var uid = EbmlHeader.ReadBigEndian(data);
        if (uid == 0)
            return;
        if (id != EbmlId.TagTrackUid)
            _isForeign = true;
        else if (_targetUid == 0 || _targetUid != TrackUid)
            _targetUid = uid;
    }

    // Targets may stand behind the tags that they are about.
    public void EndTag()
    {
        if (_isForeign)
            _comments.RemoveRange(_firstOfTag, _comments.Count - _firstOfTag);
        for (var i = _firstOfTag; i < _comments.Count; i++)
            _comments[i] = _comments[i] with { TrackUid = _targetUid };
        _firstOfTag = _comments.Count;
        _tags = null;
    }

    public void BeginSimpleTag(long offset)
    {
        _name = _value = null;
        var hasRoom = _comments.Count < MaxComments && _simpleTags++ < MaxSimpleTags;
        if (hasRoom || _isFull)
            return;
        _isFull = true;
        defects.Add(offset, OpusDefectKind.BadTags, $"Only {_comments.Count} comments are read.");
    }

    public void TakeSimpleTag(uint id, ReadOnlySpan<byte> data)
    {
        if (_isFull)
            return;
        if (id == EbmlId.TagName)
            _name ??= TextOf(data).ToArray();
        else
            _value ??= TextOf(data).ToArray();
    }

    // Matroska allows names that no comment can have: those are left out.
    public void EndSimpleTag()
    {
        if (_name is { Length: > 0 } && !_name.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'}')
            && !_name.Contains((byte)'='))
            _comments.Add((_name, _value ?? [], 0));
        _name = null;
    }

    private OpusTags Build()
    {
        var comments = _comments
            .Where(entry => entry.TrackUid == 0 || entry.TrackUid == TrackUid)
            .Select(entry => (Comment: new OpusComment(ToText(entry.Name), ToText(entry.Value)), entry.TrackUid))
            .Where(entry => entry.TrackUid == 0 || !IsStatistic(entry.Comment.Name))
            .Select(entry => entry.Comment)
            .ToList();
        var hasTitle = comments.Exists(comment => comment.Name.Equals(TitleName, StringComparison.OrdinalIgnoreCase));
        if (_title.Length > 0 && !hasTitle)
            comments.Insert(0, new OpusComment(TitleName, ToText(_title)));
        return new OpusTags(ToText(_writingApp.Length > 0 ? _writingApp : _muxingApp), comments);
    }

    // What muxers count of a track is true of that file only.
    private static bool IsStatistic(string name) =>
        name is "DURATION" or "BPS" or "NUMBER_OF_FRAMES" or "NUMBER_OF_BYTES"
        || name.StartsWith("_STATISTICS", StringComparison.Ordinal);

    // RFC 8794 §7.5: a string may be filled up with zeros.
    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        return end < 0 ? data : data[..end];
    }

    private static string ToText(byte[] text) => Encoding.UTF8.GetString(text);
}
