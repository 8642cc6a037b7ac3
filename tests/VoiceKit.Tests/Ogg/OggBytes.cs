using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Ogg;

/// <summary>Builds Ogg Opus files page by page, so that a test can break exactly one thing.</summary>
internal sealed class OggBytes
{
    /// <summary>A SILK wideband packet of 20 ms: TOC and a few bytes.</summary>
    public static readonly byte[] Packet = [0x48, 1, 2, 3];

    /// <summary>The samples of <see cref="Packet"/>.</summary>
    public const int PacketDuration = 960;

    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<uint, uint> _sequences = [];

    public byte[] ToArray() => _bytes.ToArray();

    public long Length => _bytes.Length;

    public OggBytes Head(int preSkip = 312, uint serial = 1, int channels = 1, short gain = 0)
    {
        var head = new OpusHead(channels, preSkip, 16_000, gain);
        var packet = new byte[head.Size];
        head.Write(packet);
        return Page(OggPageFlags.BeginOfStream, 0, serial, packet);
    }

    public OggBytes Tags(uint serial = 1, params OpusComment[] comments) =>
        Page(OggPageFlags.None, 0, serial, new OpusTags("test", comments).ToPacket());

    /// <summary>A page of equal packets.</summary>
    public OggBytes Audio(int packets, long granule, OggPageFlags flags = OggPageFlags.None, uint serial = 1) =>
        Page(flags, granule, serial, [.. Enumerable.Repeat(Packet, packets)]);

    public OggBytes Page(OggPageFlags flags, long granule, uint serial, params byte[][] packets)
    {
        var builder = NewBuilder(serial);
        foreach (var packet in packets)
            Assert.True(builder.Add(packet).IsWhole);
        return Append(builder.End(granule, flags));
    }

    /// <summary>A page whose last packet goes on, given as whole segments of 255.</summary>
    public OggBytes OpenPage(OggPageFlags flags, long granule, uint serial, byte[] whole, byte[] segments)
    {
        Assert.Equal(0, segments.Length % 255);
        var builder = NewBuilder(serial);
        if (whole.Length > 0)
            builder.Add(whole);
        builder.Add(segments);
        var page = builder.End(granule, flags).ToArray();

        // The builder has closed the packet with a segment of 0: take it off.
        var count = page[OggPage.SegmentCountAt];
        byte[] open = [.. page[..(OggPage.HeaderSize + count - 1)], .. page[(OggPage.HeaderSize + count)..]];
        open[OggPage.SegmentCountAt] = (byte)(count - 1);
        return Append(Seal(open));
    }

    public OggBytes Raw(params byte[] bytes) => Append(bytes);

    /// <summary>Makes the next page look as if some before it were lost.</summary>
    public OggBytes Skip(int pages, uint serial = 1)
    {
        _sequences[serial] = _sequences.GetValueOrDefault(serial) + (uint)pages;
        return this;
    }

    /// <summary>Gives a page a right checksum.</summary>
    public static byte[] Seal(byte[] page)
    {
        BitConverter.TryWriteBytes(page.AsSpan(OggPage.ChecksumAt), OggPage.ComputeChecksum(page));
        return page;
    }

    /// <summary>Takes each page of a file and puts others, with right checksums, in its place.</summary>
    public static byte[] Rewrite(byte[] file, Func<byte[], int, byte[][]> change)
    {
        using var bytes = new MemoryStream();
        for (var (at, index) = (0, 0); at < file.Length; index++)
        {
            Assert.Equal(OggPageStatus.Valid, OggPage.Read(file.AsSpan(at), out var page));
            at += page.Data.Length;
            foreach (var changed in change(page.Data.ToArray(), index))
                bytes.Write(Seal(changed));
        }

        return bytes.ToArray();
    }

    private OggPageBuilder NewBuilder(uint serial)
    {
        var sequence = _sequences.GetValueOrDefault(serial);
        _sequences[serial] = sequence + 1;
        var builder = new OggPageBuilder(serial);
        for (uint i = 0; i < sequence; i++)
            builder.End(0, OggPageFlags.None);
        return builder;
    }

    private OggBytes Append(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
