using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>The bytes of the writer against a plain paginator that sees all packets at once.</summary>
public class OggOpusMuxerTests
{
    private const int PageRoom = 255 * 255;
    private static readonly OpusTags Tags = new("v", new OpusComment("X", new string('y', PageRoom)));

    /// <summary>A packet, and whether the writer is flushed when it is the last one written so far.</summary>
    public sealed record Packet(int Size, byte Toc, bool IsFlushed);

    public sealed record Run(int Streams, Packet[] Packets, int PageMilliseconds, int TrimPercent);

    [Fact]
    public void Pages_are_those_of_a_plain_paginator_for_any_sizes_durations_and_flushes() =>
        Fx.Check(AnyRun(), Check, tests: 200);

    [Theory]
    [InlineData(255 - 7)]
    [InlineData(255)]
    [InlineData(256)]
    public void Page_that_is_full_to_its_last_segment_is_as_any_other(int packets) =>
        Check(new Run(1, [.. Enumerable.Range(0, packets).Select(i => new Packet(1 + i, 0xE0, i % 97 == 96))], 30_000, 0));

    [Theory]
    [InlineData(PageRoom - 1)]
    [InlineData(PageRoom)]
    [InlineData(PageRoom + 1)]
    [InlineData(2 * PageRoom)]
    [InlineData(3 * PageRoom)]
    public void Packet_that_ends_the_stream_takes_as_many_pages_as_it_needs(int size) =>
        Check(new Run(4, [new Packet(9, 0x48, true), new Packet(size, 0x48, true)], 1000, 50));

    private static void Check(Run run)
    {
        var head = HeadOf(run.Streams);
        var packets = run.Packets.Select(packet => MakePacket(packet, run.Streams)).ToArray();
        var durations = run.Packets.Select(packet => new OpusToc(packet.Toc).FrameDuration).ToArray();
        var trim = durations[^1] * run.TrimPercent / 100;
        var plain = new Paginator(run.PageMilliseconds * 48L);
        plain.WriteHeaders(head, Tags);

        var bytes = new MemoryStream();
        var options = new OpusWriterOptions { Serial = 7, MaxPageDuration = TimeSpan.FromMilliseconds(run.PageMilliseconds) };
        using var writer = new OggOpusWriter(bytes, head, Tags, options);
        for (var i = 0; i < packets.Length; i++)
        {
            writer.WritePacket(packets[i]);
            plain.Begin(durations[i], packets[i].Length, run.Packets[i].IsFlushed);
            if (run.Packets[i].IsFlushed)
            {
                writer.Flush();
                Assert.Equal(plain.Length, bytes.Length);
            }

            plain.Add(packets[i], durations[i]);
        }

        writer.Finish(trim);
        plain.End(OggPageFlags.EndOfStream, trim);
        Assert.True(plain.ToArray().AsSpan().SequenceEqual(bytes.ToArray()));
        ReadsBack(packets, bytes.ToArray());
    }

    private static void ReadsBack(byte[][] packets, byte[] file)
    {
        using var reader = OggOpusReader.Open(file, new OpusReaderOptions { Strict = true });
        foreach (var packet in packets)
        {
            Assert.True(reader.Read());
            Assert.True(reader.Packet.SequenceEqual(packet));
        }

        Assert.False(reader.Read());
    }

    private static Gen<Run> AnyRun()
    {
        var streams = Gen.Elements(1, 1, 4);
        return streams.SelectMany(count =>
            from packets in AnyPacket(count).NonEmptyListOf()
            from again in Gen.Choose(1, 8)
            from page in Gen.Elements(0, 3, 20, 60, 400, 1000, 30_000)
            from trim in Gen.Choose(0, 100)
            select new Run(count, [.. Enumerable.Repeat(packets, again).SelectMany(all => all)], page, trim));
    }

    private static Gen<Packet> AnyPacket(int streams)
    {
        var speech = Gen.Choose(7, 300);
        var edges = Gen.Elements(7, 253, 254, 255, 256, 509, 510, 511, 764, 765, 766, 1275, 1276, 1277);
        var large = streams == 1
            ? Gen.Elements(10_000, 61_439, 61_440)
            : Gen.Elements(PageRoom - 1, PageRoom, PageRoom + 1, 2 * PageRoom - 1, 2 * PageRoom, 3 * PageRoom, 3 * PageRoom + 1);
        var size = Gen.Frequency((12, speech), (6, edges), (2, large));
        return
            from bytes in size
            from toc in Gen.Choose(0, 31)
            from flushed in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Packet(bytes, (byte)(toc << 3), flushed);
    }

    // Streams of one frame without data, and a last one that fills up: a frame, or where it is too long for one, padding.
    private static byte[] MakePacket(Packet packet, int streams)
    {
        var bytes = new byte[packet.Size];
        var at = 0;
        for (; at < 2 * (streams - 1); at += 2)
            bytes[at] = packet.Toc;
        var last = bytes.AsSpan(at);
        new Random(packet.Size).NextBytes(last);
        last[0] = packet.Toc;
        if (last.Length > 1 + OpusPacket.MaxFrameSize)
            Pad(last);
        return bytes;
    }

    private static void Pad(Span<byte> packet)
    {
        packet[0] |= 3;
        packet[1] = 0b0100_0001;
        var (full, rest) = Math.DivRem(packet.Length - 2 - 1, 255);
        packet.Slice(2, full).Fill(255);
        packet[2 + full] = (byte)rest;
    }

    private static OpusHead HeadOf(int streams) => streams == 1
        ? new OpusHead(1, 0, 48_000)
        : OpusHead.Parse([.. "OpusHead"u8, 1, 4, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 255, 4, 0, 0, 1, 2, 3], 0);

    /// <summary>Pages by the letter of RFC 3533 §6 and RFC 7845 §3, a segment at a time.</summary>
    private sealed class Paginator(long maxPageDuration)
    {
        private readonly MemoryStream _bytes = new();
        private readonly List<byte> _lacing = [];
        private readonly List<byte> _body = [];
        private uint _sequence;
        private bool _isContinued;
        private long _granule;
        private long _duration;

        public long Length => _bytes.Length;

        public byte[] ToArray() => _bytes.ToArray();

        public void WriteHeaders(OpusHead head, OpusTags tags)
        {
            var packet = new byte[head.Size];
            head.Write(packet);
            Add(packet, 0);
            End(OggPageFlags.BeginOfStream);
            Add(tags.ToPacket(), 0);
            End(OggPageFlags.None);
        }

        /// <summary>Ends the page before a packet where it is too long in time or bytes for it, or is flushed.</summary>
        public void Begin(int duration, int size, bool isFlushed)
        {
            var isFull = _duration + duration > maxPageDuration || _lacing.Count + size / 255 + 1 > 255;
            if (_lacing.Count > 0 && (isFull || isFlushed))
                End(OggPageFlags.None);
        }

        public void Add(byte[] packet, int duration)
        {
            for (var at = 0; at <= packet.Length; at += 255)
            {
                if (_lacing.Count == 255)
                {
                    EndPage(-1, OggPageFlags.None);
                    _isContinued = at > 0;
                }

                var segment = packet.AsSpan(at, Math.Min(255, packet.Length - at));
                _lacing.Add((byte)segment.Length);
                _body.AddRange(segment);
            }

            _granule += duration;
            _duration += duration;
        }

        public void End(OggPageFlags flags, int trim = 0) => EndPage(_granule - trim, flags);

        private void EndPage(long granule, OggPageFlags flags)
        {
            var page = new byte[27 + _lacing.Count + _body.Count];
            "OggS"u8.CopyTo(page);
            page[5] = (byte)(_isContinued ? flags | OggPageFlags.Continued : flags);
            BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), 7);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), _sequence++);
            page[26] = (byte)_lacing.Count;
            _lacing.CopyTo(page, 27);
            _body.CopyTo(page, 27 + _lacing.Count);
            _bytes.Write(OggBytes.Seal(page));
            _lacing.Clear();
            _body.Clear();
            _isContinued = false;
            _duration = 0;
        }
    }
}
