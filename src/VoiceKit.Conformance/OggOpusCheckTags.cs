using VoiceKit.Opus;

using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Judges an OpusTags packet (RFC 7845 §5.2) piece by piece: a large one takes no more memory.</summary>
internal sealed class OggOpusCheckTags(OggOpusCheckLog log)
{
    /// <summary>A larger packet may be refused.</summary>
    private const int MaxSize = 125_829_120;

    /// <summary>Comments that are not within so many bytes may be ignored.</summary>
    private const int MaxNear = 61_440;

    private readonly OggOpusCheckComment _comment = new(log);
    private Part _part;
    private long _size;

    // The current number: its bytes so far, and where it stands.
    private uint _number;
    private int _numberBytes;
    private long _numberAt;

    // What is left of the current text, and where its length stands.
    private uint _left;
    private long _lengthAt;
    private OggOpusCheckUtf8 _vendor;
    private bool _isVendorBroken;
    private uint _count;
    private uint _index;
    private long _countAt;
    private bool _isFar;
    private bool _isTooLarge;
    private bool _hasPadding;
    private bool _isPaddingReported;

    private enum Part
    {
        Magic,
        VendorLength,
        Vendor,
        Count,
        CommentLength,
        Comment,
        Padding,
    }

    public void Begin()
    {
        _part = Part.Magic;
        _size = 0;
        _left = (uint)OpusTags.Magic.Length;
        _numberBytes = 0;
        _count = _index = 0;
        _vendor = default;
        _isVendorBroken = _isFar = _isTooLarge = _hasPadding = _isPaddingReported = false;
        _comment.BeginTags();
    }

    /// <summary>Takes the next piece of the packet, which stands at an offset of the input.</summary>
    public void Feed(ReadOnlySpan<byte> data, long offset)
    {
        while (!data.IsEmpty)
        {
            var isText = _part != Part.Padding;
            var taken = _part switch
            {
                Part.Magic => SkipMagic(data),
                Part.Vendor => TakeVendor(data, offset),
                Part.Comment => TakeComment(data, offset),
                Part.Padding => TakePadding(data, offset),
                _ => TakeNumber(data, offset),
            };
            data = data[taken..];
            offset += taken;
            _size += taken;
            if (_numberBytes == 0)
                _numberAt = offset;
            CheckSize(offset, isText);
        }
    }

    public void End()
    {
        switch (_part)
        {
            case Part.Magic or Part.VendorLength or Part.Count:
                log.Add(
                    Rule.TagsTooShort,
                    _numberAt,
                    "The OpusTags end before the number of comments; it is required, as is the vendor string.");
                break;

            case Part.Vendor or Part.Comment:
                log.Add(Rule.TagsLength, _lengthAt, $"A text is said to be {_left} bytes longer than the rest of the OpusTags.");
                break;

            case Part.CommentLength:
                log.Add(Rule.TagsCount, _countAt, $"The OpusTags end behind {_index} comments; there should be {_count}.");
                break;
        }
    }

    private int SkipMagic(ReadOnlySpan<byte> data)
    {
        var taken = Take(data);
        if (_left == 0)
            _part = Part.VendorLength;
        return taken;
    }

    private int TakeVendor(ReadOnlySpan<byte> data, long offset)
    {
        var taken = Take(data);
        var fault = _vendor.FindFault(data[..taken], isEnd: _left == 0);
        if (fault >= 0 && !_isVendorBroken)
        {
            _isVendorBroken = true;
            log.Add(Rule.TextEncoding, offset + fault, "The vendor string is not UTF-8.");
        }

        if (_left == 0)
            _part = Part.Count;
        return taken;
    }

    private int TakeComment(ReadOnlySpan<byte> data, long offset)
    {
        var taken = Take(data);
        _comment.Feed(data[..taken], offset, isEnd: _left == 0);
        if (_left == 0)
            EndComment(offset + taken);
        return taken;
    }

    // How many bytes of a text are here.
    private int Take(ReadOnlySpan<byte> data)
    {
        var taken = (int)Math.Min((uint)data.Length, _left);
        _left -= (uint)taken;
        return taken;
    }

    private int TakeNumber(ReadOnlySpan<byte> data, long offset)
    {
        if (_numberBytes == 0)
            (_number, _numberAt) = (0, offset);

        var taken = 0;
        while (taken < data.Length && _numberBytes < sizeof(uint))
            _number |= (uint)data[taken++] << (8 * _numberBytes++);
        if (_numberBytes == sizeof(uint))
            EndNumber(offset + taken);
        return taken;
    }

    private void EndNumber(long end)
    {
        _numberBytes = 0;
        if (_part == Part.Count)
        {
            (_count, _countAt) = (_number, _numberAt);
            _part = _count > 0 ? Part.CommentLength : Part.Padding;
            return;
        }

        (_left, _lengthAt) = (_number, _numberAt);
        if (_part == Part.VendorLength)
        {
            _part = _left > 0 ? Part.Vendor : Part.Count;
            if (_left == 0)
                log.Add(Rule.VendorEmpty, _lengthAt, "The vendor string is empty; it should name the encoder.");
            return;
        }

        _part = Part.Comment;
        _comment.Begin(_index, end);
        if (_left > 0)
            return;
        _comment.Feed([], end, isEnd: true);
        EndComment(end);
    }

    private void EndComment(long end)
    {
        _index++;
        _part = _index < _count ? Part.CommentLength : Part.Padding;
        _comment.End(end);
    }

    private void CheckSize(long end, bool isText)
    {
        if (_size > MaxNear && isText && !_isFar)
        {
            _isFar = true;
            log.Add(
                Rule.CommentFarBehind,
                _lengthAt,
                $"Text behind the first {MaxNear} bytes of the OpusTags, where it may be ignored.");
        }

        if (_size <= MaxSize || _isTooLarge)
            return;
        _isTooLarge = true;
        log.Add(Rule.TagsTooLarge, end, $"The OpusTags go on behind {MaxSize} bytes, and may be refused for it.");
    }

    private int TakePadding(ReadOnlySpan<byte> data, long offset)
    {
        if (!_hasPadding && (data[0] & 1) != 0)
        {
            _isPaddingReported = true;
            log.Add(
                Rule.TagsData,
                offset,
                $"The OpusTags end with binary data (its first byte is 0x{data[0]:X2}) that editors should preserve.");
        }

        _hasPadding = true;
        var at = _isPaddingReported ? -1 : data.IndexOfAnyExcept((byte)0);
        if (at >= 0)
        {
            _isPaddingReported = true;
            log.Add(Rule.TagsPadding, offset + at, "The padding of the OpusTags is not all zero, and editors may discard it.");
        }

        return data.Length;
    }
}
