using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>Seeking gives what reading from the start gives there (RFC 7845 §4.6).</summary>
public class OggOpusSeekTests
{
    private const int PreSkip = 312;

    public static TheoryData<string> Files => [.. Cases.Keys];

    private static Dictionary<string, Func<byte[]>> Cases { get; } = new()
    {
        ["short"] = () => NumberedPackets.File(500),
        ["two packets"] = () => NumberedPackets.File(2),
        ["an hour"] = () => NumberedPackets.File(180_000),
        ["a packet a page"] = () => NumberedPackets.File(60_000, new OpusWriterOptions { MaxPageDuration = TimeSpan.Zero }),
        ["trimmed end"] = () => NumberedPackets.File(60_000, trimEnd: 700),
        ["long pre-skip"] = () => NumberedPackets.File(60_000, preSkip: 60_000),
        ["packets across pages"] = () =>
            NumberedPackets.File(
                5000, new OpusWriterOptions { MaxPageDuration = TimeSpan.FromSeconds(30) }, minSize: 600, maxSize: 1200),
        ["short chain"] = () =>
            [.. NumberedPackets.File(100), .. NumberedPackets.File(3, first: 100), .. NumberedPackets.File(
                90, first: 103, trimEnd: 5)],
        ["chain with one serial"] = () =>
            [.. NumberedPackets.File(100, Serial(7)), .. NumberedPackets.File(300, Serial(7), first: 100)],
        ["long chain"] = () =>
            [.. Enumerable.Range(0, 12).SelectMany(
                i => NumberedPackets.File(1000 + 1500 * (i % 4), Serial(i), first: i * 6000, trimEnd: i))],
        ["many short links"] = () =>
            [.. Enumerable.Range(0, 1200).SelectMany(i => NumberedPackets.File(20, Serial(i), first: i * 20))],
        ["live start"] = () => Renumbered(NumberedPackets.File(60_000), 48_000 * 1000L),
        ["cut by ffmpeg"] = () => CutByFfmpeg(NumberedPackets.File(40_000)),
        ["beside another stream"] = () => Beside(NumberedPackets.File(40_000)),
        ["no end"] = () => NumberedPackets.File(40_000)[..^40],
        ["junk within"] = () =>
            [.. NumberedPackets.File(40_000).SelectMany(
                (value, i) => i == 700_000 ? [value, .. new byte[9000]] : new[] { value })],
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Seeking_gives_the_packets_that_reading_from_the_start_gives_there(string name)
    {
        var file = Cases[name]();
        var all = ReadAll(file);
        var length = all[^1].Info.Position + all[^1].Info.Playable;
        using var reader = OggOpusReader.Open(file);
        var random = new Random(4);
        foreach (var target in Targets(length, random))
        {
            reader.Seek(target);
            var first = Array.FindIndex(all, packet => packet.Info.Position + packet.Info.Playable > target);
            CheckPreRoll(reader, all, target, first);
            for (var i = first; i < Math.Min(first + 3, all.Length) && i >= 0; i++)
            {
                var heard = reader.PacketInfo;
                var inFront = Math.Max(0, (int)(target - all[i].Info.Position));
                Assert.Equal(all[i].Packet, reader.Packet.ToArray());
                Assert.Equal(
                    all[i].Info with
                    {
                        Position = all[i].Info.Position + inFront,
                        TrimStart = all[i].Info.TrimStart + inFront,
                        LostBefore = 0,
                    }, heard);
                Assert.Equal(i + 1 < all.Length, reader.Read());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Asynchronous_seeking_is_the_same(string name)
    {
        var file = Cases[name]();
        using var one = OggOpusReader.Open(file);
        await using var other = await OggOpusReader.OpenAsync(new MemoryStream(file));
        var random = new Random(5);
        for (var i = 0; i < 20; i++)
        {
            var target = random.NextInt64(file.Length * 10L);
            one.Seek(target);
            await other.SeekAsync(target);
            for (var n = 0; n < 8; n++)
            {
                Assert.Equal(one.Read(), await other.ReadAsync());
                Assert.Equal(one.PacketInfo, other.PacketInfo);
                Assert.Equal(one.Link, other.Link);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_outline_has_the_length_of_the_whole_file(string name)
    {
        if (name == "chain with one serial")
            return; // Against RFC 3533 §4; the outline's remarks say so.
        var file = Cases[name]();
        var info = OpusInfo.Read(new MemoryStream(file));
        var outline = OggOpusOutline.Read(new MemoryStream(file));
        Assert.Equal(info.Samples, outline.Samples);
        Assert.Equal(info.LinkCount, outline.LinkCount);
        Assert.Equal(info.Head.PreSkip, outline.Head.PreSkip);
        Assert.Equal(outline.Samples, (await OggOpusOutline.ReadAsync(new MemoryStream(file))).Samples);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(3_000)]
    [InlineData(180_000)]
    public void The_outline_reads_little_of_a_file_of_any_size(int packets)
    {
        var stream = new CountingStream(NumberedPackets.File(packets));
        Assert.Equal(packets * 960 - PreSkip, OggOpusOutline.Read(stream).Samples);
        Assert.InRange(stream.BytesRead, 1, 64 * 1024);
    }

    [Fact]
    public void A_seek_in_ten_hours_looks_at_few_pages()
    {
        const int packets = 10 * 3600 * 50;
        using var reader = OggOpusReader.Open(NumberedPackets.File(packets, minSize: 10, maxSize: 110));
        reader.Seek(0);
        var random = new Random(10);
        for (var i = 0; i < 1000; i++)
        {
            var target = random.NextInt64(packets * 960L - PreSkip);
            var before = reader.FoundPageCount;
            reader.Seek(target);
            do
                Assert.True(reader.Read());
            while (reader.PacketInfo.Playable == 0);
            Assert.Equal(target, reader.PacketInfo.Position);
            Assert.Equal((target + PreSkip) / 960, NumberedPackets.NumberOf(reader.Packet));
            Assert.InRange(reader.FoundPageCount - before, 1, 20);
        }
    }

    [Theory]
    [InlineData(48_000, 1)]
    [InlineData(16_000, 1)]
    [InlineData(48_000, 2)]
    public void Decoding_behind_a_seek_gives_the_samples_of_decoding_all(int rate, int channels)
    {
        var bytes = new MemoryStream();
        using (var writer = new OpusAudioWriter(bytes, LibOpusCodec.Default, new() { Channels = channels, Bitrate = 24_000 }))
        {
            writer.Write(Signals.Voice(48_000 * 20, channels: channels)); // Two periods of the signal.
            writer.Finish();
        }

        using var whole = new OpusAudioReader(new MemoryStream(bytes.ToArray()), LibOpusCodec.Default, rate);
        var all = ReadToEnd(whole);
        using var reader = new OpusAudioReader(new MemoryStream(bytes.ToArray()), LibOpusCodec.Default, rate);
        var ratios = new List<double>();
        var random = new Random(6);
        var piece = new float[rate / 50 * channels];
        for (var i = 0; i < 300; i++)
        {
            var target = random.Next(all.Length / channels - rate / 50);
            reader.Seek(target);
            ReadFully(reader, piece);
            ratios.Add(SignalToError(all.AsSpan(target * channels, piece.Length), piece));
        }

        // The decoder has forgotten by then where it came from; in a few places its pitch prediction reaches back farther.
        ratios.Sort();
        Assert.InRange(ratios[ratios.Count / 2], 90, double.PositiveInfinity);
        Assert.InRange(ratios[ratios.Count / 20], 30, double.PositiveInfinity);
        Assert.InRange(ratios[0], 15, double.PositiveInfinity);
    }

    [Fact]
    public void Seeking_to_or_behind_the_end_leaves_nothing_to_hear()
    {
        using var reader = OggOpusReader.Open(NumberedPackets.File(5000));
        foreach (var target in new[] { 5000L * 960 - PreSkip, long.MaxValue })
        {
            reader.Seek(target);
            while (reader.Read())
                Assert.Equal(0, reader.PacketInfo.Playable);
        }

        reader.Seek(0);
        Assert.True(reader.Read());
        Assert.Equal(0, NumberedPackets.NumberOf(reader.Packet));
    }

    [Fact]
    public void A_file_need_not_begin_where_its_stream_does()
    {
        var stream = new MemoryStream([.. new byte[1000], .. NumberedPackets.File(60_000)]) { Position = 1000 };
        using var reader = OggOpusReader.Open(stream);
        reader.Seek(40_000 * 960 - PreSkip);
        do
            Assert.True(reader.Read());
        while (reader.PacketInfo.Playable == 0);
        Assert.Equal(40_000, NumberedPackets.NumberOf(reader.Packet));
    }

    [Fact]
    public void A_stream_that_cannot_seek_says_so()
    {
        using var reader = OggOpusReader.Open(new TrickleStream(NumberedPackets.File(10), 100));
        Assert.False(reader.CanSeek);
        Assert.Throws<NotSupportedException>(() => reader.Seek(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Seek(-1));
    }

    [Fact]
    public void Defects_are_not_listed_twice()
    {
        var file = Cases["junk within"]();
        using var reader = OggOpusReader.Open(file);
        while (reader.Read())
        {
        }

        var count = reader.DefectCount;
        reader.Seek(0);
        while (reader.Read())
        {
        }

        Assert.Equal(count, reader.DefectCount);
        Assert.True(count > 0);
    }

    [Fact]
    public void A_first_page_that_is_far_ahead_of_the_next_trims_no_more_than_the_pre_skip()
    {
        var file = new OggBytes().Head().Tags().Audio(5, 1L << 37).Skip(3).Audio(5, 48_000).Audio(
            5, 52_300, OggPageFlags.EndOfStream).ToArray();
        using var reader = OggOpusReader.Open(file);
        reader.Seek(9287);
        var trimmed = 0;
        var count = 0;
        for (; reader.Read(); count++)
        {
            var info = reader.PacketInfo;
            Assert.InRange(info.TrimStart, 0, info.Duration);
            Assert.InRange(info.Playable, 0, info.Duration);
            trimmed += info.TrimStart;
        }

        Assert.InRange(count, 5, 15);
        Assert.InRange(trimmed, 0, 9287 + PreSkip);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Junk_behind_many_links_is_not_read_for_each_of_them(bool hasEnd)
    {
        byte[] links = [.. Enumerable.Range(0, 900).SelectMany(i => NumberedPackets.File(2, Serial(i)))];
        byte[] file = [.. links, .. new byte[1_500_000], .. hasEnd ? NumberedPackets.File(2, Serial(5000)) : []];
        var stream = new CountingStream(file);
        Assert.Equal(hasEnd ? 901 : 900, OggOpusOutline.Read(stream).LinkCount);
        Assert.InRange(stream.BytesRead, 1, 8 * file.Length);
    }

    [Fact]
    public void Links_that_have_little_in_them_take_no_more_memory_than_bytes()
    {
        byte[] file = [.. Enumerable.Range(0, 30_000).SelectMany(
            i => new OggBytes().Head(i % 900, (uint)i).Tags((uint)i).Audio(1, 960, OggPageFlags.EndOfStream, (uint)i).ToArray())];
        Action[] ways =
        [
            () => OggOpusOutline.Read(new MemoryStream(file)),
            () => OggOpusReader.Open(file).Seek(1_000_000),
        ];
        Assert.All(ways, way => Assert.InRange(Allocated(way), 0, file.Length + 1024 * 1024));

        static long Allocated(Action way)
        {
            way();
            var before = GC.GetAllocatedBytesForCurrentThread();
            way();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Seeking_in_broken_files_ends_and_throws_nothing_but_the_format_error()
    {
        var whole = NumberedPackets.File(300, new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(100) });
        var large = NumberedPackets.File(30_000);
        var random = new Random(7);
        for (var i = 0; i < 400; i++)
        {
            var file = Mutation.Of(i % 20 == 0 ? large : whole, random);
            try
            {
                using var reader = OggOpusReader.Open(file);
                for (var n = 0; n < 5; n++)
                {
                    reader.Seek(random.NextInt64(40_000 * 960));
                    for (var read = 0; read < 5 && reader.Read(); read++)
                        Assert.InRange(reader.PacketInfo.TrimStart + reader.PacketInfo.TrimEnd, 0, reader.PacketInfo.Duration);
                }
            }
            catch (VoiceFormatException exception)
            {
                Assert.InRange(exception.Offset, -1, file.Length);
            }
        }
    }

    [Fact]
    public void A_page_that_says_to_be_far_before_its_link_trims_no_more_than_the_pre_skip()
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(500), (page, index) =>
        {
            if (index >= 2)
                BitConverter.TryWriteBytes(
                    page.AsSpan(OggPage.GranuleAt), index == 4 ? 960 : new OggPage(page).Granule + 0x1_C000_0000);
            return [page];
        });
        using var reader = OggOpusReader.Open(file);
        reader.Seek(150 * 960);
        while (reader.Read())
            Assert.InRange(reader.PacketInfo.TrimStart, 0, reader.PacketInfo.Duration);
    }

    [Fact]
    public void Lost_audio_is_lost_once_however_often_it_is_sought()
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(1000), (page, index) => index == 6 ? [] : [page]);
        var all = ReadAll(file);
        var length = all[^1].Info.Position + all[^1].Info.Playable;
        using var reader = OggOpusReader.Open(file);
        for (var i = 0; i < 60; i++)
        {
            reader.Seek(length / 2 - 8 * 48_000);
            long end = 0;
            while (reader.Read())
                end = reader.PacketInfo.Position + reader.PacketInfo.Playable;
            Assert.Equal(length, end);
        }
    }

    [Fact]
    public void A_link_whose_head_cannot_be_read_is_passed_over()
    {
        var bad = OggBytes.Rewrite(NumberedPackets.File(100, Serial(2)), (page, index) =>
        {
            if (index == 0)
                page[new OggPage(page).BodyAt + 8] = 0xF0;
            return [page];
        });
        byte[] file = [.. NumberedPackets.File(30_000, Serial(1)), .. bad, .. NumberedPackets.File(
            30_000, Serial(3), first: 30_000)];
        var info = OpusInfo.Read(new MemoryStream(file));
        Assert.Equal(info.Samples, OggOpusOutline.Read(new MemoryStream(file)).Samples);
        using var reader = OggOpusReader.Open(file);
        reader.Seek(info.Samples - 1);
        while (reader.Read() && reader.PacketInfo.Playable == 0)
        {
        }

        Assert.Equal(59_999, NumberedPackets.NumberOf(reader.Packet));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_outline_of_many_links_beside_junk_reads_no_more_than_a_few_times_the_file(bool hasLast)
    {
        byte[] links = [.. Enumerable.Range(0, 300).SelectMany(i => NumberedPackets.File(1, Serial(i)))];
        var stream = new CountingStream(
            [.. links, .. new byte[1_000_000], .. hasLast ? NumberedPackets.File(1, Serial(999)) : []]);
        Assert.Equal(hasLast ? 301 : 300, OggOpusOutline.Read(stream).LinkCount);
        Assert.InRange(stream.BytesRead, 1, 8 * stream.Length);
    }

    private static OpusWriterOptions Serial(int serial) => new() { Serial = serial };

    private static IEnumerable<long> Targets(long length, Random random) =>
        [0, 1, length - 1, .. Enumerable.Range(0, 60).Select(_ => random.NextInt64(length))];

    // What comes first is there to be decoded only: 80 ms of it, or all that there is, and not much more.
    private static void CheckPreRoll(
        OggOpusReader reader, (byte[] Packet, OpusPacketInfo Info, int Link)[] all, long target, int first)
    {
        var preRoll = 0;
        Assert.True(reader.Read());
        while (reader.PacketInfo.Playable == 0)
        {
            preRoll += reader.PacketInfo.Duration;
            Assert.True(reader.Read());
        }

        Assert.Equal(target, reader.PacketInfo.Position);
        var available = all.Where(packet => packet.Link == all[first].Link
            && packet.Info.Position < all[first].Info.Position).Sum(packet => packet.Info.Duration)
            + all.Where(packet => packet.Link == all[first].Link
                && packet.Info.Playable == 0).Sum(packet => packet.Info.Duration);
        var into = (int)(target - all[first].Info.Position) + all[first].Info.TrimStart;
        Assert.InRange(preRoll + into, Math.Min(OpusPreRoll.Least, available), Math.Max(OpusPreRoll.Least + 960 + into, 62_000));
    }

    private static (byte[] Packet, OpusPacketInfo Info, int Link)[] ReadAll(byte[] file)
    {
        using var reader = OggOpusReader.Open(file);
        var all = new List<(byte[], OpusPacketInfo, int)>();
        while (reader.Read())
            all.Add((reader.Packet.ToArray(), reader.PacketInfo, reader.Link));
        return [.. all];
    }

    private static float[] ReadToEnd(OpusAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[9600];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    private static void ReadFully(OpusAudioReader reader, Span<float> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = reader.Read(buffer);
            Assert.True(count > 0);
            buffer = buffer[count..];
        }
    }

    private static double SignalToError(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double signal = 1e-6, error = 1e-16;
        for (var i = 0; i < expected.Length; i++)
        {
            signal += expected[i] * expected[i];
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }

        return 10 * Math.Log10(signal / error);
    }

    // Adds to the granule position of each page of audio: what a file cut out of a live stream looks like (§4.5).
    private static byte[] Renumbered(byte[] file, long start) => OggBytes.Rewrite(file, (page, index) =>
    {
        if (index >= 2)
            BitConverter.TryWriteBytes(page.AsSpan(OggPage.GranuleAt), new OggPage(page).Granule + start);
        return [page];
    });

    private static byte[] Beside(byte[] file)
    {
        var other = new OggPageBuilder(4242);
        return OggBytes.Rewrite(file, (page, index) =>
        {
            other.Add(new byte[700]);
            byte[] beside = [.. other.End(index * 1000, index == 0 ? OggPageFlags.BeginOfStream : OggPageFlags.None)];
            return [page, beside];
        });
    }

    private static byte[] CutByFfmpeg(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["in.opus"], file);
        Oracle.Run("ffmpeg", "-v", "error", "-ss", "100", "-i", folder["in.opus"], "-c", "copy", folder["out.opus"]);
        return File.ReadAllBytes(folder["out.opus"]);
    }
}
