using System.Buffers.Binary;
using System.Text;
using VoiceKit.Conformance;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Tests.Conformance;

/// <content>Headers.</content>
internal static partial class OggOpusCheckCases
{
    private static IEnumerable<Case> Heads()
    {
        yield return On("an OpusHead over two pages", Rule.HeadSpansPages, file =>
        {
            file.OpenPage(Begin, -1, 1, [], [.. HeadPacket(), .. new byte[236]]).Page(OggPageFlags.Continued, 0, 1, [1]);
            file.Tags().Audio(5, 5 * D, End);
            return Body;
        });
        yield return On("tags on the page of the OpusHead", Rule.HeadNotAlone, file =>
        {
            file.Page(Begin, 0, 1, HeadPacket(), TagsPacket("test")).Audio(5, 5 * D, End);
            return Body + 1 + 19;
        });
        yield return Head("18 bytes", Rule.HeadTooShort, 0, head => head[..18]);
        yield return Head("a mapping without indices", Rule.HeadTooShort, 0, head => [.. head[..18], 1, 1, 0]);
        yield return Head("a family without a table", Rule.HeadTooShort, 0, head => [.. head[..18], 1]);
        yield return Head("a table in family 0", Rule.HeadMappingTable, 19, head => [.. head, 1, 0, 0]);
        yield return Head("bytes behind the table", Rule.HeadTrailingBytes, 22, head => [.. head[..18], 1, 1, 0, 0, 9]);
        yield return Head("version 0", Rule.HeadVersion, 8, head => Set(head, 8, 0));
        yield return Head("version 2 with one more field", Rule.HeadVersion, 8, head => [.. Set(head, 8, 2), 7]);
        yield return Head("version 16", Rule.HeadVersion, 8, head => Set(head, 8, 16));
        yield return Head("no channels", Rule.HeadChannels, 9, head => Set(head, 9, 0));
        yield return Head("three channels in family 0", Rule.HeadChannels, 9, head => Set(head, 9, 3));
        yield return Head(
            "nine channels in family 1", Rule.HeadChannels, 9, head => [.. Set(head, 9, 9)[..18], 1, 1, 0, .. new byte[9]]);
        yield return Head("no streams", Rule.HeadStreams, 19, head => [.. head[..18], 1, 0, 0, 255]);
        yield return Head("more coupled streams than streams", Rule.HeadStreams, 19, head => [.. head[..18], 1, 1, 2, 0]);
        yield return Head("a decoded channel that is not there", Rule.HeadMapping, 21, head => [.. head[..18], 1, 1, 0, 1]);
        yield return Head("family 255", Rule.HeadFamily, 18, head => [.. head[..18], 255, 1, 0, 0]);
        yield return Head("ambisonics", Rule.HeadFamily, 18, head => [.. Set(head, 9, 4)[..18], 3, 1, 1, .. new byte[2 * 4 * 2]]);
        yield return Head("no pre-skip", Rule.PreSkipLow, 10, head => Set(Set(head, 10, 0), 11, 0));
        yield return Head("an input of 999 Hz", Rule.InputRate, 12, head => [.. head[..12], .. Number(999), .. head[16..]]);
        yield return Head("a gain of 1 dB", Rule.OutputGain, 16, head => Set(head, 17, 1));
    }

    private static IEnumerable<Case> Tags()
    {
        yield return On("audio in place of tags", Rule.TagsMissing, file =>
        {
            var at = file.Head().Length;
            file.Audio(1, D).Audio(5, 6 * D, End);
            return at + Body;
        });
        yield return On("audio on the page of the tags", Rule.TagsNotAlone, file =>
        {
            var tags = TagsPacket("test");
            var at = file.Head().Length;
            file.Page(None, D, 1, tags, OggBytes.Packet).Audio(5, 6 * D, End);
            return at + OggPage.HeaderSize + 2 + tags.Length;
        });
        yield return On("a packet begins on the page of the tags", Rule.TagsNotAlone, file =>
        {
            var tags = TagsPacket("test");
            var at = file.Head().Length;
            file.OpenPage(None, 0, 1, tags, Opening()).Page(OggPageFlags.Continued, D, 1, [1, 2]).Audio(5, 6 * D, End);
            return at + OggPage.HeaderSize + 2 + tags.Length;
        });
        yield return Tag("nothing", Rule.TagsTooShort, 8, [.. OpusTags.Magic]);
        yield return Tag("half a length", Rule.TagsTooShort, 8, [.. OpusTags.Magic, 1, 0]);
        yield return Tag("no number of comments", Rule.TagsTooShort, 16, TagsPacket("test")[..16]);
        yield return Tag("a vendor beyond the end", Rule.TagsLength, 8, [.. OpusTags.Magic, .. Number(0xFFFF_FFFF), 1, 2, 3, 4]);
        yield return Tag("a comment beyond the end", Rule.TagsLength, 20, TagsPacket("test", "A=123")[..^1]);
        yield return Tag("comments that are not there", Rule.TagsCount, 16, Set(TagsPacket("test", "A=1"), 16, 2));
        yield return Tag("no vendor", Rule.VendorEmpty, 8, TagsPacket(""));
        yield return Tag("a vendor of bad text", Rule.TextEncoding, 13, Set(TagsPacket("test"), 13, 0xFF));
        yield return Tag("a value of bad text", Rule.TextEncoding, 28, Set(TagsPacket("test", "A=12345"), 28, 0x80));
        yield return Tag(
            "a value that ends within a character", Rule.TextEncoding, 29, Set(TagsPacket("test", "A=123"), 28, 0xE2));
        yield return Tag("a comment without a name", Rule.CommentWithoutName, 24, TagsPacket("test", "TITLE"));
        yield return Tag("a name with a tilde", Rule.CommentName, 25, TagsPacket("test", "A~B=1"));
        yield return Tag("a name that is not ASCII", Rule.CommentName, 25, TagsPacket("test", "Aü=1"));
        yield return Tag("an empty name", Rule.CommentNameEmpty, 24, TagsPacket("test", "=1"));
        yield return Tag("two track gains", Rule.R128Repeated, 46, TagsPacket("test", "R128_TRACK_GAIN=-5", "r128_track_gain=5"));
        yield return Tag("a gain with a point", Rule.R128Format, 40, TagsPacket("test", "R128_TRACK_GAIN=-5.0"));
        yield return Tag("a gain that is too large", Rule.R128Format, 40, TagsPacket("test", "R128_ALBUM_GAIN=32768"));
        yield return Tag("a gain of seven characters", Rule.R128Format, 40, TagsPacket("test", "R128_ALBUM_GAIN=0000001"));
        yield return Tag("a gain with a space", Rule.R128Format, 40, TagsPacket("test", "R128_ALBUM_GAIN= 1"));
        yield return Tag("an empty gain", Rule.R128Format, 40, TagsPacket("test", "R128_ALBUM_GAIN="));
        yield return Tag("ReplayGain", Rule.ReplayGain, 24, TagsPacket("test", "replaygain_track_gain=-1 dB"));
        yield return Tag("a comment far behind", Rule.CommentFarBehind, 20, TagsPacket("test", "A=" + new string('x', 62_000)));
        yield return Tag("data to preserve", Rule.TagsData, 20, [.. TagsPacket("test"), 1]);
        yield return Tag("padding that is not zero", Rule.TagsPadding, 20, [.. TagsPacket("test"), 2, 0, 5]);
        yield return On("tags that end within a packet", Rule.PacketUnfinished, file =>
        {
            var at = file.Head().OpenPage(None, -1, 1, [], TagsPacket("test", "A=" + new string('x', 255 - 26))).Length;
            file.Audio(5, 5 * D, End);
            return at;
        });
    }

    private static IEnumerable<Case> Pictures()
    {
        yield return Picture("no Base64", Rule.PictureBase64, "AAA?", 3);
        yield return Picture("Base64 that is cut", Rule.PictureBase64, "AAAAA", 5);
        yield return Picture("Base64 that goes on after its end", Rule.PictureBase64, "AA==AAAA", 4);
        yield return Picture("31 bytes", Rule.PictureBlock, new byte[31]);
        yield return Picture("type 21", Rule.PictureBlock, Block(21, "image/png", Png(2, 3), 0, 0, 0));
        yield return Picture(
            "a media type beyond the end", Rule.PictureBlock, Set(Block(3, "image/png", Png(2, 3), 0, 0, 0), 4, 9));
        yield return Picture(
            "a description beyond the end", Rule.PictureBlock, Set(Block(3, "image/png", Png(2, 3), 0, 0, 0), 17, 9));
        yield return Picture("data beyond the end", Rule.PictureBlock, [.. Block(3, "image/png", Png(2, 3), 0, 0, 0), 0]);
        yield return Picture("a control character", Rule.PictureBlock, Block(3, "-->\n", [], 0, 0, 0), Rule.PictureImage);
        yield return Picture("no PNG", Rule.PictureImage, Block(3, "image/png", [1, 2, 3], 0, 0, 0));
        yield return Picture("no JPEG", Rule.PictureImage, Block(3, "image/jpeg", Png(2, 3), 0, 0, 0));
        yield return Picture("a media type of its own", Rule.PictureImage, Block(3, "text/plain", [1, 2, 3], 0, 0, 0));
        yield return Picture("a wrong width", Rule.PictureImage, Block(3, "image/png", Png(2, 3), 3, 3, 24));
        yield return Picture("a wrong depth", Rule.PictureImage, Block(3, "image/", Png(2, 3), 2, 3, 8));
        yield return Picture("a large icon", Rule.PictureImage, Block(1, "image/png", Png(64, 64), 0, 0, 0));
        yield return Picture("a PNG that is cut", Rule.PictureImage, Block(3, "image/png", Png(2, 3)[..20], 0, 0, 0));
        yield return Picture("a GIF of another size", Rule.PictureImage, Block(3, "image/gif", Gif(7, 8), 8, 7, 24));
        yield return Picture("a JPEG of another size", Rule.PictureImage, Block(3, "image/jpeg", Jpeg(7, 8), 8, 7, 24));
    }

    private static Case Picture(string name, Rule rule, byte[] block, params Rule[] more) =>
        Picture(name, rule, Convert.ToBase64String(block), 0, more);

    private static Case Picture(string name, Rule rule, string text, int at, params Rule[] more)
    {
        const string Name = "METADATA_BLOCK_PICTURE=";
        var result = Tag("a picture: " + name, rule, 24 + Name.Length + at, TagsPacket("test", Name + text));
        return result with { Expected = [.. result.Expected, .. more.Select(other => (other, result.Expected[0].Offset))] };
    }

    private static byte[] Block(uint type, string media, byte[] data, uint width, uint height, uint depth) =>
        [
            .. Big(type), .. Big((uint)media.Length), .. Encoding.ASCII.GetBytes(media), .. Big(0),
            .. Big(width), .. Big(height), .. Big(depth), .. Big(0), .. Big((uint)data.Length), .. data,
        ];

    private static byte[] Png(uint width, uint height) =>
        [0x89, .. "PNG\r\n\u001a\n"u8, .. Big(13), .. "IHDR"u8, .. Big(width), .. Big(height), 8, 2, 0, 0, 0, 1, 2, 3, 4];

    private static byte[] Gif(byte width, byte height) => [.. "GIF89a"u8, width, 0, height, 0, 0, 0, 0];

    private static byte[] Jpeg(byte width, byte height) =>
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 17, 8, 0, height, 0, width, 3, 1, 2, 3, 4];

    private static byte[] Big(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static Case Head(string name, Rule rule, int at, Func<byte[], byte[]> change) => On("OpusHead: " + name, rule, file =>
    {
        file.Page(Begin, 0, 1, change(HeadPacket())).Tags().Audio(5, 5 * D, End);
        return Body + at;
    });

    // Packets of more than 255 bytes have more segments than one.
    private static Case Tag(string name, Rule rule, int at, byte[] packet) => On("OpusTags: " + name, rule, file =>
    {
        var start = file.Head().Length;
        file.Page(None, 0, 1, packet).Audio(5, 5 * D, End);
        return start + OggPage.HeaderSize + (packet.Length / 255) + 1 + at;
    });

    private static byte[] Set(byte[] packet, int at, byte value)
    {
        byte[] copy = [.. packet];
        copy[at] = value;
        return copy;
    }
}
