using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>The boxes around the packets of one Opus track, but for its tables of samples.</summary>
internal static class Mp4MovieBoxes
{
    /// <summary>The one track's number.</summary>
    public const uint Track = 1;

    // 80 ms, what a decoder needs to converge (RFC 7845 §4.6), in samples at 48 kHz.
    private const int PreRoll = OpusRates.Full * 80 / 1000;

    /// <summary>The names of iTunes for comments.</summary>
    private static readonly (string Name, byte[] Type)[] Texts =
    [
        ("TITLE", [0xA9, .. "nam"u8]),
        ("ARTIST", [0xA9, .. "ART"u8]),
        ("ALBUM", [0xA9, .. "alb"u8]),
        ("DATE", [0xA9, .. "day"u8]),
        ("COMMENT", [0xA9, .. "cmt"u8]),
        ("GENRE", [0xA9, .. "gen"u8]),
    ];

    /// <summary>Writes the kind of file.</summary>
    public static void WriteFileType(Mp4BoxBuilder boxes, bool isFragmented)
    {
        var box = boxes.Begin("ftyp"u8);
        boxes.Bytes(isFragmented ? "iso5"u8 : "isom"u8);
        boxes.UInt32(512);
        boxes.Bytes(isFragmented ? "iso5iso6mp41"u8 : "isomiso2mp41"u8);
        boxes.End(box);
    }

    /// <summary>Writes the moov box.</summary>
    /// <param name="boxes">Where it goes.</param>
    /// <param name="head">The identification header.</param>
    /// <param name="tags">The comments.</param>
    /// <param name="times">How long it is.</param>
    /// <param name="isFragmented">Whether samples come in fragments.</param>
    /// <param name="tables">Writes the tables of samples behind the description.</param>
    /// <returns>Where the edit's duration stands, of eight bytes.</returns>
    public static int WriteMovie(
        Mp4BoxBuilder boxes, OpusHead head, OpusTags tags, Mp4Times times, bool isFragmented, Action<Mp4BoxBuilder> tables)
    {
        var moov = boxes.Begin("moov"u8);
        WriteMovieHeader(boxes, times.Heard);
        var trak = boxes.Begin("trak"u8);
        WriteTrackHeader(boxes, times.Heard);
        var editAt = WriteEdit(boxes, times.Heard, head.PreSkip);
        WriteMedia(boxes, head, times, tables);
        boxes.End(trak);
        if (isFragmented)
            WriteExtends(boxes);
        WriteTags(boxes, tags);
        boxes.End(moov);
        return editAt;
    }

    /// <summary>
    /// Writes that each sample needs those of 80 ms before it to be decoded ("Encapsulation of Opus …" §4.3.6).
    /// </summary>
    /// <param name="boxes">Where it goes.</param>
    /// <param name="samples">How many samples there are.</param>
    /// <param name="packetDuration">The shortest packet's duration, in samples at 48 kHz.</param>
    public static void WriteRoll(Mp4BoxBuilder boxes, uint samples, int packetDuration)
    {
        var description = boxes.Begin("sgpd"u8, 1);
        boxes.Bytes("roll"u8);
        boxes.UInt32(sizeof(short));
        boxes.UInt32(1);
        boxes.UInt16((ushort)(short)-((PreRoll + packetDuration - 1) / packetDuration));
        boxes.End(description);
        var group = boxes.Begin("sbgp"u8, 0);
        boxes.Bytes("roll"u8);
        boxes.UInt32(1);
        boxes.UInt32(samples);
        boxes.UInt32(1);
        boxes.End(group);
    }

    private static void WriteMovieHeader(Mp4BoxBuilder boxes, long duration)
    {
        var box = boxes.Begin("mvhd"u8, 1);
        boxes.UInt64(0);
        boxes.UInt64(0);
        boxes.UInt32(OpusRates.Full);
        boxes.UInt64((ulong)duration);
        boxes.UInt32(0x1_0000); // The usual speed.
        boxes.UInt16(0x100); // Full volume.
        boxes.Zeros(10);
        WriteMatrix(boxes);
        boxes.Zeros(24);
        boxes.UInt32(Track + 1);
        boxes.End(box);
    }

    private static void WriteTrackHeader(Mp4BoxBuilder boxes, long duration)
    {
        var box = boxes.Begin("tkhd"u8, 1, flags: 3); // Enabled, and in the movie.
        boxes.UInt64(0);
        boxes.UInt64(0);
        boxes.UInt32(Track);
        boxes.UInt32(0);
        boxes.UInt64((ulong)duration);
        boxes.Zeros(8);
        boxes.UInt16(0);
        boxes.UInt16(0);
        boxes.UInt16(0x100);
        boxes.UInt16(0);
        WriteMatrix(boxes);
        boxes.Zeros(8);
        boxes.End(box);
    }

    private static void WriteMatrix(Mp4BoxBuilder boxes)
    {
        foreach (var value in (ReadOnlySpan<uint>)[0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000])
            boxes.UInt32(value);
    }

    // §4.4: the edit begins behind the pre-skip, and ends where the sound does.
    private static int WriteEdit(Mp4BoxBuilder boxes, long duration, int preSkip)
    {
        var edts = boxes.Begin("edts"u8);
        var elst = boxes.Begin("elst"u8, 1);
        boxes.UInt32(1);
        var at = boxes.Length;
        boxes.UInt64((ulong)duration);
        boxes.UInt64((ulong)preSkip);
        boxes.UInt32(0x1_0000);
        boxes.End(elst);
        boxes.End(edts);
        return at;
    }

    private static void WriteMedia(Mp4BoxBuilder boxes, OpusHead head, Mp4Times times, Action<Mp4BoxBuilder> tables)
    {
        var mdia = boxes.Begin("mdia"u8);
        var mdhd = boxes.Begin("mdhd"u8, 1);
        boxes.UInt64(0);
        boxes.UInt64(0);
        boxes.UInt32(OpusRates.Full);
        boxes.UInt64((ulong)times.Media);
        boxes.UInt16(0x55C4); // "und": no language.
        boxes.UInt16(0);
        boxes.End(mdhd);
        WriteHandler(boxes, "soun"u8, "SoundHandler\0"u8);
        var minf = boxes.Begin("minf"u8);
        var smhd = boxes.Begin("smhd"u8, 0);
        boxes.UInt32(0);
        boxes.End(smhd);
        WriteDataReference(boxes);
        var stbl = boxes.Begin("stbl"u8);
        WriteDescription(boxes, head);
        tables(boxes);
        boxes.End(stbl);
        boxes.End(minf);
        boxes.End(mdia);
    }

    private static void WriteHandler(Mp4BoxBuilder boxes, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name)
    {
        var box = boxes.Begin("hdlr"u8, 0);
        boxes.UInt32(0);
        boxes.Bytes(type);
        boxes.Zeros(12);
        boxes.Bytes(name);
        boxes.End(box);
    }

    // The packets are in this file.
    private static void WriteDataReference(Mp4BoxBuilder boxes)
    {
        var dinf = boxes.Begin("dinf"u8);
        var dref = boxes.Begin("dref"u8, 0);
        boxes.UInt32(1);
        var url = boxes.Begin("url "u8, 0, flags: 1);
        boxes.End(url);
        boxes.End(dref);
        boxes.End(dinf);
    }

    private static void WriteDescription(Mp4BoxBuilder boxes, OpusHead head)
    {
        var stsd = boxes.Begin("stsd"u8, 0);
        boxes.UInt32(1);
        var entry = boxes.Begin("Opus"u8);
        boxes.Zeros(6);
        boxes.UInt16(1);
        boxes.Zeros(8);
        boxes.UInt16((ushort)head.Channels);
        boxes.UInt16(16);
        boxes.UInt32(0);
        boxes.UInt32((uint)OpusRates.Full << 16);
        WriteSpecific(boxes, head);
        boxes.End(entry);
        boxes.End(stsd);
    }

    // §4.3.2: the fields of OpusHead, in big-endian order.
    private static void WriteSpecific(Mp4BoxBuilder boxes, OpusHead head)
    {
        var box = boxes.Begin("dOps"u8);
        boxes.Byte(0);
        boxes.Byte((byte)head.Channels);
        boxes.UInt16((ushort)head.PreSkip);
        boxes.UInt32((uint)head.InputSampleRate);
        boxes.UInt16((ushort)head.OutputGain);
        boxes.Byte((byte)head.MappingFamily);
        if (head.MappingFamily != 0)
        {
            boxes.Byte((byte)head.StreamCount);
            boxes.Byte((byte)head.CoupledStreamCount);
            boxes.Bytes(head.Mapping);
        }

        boxes.End(box);
    }

    private static void WriteExtends(Mp4BoxBuilder boxes)
    {
        var mvex = boxes.Begin("mvex"u8);
        var trex = boxes.Begin("trex"u8, 0);
        boxes.UInt32(Track);
        boxes.UInt32(1);
        boxes.Zeros(12);
        boxes.End(trex);
        boxes.End(mvex);
    }

    private static void WriteTags(Mp4BoxBuilder boxes, OpusTags tags)
    {
        var udta = boxes.Begin("udta"u8);
        var meta = boxes.Begin("meta"u8, 0);
        WriteHandler(boxes, "mdir"u8, "\0"u8);
        var list = boxes.Begin("ilst"u8);
        foreach (var (name, type) in Texts)
        {
            if (tags.GetValue(name) is { Length: > 0 } text)
                WriteText(boxes, type, text);
        }

        if (tags.Vendor.Length > 0)
            WriteText(boxes, [0xA9, .. "too"u8], tags.Vendor);
        boxes.End(list);
        boxes.End(meta);
        boxes.End(udta);
    }

    private static void WriteText(Mp4BoxBuilder boxes, ReadOnlySpan<byte> type, string text)
    {
        var item = boxes.Begin(type);
        var data = boxes.Begin("data"u8);
        boxes.UInt32(1); // UTF-8.
        boxes.UInt32(0);
        boxes.Text(text);
        boxes.End(data);
        boxes.End(item);
    }
}
