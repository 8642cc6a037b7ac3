using VoiceKit.Containers;
using VoiceKit.Mp4;
using VoiceKit.Opus;
using static VoiceKit.Tests.Mp4.Mp4Bytes;

namespace VoiceKit.Tests.Mp4;

public class Mp4FragmentTests
{
    private static readonly byte[][] Packets = MakePackets(8);

    private static readonly byte[] Moov = Mp4Bytes.Moov(
        1000,
        Track(2, "soun", SampleEntry(DOps(312))),
        Box("mvex", Full("trex", 0, 0, U32(9, 1, 1, 1, 0)), Full("trex", 0, 0, U32(2, 1, D, 4, 0))));

    public enum Base
    {
        Moof,
        Explicit,
        Implied,
    }

    [Theory]
    [InlineData(Base.Moof)]
    [InlineData(Base.Explicit)]
    [InlineData(Base.Implied)]
    public void Every_way_to_say_where_the_data_is_gives_the_same_packets(Base kind)
    {
        var (packets, infos, reader) = Read(kind, [Packets[..3], Packets[3..5], Packets[5..]]);
        Assert.Equal(Packets, packets);
        Assert.Equal(8 * D - 312, infos.Sum(info => info.Playable));
        Assert.Equal(312, reader.Head.PreSkip);
    }

    [Theory]
    [InlineData(500u, 460)]
    [InlineData(0u, 0)]
    [InlineData(960u, 0)]
    [InlineData(2000u, 0)]
    public void Last_sample_of_the_last_fragment_trims_only_what_it_lasts_shorter(uint delta, int trim)
    {
        var (_, infos, _) = Read(Base.Moof, [Packets[..5], Packets[5..]], delta);
        Assert.Equal(trim, infos[^1].TrimEnd);
        Assert.All(infos[..^1], info => Assert.Equal(0, info.TrimEnd));
    }

    [Fact]
    public void Data_that_begins_before_the_file_is_missing()
    {
        var run = Full("trun", 0, 0x201, U32(1, 0xFF000000, 30));
        var fragment = Box("moof", Box("traf", Full("tfhd", 0, 0x20000, U32(2)), run));
        byte[] file = [.. FileType, .. Moov, .. fragment, .. Box("mdat", new byte[30])];
        using var reader = Mp4OpusReader.Open(new MemoryStream(file));
        Assert.False(reader.Read());
        Assert.Contains(reader.Defects, defect => defect.Kind == OpusDefectKind.Truncated);
        Assert.All(reader.Defects, defect => Assert.InRange(defect.Offset, 0, file.Length));
    }

    [Fact]
    public void Time_may_begin_anywhere()
    {
        var (_, infos, _) = Read(Base.Moof, [Packets[..5], Packets[5..]], 500, 1L << 40);
        Assert.Equal(312, infos.Sum(info => info.TrimStart));
        Assert.Equal(460, infos[^1].TrimEnd);
    }

    [Fact]
    public void Edit_that_ends_within_a_tick_of_the_movie_ends_where_the_last_sample_does()
    {
        // 143 ms are 6864 samples; there are 7 × 960 + 500 − 312 = 6908.
        var moov = Mp4Bytes.Moov(
            1000,
            Track(2, "soun", SampleEntry(DOps(312)), edits: Elst((143, 312))),
            Box("mvex", Full("trex", 0, 0, U32(2, 1, D, 4, 0))));
        byte[] file = [.. FileType, .. moov, .. Fragment(Base.Moof, Packets, 0, 0, 500)];
        using var reader = Mp4OpusReader.Open(new MemoryStream(file), new OpusReaderOptions { Strict = true });
        Assert.Equal(6908, ReadAll(reader).Infos.Sum(info => info.Playable));
    }

    [Fact]
    public void Gap_between_fragments_is_listed_and_counted()
    {
        var (first, second) = (Fragment(Base.Moof, Packets[..4], 0, 0), Fragment(Base.Moof, Packets[4..], 48_000, 0));
        byte[] file = [.. FileType, .. Moov, .. first, .. second];
        using var reader = Mp4OpusReader.Open(new MemoryStream(file));
        Assert.Equal(8, ReadAll(reader).Packets.Length);
        Assert.Equal(48_000 - 4 * D, reader.GapSamples);
        Assert.Equal(OpusDefectKind.BadTimestamp, Assert.Single(reader.Defects).Kind);
    }

    [Fact]
    public void Defaults_of_trex_and_several_runs_are_used()
    {
        // No sizes and durations anywhere but in trex: packets of 4 bytes.
        byte[][] packets = [.. Enumerable.Range(0, 6).Select(i => new byte[] { 0x48, (byte)i, 1, 2 })];
        byte[] MoofOf(int at) => Box("moof", Box("traf", Full("tfhd", 0, 0x20000, U32(2)),
            Full("trun", 0, 1, U32(2, at)), Full("trun", 0, 0, U32(3)), Full("trun", 0, 5, U32(1, at + 20, 0))));
        var moof = MoofOf(MoofOf(0).Length + 8);
        byte[] file = [.. FileType, .. Moov, .. moof, .. Box("mdat", [.. packets.SelectMany(packet => packet)])];
        using var reader = Mp4OpusReader.Open(new MemoryStream(file), new OpusReaderOptions { Strict = true });
        Assert.Equal(packets, ReadAll(reader).Packets);
    }

    [Fact]
    public void Other_tracks_in_a_fragment_are_passed_over_and_move_an_implied_base()
    {
        byte[] other = [9, 9, 9, 9, 9, 9, 9];
        var sizes = U32([.. Packets.Select(packet => (long)packet.Length)]);
        byte[] MoofOf(int at) => Box("moof",
            Box("traf", Full("tfhd", 0, 0, U32(9)), Full("trun", 0, 0x201, U32(2, at, 3, 4))),
            Box("traf", Full("tfhd", 0, 0, U32(2)), Full("trun", 0, 0x200, U32(8), sizes)));
        var moof = MoofOf(MoofOf(0).Length + 8);
        byte[] file = [.. FileType, .. Moov, .. moof, .. Box("mdat", other, [.. Packets.SelectMany(packet => packet)])];
        using var reader = Mp4OpusReader.Open(new MemoryStream(file), new OpusReaderOptions { Strict = true });
        Assert.Equal(Packets, ReadAll(reader).Packets);
    }

    [Fact]
    public void Runs_that_claim_too_much_are_bounded()
    {
        byte[] Run(uint size) => Box("moof", Box("traf", Full("tfhd", 0, 0x20010, U32(2, size)),
            [.. Enumerable.Range(0, 50).SelectMany(_ => Full("trun", 0, 1, U32(uint.MaxValue, 0)))]));
        foreach (var size in new uint[] { 0, 1, 1000, uint.MaxValue })
        {
            byte[] file = [.. FileType, .. Moov, .. Run(size)];
            using var reader = Mp4OpusReader.Open(new MemoryStream(file));
            ReadAll(reader);
            Assert.InRange(reader.DefectCount, 1, file.Length);
        }
    }

    private static (byte[][] Packets, OpusPacketInfo[] Infos, Mp4OpusReader Reader) Read(
        Base kind, byte[][][] fragments, uint lastDelta = D, long time = 0)
    {
        List<byte> file = [.. FileType, .. Moov];
        for (var i = 0; i < fragments.Length; i++)
        {
            file.AddRange([.. Box("styp", new byte[8]), .. Box("sidx", new byte[20]), .. Box("emsg", new byte[30])]);
            file.AddRange(Fragment(kind, fragments[i], time, file.Count, i == fragments.Length - 1 ? lastDelta : D));
            time += fragments[i].Length * D;
        }

        file.AddRange(Box("mfra", new byte[50]));
        using var reader = Mp4OpusReader.Open(new MemoryStream([.. file]), new OpusReaderOptions { Strict = true });
        var (packets, infos) = ReadAll(reader);
        return (packets, infos, reader);
    }

    // Durations and sizes in the run.
    private static byte[] Fragment(Base kind, byte[][] packets, long time, long at, uint lastDelta = D)
    {
        byte[] Moof(int length)
        {
            var header = kind switch
            {
                Base.Moof => Full("tfhd", 0, 0x20000, U32(2)),
                Base.Explicit => Full("tfhd", 0, 0x3, U32(2), U64(at + length), U32(1)),
                _ => Full("tfhd", 0, 0, U32(2)),
            };
            var offset = kind == Base.Explicit ? 8 : length + 8;
            byte[] entries = [.. packets.SelectMany((packet, i) => U32(i == packets.Length - 1 ? lastDelta : D, packet.Length))];
            var run = Full("trun", 0, 0x301, U32(packets.Length, offset), entries);
            return Box("moof", Full("mfhd", 0, 0, U32(1)), Box("traf", header, Full("tfdt", 1, 0, U64(time)), run));
        }

        return [.. Moof(Moof(0).Length), .. Box("mdat", [.. packets.SelectMany(packet => packet)])];
    }
}
