using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>
/// Whatever granule positions say: a cut, a seek, a decode from there, an import and a repair give the samples that a whole
/// reading has at that time. A sample is known by its packet and its place there.
/// </summary>
public class OggGranuleLiarPropertyTests
{
    private const int D = NumberedPackets.Duration;

    private enum Lie
    {
        Units,
        AllZero,
        Zero,
        Backward,
        BackwardFromThere,
        Jump,
        JumpFromThere,
        Repeat,
        None,
        Slightly,
        Reversed,
        Negative,
    }

    [Fact]
    public void A_trim_a_seek_a_repair_and_an_import_give_what_a_whole_reading_has_there()
    {
        var lie =
            from kind in Gen.Elements(Enum.GetValues<Lie>())
            from page in Gen.Choose(0, 30)
            from number in Gen.Choose(1, 100_000)
            select (kind, page, number);
        var all =
            from count in Gen.Choose(2, 150)
            from page in Gen.Elements(20, 60, 200, 500, 1000)
            from trim in Gen.Choose(0, D - 1)
            from lies in lie.NonEmptyListOf()
            from cut in Gen.Zip(Gen.Choose(0, 999), Gen.Choose(1, 1000))
            select (count, page, trim, lies: lies.Take(3).ToArray(), cut);
        Fx.Check(all, x => Check(MakeFile(x.count, x.page, x.trim, x.lies), x.cut), tests: 400);
    }

    private static byte[] MakeFile(int count, int page, int trim, (Lie Kind, int Page, int Number)[] lies)
    {
        var options = new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(page), Serial = 9 };
        var before = 0L;
        return OggBytes.Rewrite(NumberedPackets.File(count, options, trimEnd: trim), (bytes, index) =>
        {
            if (index < 2)
                return [bytes];
            var granule = new OggPage(bytes).Granule;
            foreach (var (kind, at, number) in lies)
                granule = Told(kind, at, number, index - 2, granule, before);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(OggPage.GranuleAt), granule);
            before = granule;
            return [bytes];
        });
    }

    private static long Told(Lie kind, int at, int number, int page, long granule, long before) => kind switch
    {
        Lie.Units => granule / new[] { 2, 3, 6, 48, D }[number % 5],
        Lie.AllZero => 0,
        Lie.Zero when page == at => 0,
        Lie.Backward when page == at => Math.Max(0, granule - number),
        Lie.BackwardFromThere when page >= at => Math.Max(0, granule - number),
        Lie.Jump when page == at => granule + number,
        Lie.JumpFromThere when page >= at => granule + number,
        Lie.Repeat when page == at => before,
        Lie.None when page == at => OggPage.NoGranule,
        Lie.Slightly => granule + number % 7 * (page % 2),
        Lie.Reversed => 100_000 + number - granule,
        Lie.Negative when page == at => -number,
        _ => granule,
    };

    private static void Check(byte[] file, (int From, int Length) cut)
    {
        var whole = Samples(OggOpusReader.Open(file));
        Assert.NotEmpty(whole);
        Assert.Equal(whole.Length, OpusInfo.Read(new MemoryStream(file)).Samples);
        Assert.Equal(whole.Length, OggOpusOutline.Read(new MemoryStream(file)).Samples);

        var from = (int)((long)whole.Length * cut.From / 1000);
        var to = Math.Min(whole.Length, from + Math.Max(1, (int)((long)whole.Length * cut.Length / 1000)));
        AssertSame(whole[from..to], SamplesFrom(file, from)[..(to - from)]);
        Assert.Equal(whole.Length - from, CountDecoded(file, from));

        var output = new MemoryStream();
        OpusEditor.Trim(new MemoryStream(file), output, OpusRates.ToTime(from), OpusRates.ToTime(to));
        AssertSame(whole[from..to], Samples(OggOpusReader.Open(output.ToArray())));

        output = new MemoryStream();
        OpusEditor.Repair(new MemoryStream(file), output);
        AssertSame(whole, Samples(OggOpusReader.Open(output.ToArray())));

        var message = new VoiceImporter(LibOpusCodec.Default).ImportAsync(new MemoryStream(file)).GetAwaiter().GetResult();
        using var stream = message.OpenRead();
        AssertSame(whole, Samples(OpusContainers.Open(stream)));
    }

    private static void AssertSame(long[] expected, long[] actual)
    {
        var same = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(
            same == expected.Length && same == actual.Length,
            $"Of {expected.Length} samples, {actual.Length} came; the first other one is {same}.");
    }

    private static long[] SamplesFrom(byte[] file, long position)
    {
        using var reader = OggOpusReader.Open(file);
        reader.Seek(position);
        var samples = Samples(reader, out var at);
        Assert.InRange(at, 0, position);
        return samples[(int)(position - at)..];
    }

    private static long[] Samples(IOpusPacketReader reader)
    {
        using (reader)
            return Samples(reader, out _);
    }

    // What is heard from where a reader stands; what is lost has no packet.
    private static long[] Samples(IOpusPacketReader reader, out long position)
    {
        var samples = new List<long>();
        position = -1;
        while (reader.Read())
        {
            var info = reader.PacketInfo;
            if (position < 0 && info.Playable + info.LostBefore > 0)
                position = info.Position - info.LostBefore;
            samples.AddRange(Enumerable.Repeat(-1L, info.LostBefore));
            var number = NumberedPackets.NumberOf(reader.Packet) * (long)D;
            for (var i = info.TrimStart; i < info.TrimStart + info.Playable; i++)
                samples.Add(number + i);
        }

        return [.. samples];
    }

    private static long CountDecoded(byte[] file, long from)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default);
        reader.Seek(from);
        var buffer = new float[4800];
        var count = 0L;
        while (reader.Read(buffer) is > 0 and var read)
            count += read;
        return count;
    }
}
