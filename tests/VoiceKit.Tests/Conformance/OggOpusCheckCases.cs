using System.Buffers.Binary;
using System.Text;
using VoiceKit.Conformance;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Tests.Conformance;

/// <summary>Files that break one rule each, and where.</summary>
internal static partial class OggOpusCheckCases
{
    public const int PreSkip = 312;
    public const int D = OggBytes.PacketDuration;
    public const OggPageFlags End = OggPageFlags.EndOfStream;
    private const OggPageFlags Begin = OggPageFlags.BeginOfStream;
    private const OggPageFlags None = OggPageFlags.None;

    /// <summary>Where the first packet stands on a page of one packet shorter than 255 bytes.</summary>
    private const int Body = OggPage.HeaderSize + 1;

    public static IReadOnlyList<Case> All { get; } =
        [.. Pages(), .. Streams(), .. Heads(), .. Tags(), .. Pictures(), .. Granules(), .. Packets(), .. SurroundPackets()];

    private static IEnumerable<Case> Pages()
    {
        yield return On("bytes between pages", Rule.Junk, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Raw(1, 2, 3).Audio(5, 10 * D, End);
            return at;
        });
        yield return On("bytes at the end", Rule.Junk, file =>
        {
            var at = Started(file).Audio(5, 5 * D, End).Length;
            file.Raw((byte)'O', (byte)'g', (byte)'g');
            return at;
        });
        yield return Cut("the input ends within the last page", Rule.PageTruncated, 10);
        yield return Cut("the input ends within the header of the last page", Rule.PageTruncated, 30);
        yield return Patched("a wrong byte in a page", Rule.PageChecksum, 0, page => page[40] ^= 1, isSealed: false);
        yield return Patched("a wrong checksum", Rule.PageChecksum, 0, page => page[OggPage.ChecksumAt] ^= 1, isSealed: false);
        yield return Patched(
            "a wrong serial number and checksum", Rule.PageChecksum, 0, page => page[OggPage.SerialAt] ^= 1, isSealed: false);
        yield return Patched(
            "a page of another version", Rule.PageVersion, OggPage.VersionAt, page => page[OggPage.VersionAt] = 1);
        yield return Patched(
            "a flag that is not defined", Rule.PageFlags, OggPage.FlagsAt, page => page[OggPage.FlagsAt] |= 0x40);
        yield return On("a page without data", Rule.PageEmpty, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Page(None, -1, 1).Audio(5, 10 * D, End);
            return at;
        });
        yield return On("five seconds on a page", Rule.PageLong, file =>
        {
            var at = Started(file).Length;
            file.Audio(250, 250 * D, End);
            return at;
        });
    }

    private static IEnumerable<Case> Streams()
    {
        yield return On("numbers that start at 5", Rule.SequenceStart, file =>
        {
            Started(file.Skip(5)).Audio(5, 5 * D, End);
            return OggPage.SequenceAt;
        });
        yield return On("two missing pages", Rule.SequenceGap, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Skip(2).Audio(5, 20 * D, End);
            return at + OggPage.SequenceAt;
        });
        yield return On("a number twice", Rule.SequenceRepeated, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Skip(-1).Audio(5, 5 * D).Audio(5, 10 * D, End);
            return at + OggPage.SequenceAt;
        });
        yield return On("headers before a stream joined at a page", Rule.JoinedMidStream, file =>
        {
            var at = Started(file).Length;
            file.Skip(70).Audio(5, 5 * D).Audio(5, 10 * D, End);
            return at;
        });
        yield return On("headers before a stream joined within a packet", Rule.JoinedMidStream, file =>
        {
            var at = Started(file).Length;
            file.Audio(5, 50 * D, OggPageFlags.Continued).Audio(5, 55 * D, End);
            return at;
        });
        yield return On("a packet that goes on and did not begin", Rule.ContinuedWithoutStart, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Audio(5, 9 * D, OggPageFlags.Continued).Audio(5, 14 * D, End);
            return at + OggPage.FlagsAt;
        });
        yield return On("a packet that does not go on", Rule.PacketUnfinished, file =>
        {
            Started(file).OpenPage(None, D, 1, OggBytes.Packet, new byte[255]);
            var at = file.Length;
            file.Audio(5, 6 * D, End);
            return at;
        });
        yield return On("an unfinished packet on the last page", Rule.PacketUnfinished, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.OpenPage(End, 6 * D, 1, OggBytes.Packet, new byte[255]);
            return at;
        });
        yield return On("a first page that is not marked", Rule.BeginMissing, file =>
        {
            file.Page(None, 0, 1, HeadPacket()).Tags().Audio(5, 5 * D, End);
            return OggPage.FlagsAt;
        });
        yield return On("a first page in the middle", Rule.BeginRepeated, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Audio(5, 10 * D, Begin).Audio(5, 15 * D, End);
            return at + OggPage.FlagsAt;
        });
        yield return On("two OpusHead pages", Rule.BeginRepeated, file =>
        {
            var at = file.Head().Length;
            file.Head().Tags().Audio(5, 5 * D, End);
            return at + OggPage.FlagsAt;
        });
        yield return On("a stream that begins within another", Rule.BeginLate, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Head(serial: 2).Tags(2).Audio(5, 5 * D, End, 2).Audio(5, 10 * D, End);
            return at;
        });
        yield return On("no end", Rule.EndMissing, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Audio(5, 10 * D);
            return at;
        });
        yield return On("no end before the next link", Rule.EndMissing, file =>
        {
            var at = Started(file).Length;
            Started(file.Audio(5, 5 * D), 2).Audio(5, 5 * D, End, 2);
            return at;
        });
        yield return On("tags that end the stream", Rule.EndOnHeader, file =>
        {
            var at = file.Head().Length;
            file.Page(End, 0, 1, TagsPacket("test"));
            return at + OggPage.FlagsAt;
        });
        yield return On("an empty last page", Rule.EndPageEmpty, file =>
        {
            var at = Started(file).Audio(5, 5 * D).Length;
            file.Page(End, 5 * D, 1);
            return at;
        });
        yield return On("pages after the end", Rule.PageAfterEnd, file =>
        {
            var at = Started(file).Audio(5, 5 * D, End).Length;
            file.Audio(5, 10 * D).Audio(5, 15 * D);
            return at;
        });
        yield return On("two links of one serial number", Rule.SerialReused, file =>
        {
            var at = Started(file).Audio(5, 5 * D, End).Length;
            Started(file.Skip(-3)).Audio(5, 5 * D, End);
            return at + OggPage.SerialAt;
        });
        yield return On("two streams at a time", Rule.ParallelStreams, file =>
        {
            var at = file.Head().Length;
            file.Head(serial: 2).Tags().Tags(2).Audio(5, 5 * D).Audio(5, 5 * D, End, 2).Audio(5, 10 * D, End);
            return at;
        });
        yield return On("Vorbis", Rule.NoOpusStream, file =>
        {
            file.Page(Begin, 0, 1, Encoding.ASCII.GetBytes("\u0001vorbis and so on")).Page(End, 100, 1, [1, 2]);
            return 0;
        });
        yield return On("a link of Vorbis", Rule.NoOpusStream, file =>
        {
            var at = Started(file).Audio(5, 5 * D, End).Length;
            file.Page(Begin, 0, 2, Encoding.ASCII.GetBytes("\u0001vorbis and so on")).Page(End, 100, 2, [1, 2]);
            return at;
        });
        yield return On("nothing", Rule.NoOpusStream, _ => 0);
        yield return On("no Ogg", Rule.NoOpusStream, file =>
        {
            file.Raw(Encoding.ASCII.GetBytes("RIFF....WAVEfmt and so on"));
            return 0;
        });
        yield return On("no audio", Rule.EndMissing, file =>
        {
            var at = file.Head().Length;
            file.Tags();
            return at;
        }, Rule.NoAudio);
    }

    private static IEnumerable<Case> Granules()
    {
        yield return Granule(
            "tags", Rule.HeaderGranule,
            file => file.Head(),
            file => file.Page(None, 5, 1, TagsPacket("t")).Audio(5, 5 * D, End));
        yield return Granule(
            "OpusHead", Rule.HeaderGranule,
            _ => { },
            file => file.Page(Begin, 1, 1, HeadPacket()).Tags().Audio(5, 5 * D, End));
        yield return Granule("none", Rule.GranuleMissing, file => Started(file), file => file.Audio(5, -1).Audio(5, 10 * D, End));
        yield return Granule(
            "negative", Rule.GranuleNegative,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, -2).Audio(5, 15 * D, End));
        yield return Granule(
            "where no packet ends",
            Rule.GranuleWithoutPacket,
            file => Started(file).Audio(5, 5 * D),
            file => file.OpenPage(None, 5 * D, 1, [], Opening()).Page(OggPageFlags.Continued | End, 6 * D, 1, [1, 2, 3]));
        yield return Granule(
            "a hole", Rule.GranuleJump,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 10 * D + 7).Audio(5, 15 * D + 7, End));
        yield return Granule(
            "one wrong page", Rule.GranuleJump,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 10 * D + 7).Audio(5, 15 * D, End));
        yield return Granule(
            "a hole at the end", Rule.GranuleJump,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 10 * D + 1, End));
        yield return Granule(
            "an overlap", Rule.GranuleOverlap,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 10 * D - 7).Audio(5, 15 * D - 7, End));
        yield return Granule(
            "it falls", Rule.GranuleDecreasing,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 5 * D - 1).Audio(5, 15 * D, End));
        yield return Granule(
            "it falls at the end", Rule.GranuleDecreasing,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 4 * D, End));
        yield return Granule(
            "of ages to come", Rule.GranuleAbsurd,
            file => Started(file),
            file => file.Audio(5, 1L << 60).Audio(5, (1L << 60) + 5 * D, End));
        yield return Granule(
            "first, below its samples", Rule.FirstGranuleShort,
            file => Started(file),
            file => file.Audio(5, 5 * D - 1).Audio(5, 10 * D - 1, End));
        yield return Granule(
            "only, below the pre-skip", Rule.FirstGranuleBelowPreSkip,
            file => Started(file),
            file => file.Audio(5, PreSkip - 1, End));
        yield return Granule(
            "late start", Rule.StartLate,
            file => file.Head(3840).Tags(),
            file => file.Audio(5, 5 * D + 9).Audio(5, 10 * D + 9, End));
        yield return Granule(
            "cropped", Rule.StartLate,
            file => Started(file),
            file => file.Audio(5, 5 * D + 9).Audio(5, 10 * D + 9, End), Rule.PreSkipCropped);
        yield return Granule(
            "a long trim", Rule.TrimLong,
            file => Started(file).Audio(5, 5 * D),
            file => file.Audio(5, 9 * D - 1, End));
        yield return Granule(
            "a long trim of the only page", Rule.TrimLong,
            file => Started(file),
            file => file.Audio(5, 4 * D - 1, End));
        yield return On("within the pre-skip", Rule.NothingAudible, file =>
        {
            var at = file.Head(3000).Tags().Audio(1, D).Length;
            file.Audio(1, 2 * D, End);
            return at;
        });
    }

    private static IEnumerable<Case> Packets()
    {
        yield return Packet(Rule.PacketEmpty, []);
        yield return Packet(Rule.FrameTooLong, [0x48, .. new byte[1276]]);
        yield return Packet(Rule.OddPair, [0x49, 1, 2, 3]);
        yield return Packet(Rule.PairLength, [0x4A, 200, 1]);
        yield return Packet(Rule.PacketDuration, [0x4B, 7, .. new byte[7]]);
        yield return Packet(Rule.PacketDuration, Encoding.ASCII.GetBytes("OpusHead"));
        yield return Packet(Rule.ConstantLayout, [0x4B, 2, 1, 2, 3]);
        yield return Packet(Rule.VariableLayout, [0x4B, 0x82, 200, 1]);
        yield return Packet(Rule.PacketPadding, Padded(5 * 254), D);
        yield return Packet(Rule.PacketOversized, Padded(242 * 254), D);
        yield return On("a broken packet over two pages", Rule.VariableLayout, file =>
        {
            byte[] packet = [0x4B, 0x82, 255, 255, .. new byte[251]]; // The first of two frames is said to have 1275 bytes.
            var at = Started(file).Audio(1, D).Length;
            file.OpenPage(None, 2 * D, 1, OggBytes.Packet, packet);
            file.Page(OggPageFlags.Continued | End, 3 * D, 1, new byte[20], OggBytes.Packet);
            return at + OggPage.HeaderSize + 2 + OggBytes.Packet.Length;
        });
    }

    private static IEnumerable<Case> SurroundPackets()
    {
        // Two streams in a packet, the first of them stereo and self-delimited: three channels of mapping family 1.
        byte[] head = [.. HeadPacket()[..18], 1, 2, 1, 0, 2, 1];
        head[9] = 3;
        byte[] whole = [0x4C, 2, 1, 2, 0x48, 1, 2];
        yield return Surround("a stream that does not fit", Rule.Delimiting, [0x4C, 200, 1, 2]);
        yield return Surround("streams of 20 and 10 ms", Rule.StreamDurations, [0x4C, 2, 1, 2, 0x40, 1]);

        Case Surround(string name, Rule rule, byte[] packet) => On(name, rule, file =>
        {
            var at = file.Page(Begin, 0, 1, head).Tags().Page(None, D, 1, whole).Length;
            file.Page(None, 2 * D, 1, whole, packet).Page(End, 3 * D, 1, whole);
            return at + OggPage.HeaderSize + 2 + whole.Length;
        });
    }

    // One frame, and as much padding (RFC 6716 §3.2.5).
    private static byte[] Padded(int padding)
    {
        byte[] lengths = [.. Enumerable.Repeat((byte)255, padding / 254), 0];
        return [0x4B, 0x41, .. lengths, 1, 2, 3, .. new byte[padding]];
    }

    // The beginning of a valid packet of one frame.
    private static byte[] Opening() => [0x48, .. new byte[254]];

    private static Case Packet(Rule rule, byte[] packet, int duration = 0) => On($"{packet.Length} bytes", rule, file =>
    {
        var at = Started(file).Audio(1, D).Length;
        file.Page(None, 2 * D + duration, 1, OggBytes.Packet, packet).Audio(1, 3 * D + duration, End);
        return at + OggPage.HeaderSize + 1 + (packet.Length / 255) + 1 + OggBytes.Packet.Length;
    });

    private static Case Granule(string name, Rule rule, Action<OggBytes> before, Action<OggBytes> after, params Rule[] more) =>
        On("granule position: " + name, rule, file =>
        {
            before(file);
            var at = file.Length;
            after(file);
            return at + OggPage.GranuleAt;
        }, more);

    private static Case Cut(string name, Rule rule, int bytes)
    {
        var file = Started(new OggBytes()).Audio(5, 5 * D);
        var at = file.Length;
        return new Case(name, file.Audio(5, 10 * D, End).ToArray()[..^bytes], [(rule, at)]);
    }

    private static Case Patched(string name, Rule rule, int field, Action<byte[]> patch, bool isSealed = true)
    {
        var start = Started(new OggBytes()).Audio(5, 5 * D).ToArray();
        var upTo = Started(new OggBytes()).Audio(5, 5 * D).Audio(5, 10 * D).ToArray();
        var whole = Started(new OggBytes()).Audio(5, 5 * D).Audio(5, 10 * D).Audio(5, 15 * D, End).ToArray();
        var page = upTo[start.Length..];
        patch(page);
        if (isSealed)
            OggBytes.Seal(page);
        return new Case(name, [.. start, .. page, .. whole[upTo.Length..]], [(rule, start.Length + field)]);
    }

    private static Case On(string name, Rule rule, Func<OggBytes, long> build, params Rule[] more)
    {
        var file = new OggBytes();
        var at = build(file);
        return new Case(name, file.ToArray(), [(rule, at), .. more.Select(other => (other, at))]);
    }

    private static OggBytes Started(OggBytes file, uint serial = 1) => file.Head(serial: serial).Tags(serial);

    private static byte[] HeadPacket(int preSkip = PreSkip)
    {
        var packet = new byte[19];
        new OpusHead(1, preSkip, 16_000).Write(packet);
        return packet;
    }

    private static byte[] TagsPacket(string vendor, params string[] comments)
    {
        var packet = new List<byte>(OpusTags.Magic.ToArray());
        AddText(packet, Encoding.UTF8.GetBytes(vendor));
        packet.AddRange(Number(comments.Length));
        foreach (var comment in comments)
            AddText(packet, Encoding.UTF8.GetBytes(comment));
        return [.. packet];
    }

    private static void AddText(List<byte> packet, byte[] text)
    {
        packet.AddRange(Number(text.Length));
        packet.AddRange(text);
    }

    private static byte[] Number(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return bytes;
    }

    /// <param name="Name">What is broken.</param>
    /// <param name="File">The file.</param>
    /// <param name="Expected">All that is to be found.</param>
    public sealed record Case(string Name, byte[] File, (Rule Rule, long Offset)[] Expected);
}
