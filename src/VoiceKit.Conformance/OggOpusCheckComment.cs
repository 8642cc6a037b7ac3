using System.Globalization;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Judges the comments of an OpusTags packet, each piece by piece (RFC 7845 §5.2.1).</summary>
internal sealed class OggOpusCheckComment(OggOpusCheckLog log)
{
    /// <summary>“-32768” has as many characters.</summary>
    private const int MaxGainLength = 6;

    private readonly OggOpusCheckPicture _picture = new(log);
    private readonly byte[] _name = new byte[24];
    private readonly byte[] _value = new byte[MaxGainLength + 1];
    private Kind _kind;
    private bool _hasTrackGain;
    private bool _hasAlbumGain;
    private uint _index;
    private long _start;
    private int _nameLength;
    private long _nameFaultAt;
    private bool _isInValue;
    private int _valueLength;
    private long _valueAt;
    private OggOpusCheckUtf8 _text;
    private bool _isBroken;

    private enum Kind
    {
        Other,
        Gain,
        Picture,
    }

    /// <summary>Begins the comments of a stream.</summary>
    public void BeginTags()
    {
        _hasTrackGain = _hasAlbumGain = false;
        _picture.BeginTags();
    }

    public void Begin(uint index, long offset)
    {
        _index = index;
        _start = offset;
        _kind = Kind.Other;
        _nameLength = _valueLength = 0;
        _nameFaultAt = -1;
        _isInValue = _isBroken = false;
        _text = default;
    }

    public void Feed(ReadOnlySpan<byte> data, long offset, bool isEnd)
    {
        if (!_isInValue)
        {
            var end = data.IndexOf((byte)'=');
            var name = end < 0 ? data : data[..end];
            TakeName(name, offset);
            if (end < 0)
                return;
            BeginValue(offset + end + 1);
            data = data[(end + 1)..];
            offset += end + 1;
        }

        TakeValue(data, offset, isEnd);
    }

    public void End(long end)
    {
        if (!_isInValue)
        {
            log.Add(
                Rule.CommentWithoutName,
                _start,
                $"Comment {_index} has no equals sign; it is a name, that sign and a value.");
        }
        else if (_kind == Kind.Gain)
            CheckGain();
        else if (_kind == Kind.Picture)
            _picture.End(end);
    }

    private void TakeName(ReadOnlySpan<byte> name, long offset)
    {
        var fault = name.IndexOfAnyExceptInRange((byte)' ', (byte)'}');
        if (fault >= 0 && _nameFaultAt < 0)
            _nameFaultAt = offset + fault;
        if (_nameLength < _name.Length)
            name[..Math.Min(name.Length, _name.Length - _nameLength)].CopyTo(_name.AsSpan(_nameLength));
        _nameLength = (int)Math.Min((long)_nameLength + name.Length, int.MaxValue);
    }

    private void BeginValue(long offset)
    {
        _isInValue = true;
        _valueAt = offset;
        if (_nameLength == 0)
            log.Add(Rule.CommentNameEmpty, _start, $"Comment {_index} has an empty name.");
        if (_nameFaultAt >= 0)
        {
            log.Add(
                Rule.CommentName,
                _nameFaultAt,
                $"The name of comment {_index} has a character that is not of ASCII from space to '}}'.");
        }

        if (IsNamed("R128_TRACK_GAIN"u8))
            BeginGain(ref _hasTrackGain, "R128_TRACK_GAIN");
        else if (IsNamed("R128_ALBUM_GAIN"u8))
            BeginGain(ref _hasAlbumGain, "R128_ALBUM_GAIN");
        else if (IsNamed("REPLAYGAIN_TRACK_GAIN"u8) || IsNamed("REPLAYGAIN_TRACK_PEAK"u8)
            || IsNamed("REPLAYGAIN_ALBUM_GAIN"u8) || IsNamed("REPLAYGAIN_ALBUM_PEAK"u8))
            log.Add(
                Rule.ReplayGain,
                _start,
                $"Comment {_index} is of ReplayGain; Opus has the output gain and R128_TRACK_GAIN for it.");
        else if (IsNamed("METADATA_BLOCK_PICTURE"u8))
            BeginPicture();
    }

    private void BeginGain(ref bool isThere, string name)
    {
        _kind = Kind.Gain;
        if (isThere)
            log.Add(Rule.R128Repeated, _start, $"Comment {_index} is one more {name}; there is no more than one.");
        isThere = true;
    }

    private void BeginPicture()
    {
        _kind = Kind.Picture;
        _picture.Begin(_index, _valueAt);
    }

    private void TakeValue(ReadOnlySpan<byte> data, long offset, bool isEnd)
    {
        var fault = _isBroken ? -1 : _text.FindFault(data, isEnd);
        if (fault >= 0)
        {
            _isBroken = true;
            log.Add(Rule.TextEncoding, offset + fault, $"The value of comment {_index} is not UTF-8.");
        }

        if (_kind == Kind.Picture)
            _picture.Feed(data, offset);
        if (_valueLength < _value.Length)
            data[..Math.Min(data.Length, _value.Length - _valueLength)].CopyTo(_value.AsSpan(_valueLength));
        _valueLength = (int)Math.Min((long)_valueLength + data.Length, int.MaxValue);
    }

    // An integer in base 10, with a sign or none, of six characters or fewer.
    private void CheckGain()
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign;
        var text = _value.AsSpan(0, Math.Min(_valueLength, _value.Length));
        if (_valueLength > MaxGainLength || !short.TryParse(text, Style, CultureInfo.InvariantCulture, out _))
        {
            log.Add(
                Rule.R128Format,
                _valueAt,
                $"Comment {_index} is an R128 gain and no integer of six characters from -32768 to 32767.");
        }
    }

    private bool IsNamed(ReadOnlySpan<byte> name)
    {
        if (_nameLength != name.Length)
            return false;
        for (var i = 0; i < name.Length; i++)
        {
            var upper = _name[i] is >= (byte)'a' and <= (byte)'z' ? _name[i] - 32 : _name[i];
            if (upper != name[i])
                return false;
        }

        return true;
    }
}
