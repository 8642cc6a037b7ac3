using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>Granule positions that contradict the packets: the packets tell the time, wherever it is asked for.</summary>
public class OggGranuleLiarTests
{
    private const int PreSkip = 312;
    private const int D = 960;

    private static byte[] Speech => field ??= MakeSpeech();

    // What a muxer makes of the granule position of a page of audio: by the right one and the page's number, from 0.
    private static Dictionary<string, Func<long, int, long>> Lies { get; } = new()
    {
        ["a third"] = (granule, _) => granule / 3,
        ["units of 24 kHz"] = (granule, _) => granule / 2,
        ["units of 16 kHz"] = (granule, _) => granule / 3,
        ["milliseconds"] = (granule, _) => granule / 48,
        ["counted in packets"] = (granule, _) => granule / D,
        ["twice"] = (granule, _) => granule * 2,
        ["all zero"] = (_, _) => 0,
        ["all one"] = (_, _) => 1,
        ["all the same"] = (_, _) => 48_000,
        ["repeated"] = (granule, page) => page % 3 == 2 ? granule - 48_000 : granule,
        ["one backward"] = (granule, page) => page == 4 ? granule - 48_000 : granule,
        ["backward from there on"] = (granule, page) => page >= 4 ? granule - 100_000 : granule,
        ["jumps ahead"] = (granule, page) => page >= 4 ? granule + 480_000 : granule,
        ["jumps ahead and back"] = (granule, page) => page is 3 or 4 ? granule + 480_000 : granule,
        ["descending"] = (granule, page) => 1_000_000 - granule,
        ["last is zero"] = (granule, page) => granule > 48_000 * 5.5 ? 0 : granule,
        ["last is one page back"] = (granule, page) => granule > 48_000 * 5.5 ? granule - 30_000 : granule,
        ["off by one now and then"] = (granule, page) => granule + page % 2,
    };

    public static TheoryData<string> Names => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeking_gives_what_reading_from_the_start_gives_there(string name)
    {
        foreach (var file in new[] { Lie(NumberedPackets.File(290), name), LargeLie(name), LargeLieLater(name) })
            CheckSeeks(file);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Length_is_what_the_packets_add_up_to(string name)
    {
        var file = Lie(NumberedPackets.File(290, trimEnd: 700), name);
        var info = OpusInfo.Read(new MemoryStream(file));
        var most = 290L * D - PreSkip;
        Assert.InRange(info.Samples, most - (name == "last is one page back" ? 30_700 : 700), most);
        Assert.InRange(info.DefectCount, name == "last is one page back" ? 0 : 1, 6);
        Assert.Equal(info.Samples, OpusEditor.Repair(new MemoryStream(file), Stream.Null).Samples);
        Assert.Equal(info.Samples, OggOpusOutline.Read(new MemoryStream(file)).Samples);
    }

    [Theory]
    [InlineData("a third")]
    [InlineData("units of 24 kHz")]
    [InlineData("milliseconds")]
    [InlineData("all zero")]
    public void Where_all_are_wrong_nothing_is_trimmed_and_it_is_said_once(string name)
    {
        var info = OpusInfo.Read(new MemoryStream(Lie(NumberedPackets.File(290, trimEnd: 700), name)));
        Assert.Equal(290L * D - PreSkip, info.Samples);
        Assert.Equal(OpusDefectKind.BadFirstGranule, Assert.Single(info.Defects).Kind);
    }

    [Fact]
    public void One_wrong_page_in_the_middle_leaves_the_trim_at_the_end()
    {
        var info = OpusInfo.Read(new MemoryStream(Lie(NumberedPackets.File(290, trimEnd: 700), "one backward")));
        Assert.Equal(290L * D - PreSkip - 700, info.Samples);
    }

    [Fact]
    public void A_single_page_is_trimmed_by_its_last_packet_at_most()
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(40), (page, index) =>
        {
            if (index == 2)
                SetGranule(page, new OggPage(page).Granule / 3);
            return [page];
        });
        Assert.Equal(40L * D - PreSkip, OpusInfo.Read(new MemoryStream(file)).Samples);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_trim_a_seek_and_a_whole_decode_give_the_same_stretch(string name)
    {
        var file = Lie(Speech, name);
        var whole = Decode(file, 0, long.MaxValue);
        foreach (var (from, to) in new[] { (2.0, 3.0), (4.0, 5.0), (0.0, 1.0), (5.2, 9.0) })
        {
            var (first, last) = ((long)(from * 48_000), Math.Min((long)(to * 48_000), whole.Length));
            var expected = whole.AsSpan((int)first, (int)(last - first)).ToArray();
            Assert.True(Likeness(expected, Decode(file, first, last)) > 20, $"decode {from}…{to}");

            var cut = new MemoryStream();
            var report = OpusEditor.Trim(
                new MemoryStream(file), cut, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
            Assert.Equal(last - first, report.Samples);
            Assert.True(Likeness(expected, Decode(cut.ToArray(), 0, long.MaxValue)) > 12, $"trim {from}…{to}");
        }
    }

    [Fact]
    public void Files_broken_at_random_whose_granules_lie_are_cut_where_they_are_decoded()
    {
        var random = new Random(7845);
        var whole = NumberedPackets.File(290, new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(200) });
        for (var i = 0; i < 300; i++)
        {
            var file = LieAtRandom(whole, random);
            CheckSeeks(file);
            var length = OpusInfo.Read(new MemoryStream(file)).Samples;
            var from = random.NextInt64(length - 10_000);
            var to = from + random.NextInt64(1, 10_000);
            var report = OpusEditor.Trim(new MemoryStream(file), Stream.Null, Time(from), Time(to));
            Assert.Equal(OpusRates.ToSamples(Time(to)) - OpusRates.ToSamples(Time(from)), report.Samples);
        }
    }

    [Fact]
    public void A_good_file_is_sought_in_by_few_pages()
    {
        var stream = new CountingStream(NumberedPackets.File(180_000));
        using var reader = OggOpusReader.Open(stream);
        reader.Seek(100_000L * D);
        Assert.True(reader.Read());
        Assert.InRange(stream.BytesRead, 1, 256 * 1024);
    }

    private static void CheckSeeks(byte[] file)
    {
        var all = ReadAll(file);
        var length = all[^1].Info.Position + all[^1].Info.Playable;
        using var reader = OggOpusReader.Open(file);
        var random = new Random(3);
        for (var i = 0; i < 12; i++)
        {
            var target = random.NextInt64(length);
            var expected = all.First(packet => packet.Info.Position + packet.Info.Playable > target);
            reader.Seek(target);
            do
                Assert.True(reader.Read());
            while (reader.PacketInfo.Playable == 0);
            Assert.Equal(expected.Packet, reader.Packet.ToArray());
            Assert.Equal(Math.Max(target, expected.Info.Position), reader.PacketInfo.Position);
        }
    }

    private static byte[] Lie(byte[] file, string name) => Lie(file, (granule, page) => Lies[name](granule, page));

    // More than is read through to find its links.
    private static byte[] LargeLie(string name) => Lie(NumberedPackets.File(9000, minSize: 100, maxSize: 200), name);

    // The first pages and the last ones are good.
    private static byte[] LargeLieLater(string name) => Lie(
        NumberedPackets.File(9000, minSize: 100, maxSize: 200),
        (granule, page) => page is > 40 and < 150 ? 40 * 48_000L + Lies[name](granule - 40 * 48_000L, page - 40) : granule);

    private static byte[] Lie(byte[] file, Func<long, int, long> lie) => OggBytes.Rewrite(file, (page, index) =>
    {
        if (index >= 2)
            SetGranule(page, Math.Max(0, lie(new OggPage(page).Granule, index - 2)));
        return [page];
    });

    private static byte[] LieAtRandom(byte[] file, Random random)
    {
        long shift = 0;
        var rate = random.Next(4);
        return OggBytes.Rewrite(file, (page, index) =>
        {
            if (index < 2)
                return [page];
            var granule = new OggPage(page).Granule;
            if (random.Next(10) < rate)
                shift += random.Next(-20_000, 20_000);
            if (random.Next(10) < rate)
                granule = random.Next(3) switch { 0 => 0, 1 => granule - random.Next(30_000), _ => random.NextInt64(1_000_000) };
            SetGranule(page, Math.Max(0, granule + shift));
            return [page];
        });
    }

    private static void SetGranule(byte[] page, long granule) =>
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(OggPage.GranuleAt), granule);

    private static (byte[] Packet, OpusPacketInfo Info)[] ReadAll(byte[] file)
    {
        using var reader = OggOpusReader.Open(file);
        var all = new List<(byte[], OpusPacketInfo)>();
        while (reader.Read())
            all.Add((reader.Packet.ToArray(), reader.PacketInfo));
        return [.. all];
    }

    private static float[] Decode(byte[] file, long from, long to)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default);
        if (from > 0)
            reader.Seek(from);
        var all = new List<float>();
        var buffer = new float[4800];
        int count;
        while (all.Count < to - from && (count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, (int)Math.Min(count, to - from - all.Count)));
        return [.. all];
    }

    // In dB; what a decoder that begins in the middle has not yet converged to is left out.
    private static double Likeness(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double signal = 1e-9, error = 1e-9;
        for (var i = 0; i < expected.Length; i++)
        {
            signal += expected[i] * expected[i];
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }

        return 10 * Math.Log10(signal / error);
    }

    private static TimeSpan Time(long samples) => OpusRates.ToTime(samples);

    private static byte[] MakeSpeech()
    {
        var bytes = new MemoryStream();
        using var writer = new OpusAudioWriter(
            bytes, LibOpusCodec.Default, new() { Bitrate = 24_000 }, [], new OpusWriterOptions { Serial = 5 });
        writer.Write(Signals.Voice(48_000 * 6));
        writer.Finish();
        return bytes.ToArray();
    }
}
