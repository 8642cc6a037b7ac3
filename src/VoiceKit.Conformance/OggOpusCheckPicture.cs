using System.Buffers.Binary;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>
/// Judges a METADATA_BLOCK_PICTURE comment: Base64 of a FLAC picture block (RFC 9639 §8.8). Only the block's first bytes are
/// kept; they tell what kind of picture follows and how large it is.
/// </summary>
internal sealed class OggOpusCheckPicture(OggOpusCheckLog log)
{
    private const int MaxKept = 64 * 1024;

    /// <summary>Eight numbers of four bytes, and empty texts and no picture.</summary>
    private const int MinSize = 32;

    private const int LastType = 20;
    private const int Icon = 1;
    private const int OtherIcon = 2;
    private const int IconSize = 32;

    private byte[] _block = [];
    private int _kept;
    private uint _index;
    private long _start;

    // Four characters make three bytes.
    private long _characters;
    private int _bits;
    private int _ends;
    private long _faultAt;
    private bool _hasIcon;
    private bool _hasOtherIcon;

    /// <summary>Begins the comments of a stream.</summary>
    public void BeginTags() => _hasIcon = _hasOtherIcon = false;

    public void Begin(uint index, long offset)
    {
        _index = index;
        _start = offset;
        _kept = _bits = _ends = 0;
        _characters = 0;
        _faultAt = -1;
    }

    public void Feed(ReadOnlySpan<byte> text, long offset)
    {
        for (var i = 0; i < text.Length && _faultAt < 0; i++)
        {
            var value = ValueOf(text[i]);
            if (value < 0 || (_ends > 0 && text[i] != '='))
            {
                _faultAt = offset + i;
                return;
            }

            _ends += text[i] == '=' ? 1 : 0;
            _bits = (_bits << 6) | value;
            if ((++_characters & 3) == 0)
                Keep();
        }
    }

    public void End(long end)
    {
        if (_faultAt < 0 && ((_characters & 3) != 0 || _ends > 2))
            _faultAt = end;
        if (_faultAt >= 0)
            log.Add(Rule.PictureBase64, _faultAt, $"The picture of comment {_index} is not Base64.");
        else
            CheckBlock(_characters / 4 * 3 - _ends);
    }

    private static int ValueOf(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => character - 'A',
        >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        (byte)'=' => 0,
        _ => -1,
    };

    private void Keep()
    {
        var bits = _bits;
        _bits = 0;
        if (_kept + 3 > MaxKept)
            return;
        if (_kept + 3 > _block.Length)
            Array.Resize(ref _block, Math.Clamp(2 * _block.Length, 1024, MaxKept));
        _block[_kept++] = (byte)(bits >> 16);
        _block[_kept++] = (byte)(bits >> 8);
        _block[_kept++] = (byte)bits;
    }

    /// <param name="size">The size of the whole block, of which the first bytes are kept.</param>
    private void CheckBlock(long size)
    {
        if (size < MinSize)
        {
            log.Add(Rule.PictureBlock, _start, $"The picture of comment {_index} has {size} bytes; its fields take {MinSize}.");
            return;
        }

        var block = _block.AsSpan(0, (int)Math.Min(_kept, size));
        var type = Number(block, 0);
        CheckType(type);
        var mediaLength = Number(block, 4);
        if (mediaLength > size - MinSize)
        {
            log.Add(
                Rule.PictureBlock,
                _start,
                $"The picture of comment {_index} has a media type of {mediaLength} bytes, more than there are.");
            return;
        }

        if (block.Length < 12 + mediaLength)
            return; // The rest of it is not kept.
        var media = block.Slice(8, (int)mediaLength);
        if (media.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) >= 0)
        {
            log.Add(
                Rule.PictureBlock,
                _start,
                $"The picture of comment {_index} has a media type that is not of printable ASCII.");
        }

        var textLength = Number(block, 8 + (int)mediaLength);
        if (textLength > size - MinSize - mediaLength)
        {
            log.Add(
                Rule.PictureBlock,
                _start,
                $"The picture of comment {_index} has a description of {textLength} bytes, more than there are.");
        }
        else if (block.Length >= MinSize + mediaLength + textLength)
            CheckPicture(type, media, block[(12 + (int)(mediaLength + textLength))..], size - MinSize - mediaLength - textLength);
    }

    private void CheckType(uint type)
    {
        if (type > LastType)
            log.Add(Rule.PictureBlock, _start, $"The picture of comment {_index} is of type {type}, which is not defined.");
        else if ((type == Icon && _hasIcon) || (type == OtherIcon && _hasOtherIcon))
        {
            log.Add(
                Rule.PictureBlock,
                _start,
                $"The picture of comment {_index} is one more of type {type}; there is no more than one.");
        }

        _hasIcon |= type == Icon;
        _hasOtherIcon |= type == OtherIcon;
    }

    // Width, height, depth and colours, the data's length, and the data.
    private void CheckPicture(uint type, ReadOnlySpan<byte> media, ReadOnlySpan<byte> block, long size)
    {
        var said = new OggOpusCheckImage(Number(block, 0), Number(block, 4), Number(block, 8), Number(block, 12));
        var dataLength = Number(block, 16);
        var data = block[20..];
        var isSaid = said != default;
        if (isSaid && (said.Width == 0 || said.Height == 0 || said.Depth == 0))
        {
            log.Add(
                Rule.PictureBlock,
                _start,
                $"The picture of comment {_index} is {said.Width} × {said.Height} × {said.Depth}; all of these are 0 or none.");
        }

        if (dataLength != size)
        {
            log.Add(
                Rule.PictureBlock,
                _start,
                $"The picture of comment {_index} has {dataLength} bytes of data, and {size} are there.");
            return;
        }

        if (media.SequenceEqual("-->"u8))
            CheckLinkedIcon(type, said);
        else
            CheckData(type, media, data, said, isSaid);
    }

    private void CheckLinkedIcon(uint type, OggOpusCheckImage said)
    {
        if (type == Icon && said.Width != 0 && said.Height != 0 && (said.Width, said.Height) != (IconSize, IconSize))
            log.Add(Rule.PictureImage, _start, $"The picture of comment {_index} is an icon, which has 32 × 32 pixels.");
    }

    private void CheckData(uint type, ReadOnlySpan<byte> media, ReadOnlySpan<byte> data, OggOpusCheckImage said, bool isSaid)
    {
        var format = OggOpusCheckImage.FormatOf(data);
        var isKnown = OggOpusCheckImage.TryGetFormat(media, out var wanted);
        if (!isKnown || (wanted == OggOpusCheckImage.Format.None && format == OggOpusCheckImage.Format.None))
            log.Add(Rule.PictureImage, _start, $"The picture of comment {_index} is of a media type that few programs know.");
        else if (wanted != OggOpusCheckImage.Format.None && format != wanted)
            log.Add(Rule.PictureImage, _start, $"The picture of comment {_index} is said to be {wanted} and is not.");
        else
            CheckImage(type, OggOpusCheckImage.Read(data, format), format, said, isSaid);
    }

    private void CheckImage(
        uint type, OggOpusCheckImage image, OggOpusCheckImage.Format format, OggOpusCheckImage said, bool isSaid)
    {
        if (image == default)
            log.Add(Rule.PictureImage, _start, $"The picture of comment {_index} cannot be read far enough to see its size.");
        else if (isSaid && (said.Width, said.Height, said.Depth) != (image.Width, image.Height, image.Depth))
        {
            log.Add(
                Rule.PictureImage,
                _start,
                $"The picture of comment {_index} is {image.Width} × {image.Height} × {image.Depth}, "
                + $"and is said to be {said.Width} × {said.Height} × {said.Depth}.");
        }
        else if (isSaid && said.Colors != image.Colors)
        {
            log.Add(
                Rule.PictureImage,
                _start,
                $"The picture of comment {_index} is said to have {said.Colors} colours in its palette and has {image.Colors}.");
        }

        if (type == Icon && (format != OggOpusCheckImage.Format.Png || (image.Width, image.Height) != (IconSize, IconSize)))
            log.Add(Rule.PictureImage, _start, $"The picture of comment {_index} is an icon, which is a PNG of 32 × 32 pixels.");
    }

    private static uint Number(ReadOnlySpan<byte> block, int at) => BinaryPrimitives.ReadUInt32BigEndian(block[at..]);
}
