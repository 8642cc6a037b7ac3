using System.Buffers;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>Tells, page by page, where the tags of one link are, and which pages follow them in their logical stream.</summary>
internal sealed class OggOpusTagFinder(int link, int maxTagsSize) : IDisposable
{
    private readonly List<OggOpusTagPage> _pages = [];
    private byte[] _packet = [];
    private int _packetSize;
    private int _link = -1;
    private uint _linkSerial;
    private bool _isInTags;
    private bool _isBehindTags;
    private uint _nextSequence;

    /// <summary>What a page is to the tags.</summary>
    public enum Kind
    {
        /// <summary>Before the tags, of another logical stream or of another link.</summary>
        Other,

        /// <summary>Holds a piece of the tags, which go on.</summary>
        Tags,

        /// <summary>Holds the last piece of the tags, or all of them.</summary>
        TagsEnd,

        /// <summary>Follows the tags in their logical stream.</summary>
        BehindTags,
    }

    /// <summary>How many links were seen so far.</summary>
    public int LinkCount => _link + 1;

    /// <summary>The whole packet, once its end was seen.</summary>
    public ReadOnlySpan<byte> Packet => _packet.AsSpan(0, _packetSize);

    /// <summary>The pages on which the packet is.</summary>
    public IReadOnlyList<OggOpusTagPage> Pages => _pages;

    /// <summary>The serial number of the logical stream.</summary>
    public uint Serial { get; private set; }

    /// <summary>The sequence number of the first of the pages.</summary>
    public uint FirstSequence { get; private set; }

    /// <summary>
    /// How many segments of the last page belong to the tags; what follows on it is audio, against RFC 7845 §3.
    /// </summary>
    public int LastSegments { get; private set; }

    /// <summary>Takes the next page.</summary>
    /// <exception cref="VoiceFormatException">The tags are missing, too large or torn.</exception>
    public Kind Push(OggPage page, long offset)
    {
        if (page.IsFirst)
        {
            BeginStream(page, offset);
            return Kind.Other;
        }

        if (_isBehindTags && page.Serial == Serial)
            return Kind.BehindTags;
        if (!_isInTags || page.Serial != _linkSerial)
            return Kind.Other;
        return _link == link ? Take(page, offset) : PassOver(page);
    }

    public void Dispose()
    {
        Return();
        _packetSize = 0;
    }

    // As when reading: the first Opus stream of a link counts, and one that begins before its tags are read is beside it.
    private void BeginStream(OggPage page, long offset)
    {
        if (!page.HasOpusHead)
        {
            CheckFirstHead(page, offset);
            return;
        }

        if (_isInTags && page.Serial != _linkSerial)
            return;
        if (page.Serial == Serial)
            _isBehindTags = false;
        if (_isInTags && _link == link)
            throw new VoiceFormatException("The stream begins anew before its OpusTags.", offset);

        _link++;
        _linkSerial = page.Serial;
        _isInTags = true;
        _nextSequence = page.Sequence + 1;
        if (_link == link)
            Serial = page.Serial;
    }

    // A reader begins with the first OpusHead, whatever else is on its page: the tags behind the next are not those that it has.
    private void CheckFirstHead(OggPage page, long offset)
    {
        if (_link < 0 && page.Data[page.BodyAt..].StartsWith(OpusHead.Magic))
        {
            throw new VoiceFormatException(
                "The page of the OpusHead is not as RFC 7845 §5.1 wants it: the tags cannot be edited.", offset);
        }
    }

    private Kind PassOver(OggPage page)
    {
        _isInTags = !page.Lacing.ContainsAnyExcept((byte)255);
        return Kind.Other;
    }

    private Kind Take(OggPage page, long offset)
    {
        var isFirst = _pages.Count == 0;
        if (page.Sequence != _nextSequence || page.IsContinued == isFirst)
            throw new VoiceFormatException("A page of the OpusTags is missing or out of place: they cannot be edited.", offset);
        if (isFirst)
            FirstSequence = page.Sequence;
        _nextSequence++;

        var last = page.Lacing.IndexOfAnyExcept((byte)255);
        var isEnd = last >= 0;
        LastSegments = isEnd ? last + 1 : page.Lacing.Length;
        var size = isEnd ? last * 255 + page.Lacing[last] : page.Lacing.Length * 255;
        Append(page.Data.Slice(page.BodyAt, size), isEnd, offset);
        _pages.Add(new OggOpusTagPage(offset, page.Data.Length, page.BodyAt, size));
        if (!isEnd)
            return Kind.Tags;

        _isInTags = false;
        _isBehindTags = true;
        return Kind.TagsEnd;
    }

    private void Append(ReadOnlySpan<byte> piece, bool isEnd, long offset)
    {
        if (piece.Length > maxTagsSize - _packetSize)
            throw new VoiceFormatException($"The OpusTags take more than {maxTagsSize} bytes.", offset);
        Reserve(_packetSize + piece.Length);
        piece.CopyTo(_packet.AsSpan(_packetSize));
        _packetSize += piece.Length;
        var start = Packet[..Math.Min(OpusTags.Magic.Length, _packetSize)];
        if (!OpusTags.Magic.StartsWith(start) || (isEnd && start.Length < OpusTags.Magic.Length))
            throw new VoiceFormatException("The second packet of the stream is no OpusTags (RFC 7845 §5.2).", offset);
    }

    private void Reserve(int size)
    {
        if (size <= _packet.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, 2 * _packet.Length));
        Packet.CopyTo(larger);
        Return();
        _packet = larger;
    }

    private void Return()
    {
        if (_packet.Length > 0)
            ArrayPool<byte>.Shared.Return(_packet);
        _packet = [];
    }
}
