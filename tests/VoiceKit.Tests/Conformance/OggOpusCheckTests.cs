using System.Globalization;
using System.Text;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Tests.Conformance;

/// <summary>Each rule of the check, broken alone, and what the check takes of time and memory.</summary>
public class OggOpusCheckTests
{
    private const int D = OggBytes.PacketDuration;
    private const OggPageFlags End = OggPageFlags.EndOfStream;

    public static TheoryData<string> Names => [.. OggOpusCheckCases.All.Select(NameOf)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Exactly_what_is_broken_is_found_where_it_is(string name)
    {
        var broken = OggOpusCheckCases.All.Single(item => NameOf(item) == name);
        var report = Run(broken.File);
        Assert.Equal(broken.Expected, report.Findings.Select(finding => (finding.Rule, finding.Offset)));
        Assert.Equal(report.Findings.Count(finding => finding.Severity == OggOpusCheckSeverity.Error), report.ErrorCount);
        Assert.Equal(report.Findings.Count, report.ErrorCount + report.WarningCount);
        Assert.Equal(report.ErrorCount == 0, report.IsConforming);
        Assert.Equal(broken.File.Length, report.Length);
    }

    [Fact]
    public void Every_rule_has_a_case_and_a_section()
    {
        Rule[] elsewhere = [Rule.TooManyStreams, Rule.TagsTooLarge];
        var covered = OggOpusCheckCases.All.SelectMany(item => item.Expected).Select(expected => expected.Rule).Concat(elsewhere);
        Assert.Empty(Enum.GetValues<Rule>().Except(covered));
        Assert.Equal(Enum.GetValues<Rule>(), OggOpusCheckRules.InOrder);
        foreach (var rule in Enum.GetValues<Rule>())
            Assert.Matches("^RFC [0-9]{4} (§[0-9]|appendix [A-Z])", new OggOpusCheckFinding(0, rule, "").Section);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Chunks_and_async_reading_change_nothing(string name)
    {
        var data = OggOpusCheckCases.All.Single(item => NameOf(item) == name).File;
        var expected = Describe(Run(data));
        Assert.Equal(expected, Describe(OggOpusCheck.Run(new TrickleStream(data, 7))));
        Assert.Equal(expected, Describe(await OggOpusCheck.RunAsync(new MemoryStream(data))));
    }

    [Fact]
    public void Whole_files_are_conforming()
    {
        var file = Started().Audio(5, 5 * D).Audio(5, 10 * D - 100, End);
        Started(file, 2).Audio(3, 3 * D - 500, End, 2);
        var report = Run(file.ToArray());
        Assert.Empty(report.Findings);
        Assert.True(report.IsConforming);
        Assert.Equal((7, 2, 13), (report.PageCount, report.OpusStreamCount, report.PacketCount));
    }

    [Fact]
    public void Packets_and_tags_over_many_pages_are_conforming()
    {
        var tags = new OpusTags("test", [new OpusComment("A", new string('x', 50_000))]).ToPacket();
        byte[] packet = [0x4B, 0x82, 252, 63, .. new byte[504], .. new byte[600]]; // Two frames, of 252 + 4 × 63 and 600 bytes.
        var file = new OggBytes().Head();
        var at = tags.Length / 2 / 255 * 255;
        file.OpenPage(OggPageFlags.None, -1, 1, [], tags[..at]).Page(OggPageFlags.Continued, 0, 1, tags[at..]);
        file.OpenPage(OggPageFlags.None, D, 1, OggBytes.Packet, packet[..510]);
        file.OpenPage(OggPageFlags.Continued, -1, 1, [], packet[510..765]);
        file.Page(OggPageFlags.Continued | End, 3 * D, 1, packet[765..]);
        Assert.Empty(Run(file.ToArray()).Findings);
    }

    [Fact]
    public void Findings_tell_all_in_a_line()
    {
        var report = Run(Started().Audio(5, 5 * D).Audio(5, 12 * D, End).ToArray());
        var line = Assert.Single(report.Findings).ToString();
        Assert.Contains("Error GranuleJump (RFC 7845 §4): ", line);
        Assert.Contains($"{2 * D} samples", line);
    }

    [Fact]
    public void More_streams_than_are_looked_into_are_told()
    {
        var file = new OggBytes();
        for (uint serial = 1; serial <= OggOpusCheckFile.MaxStreams + 1; serial++)
            file.Page(OggPageFlags.BeginOfStream, 0, serial, Encoding.ASCII.GetBytes("Speex   and so on"));
        var findings = Run(file.ToArray()).Findings;
        var rules = findings.GroupBy(finding => finding.Rule).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(1, rules[Rule.TooManyStreams]);
        Assert.Equal(OggOpusCheckFile.MaxStreams, rules[Rule.ParallelStreams]);
        Assert.Equal(OggOpusCheckFile.MaxStreams + 1, rules[Rule.EndMissing]);
        Assert.Equal(1, rules[Rule.NoOpusStream]);
    }

    [Fact]
    public void Tags_of_more_than_120_MiB_are_told_and_take_no_memory()
    {
        using var file = new MemoryStream(128_000_000);
        file.Write(new OggBytes().Head().ToArray());
        var pages = new OggPageBuilder(1);
        pages.End(0, OggPageFlags.None);
        pages.Add(new OpusTags("test").ToPacket().Concat(new byte[OggPage.MaxBodySize]).ToArray());
        file.Write(pages.End(-1, OggPageFlags.None, nextIsContinued: true));
        for (var size = OggPage.MaxBodySize; size <= 125_829_120; size += OggPage.MaxBodySize)
        {
            pages.Add(new byte[OggPage.MaxBodySize]);
            file.Write(pages.End(-1, OggPageFlags.None, nextIsContinued: true));
        }

        pages.Add([0]);
        file.Write(pages.End(0, OggPageFlags.None));
        pages.Add(OggBytes.Packet);
        file.Write(pages.End(D, End));
        file.Position = 0;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var report = OggOpusCheck.Run(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal([Rule.TagsTooLarge], report.Findings.Select(finding => finding.Rule));
    }

    [Fact]
    public void A_whole_file_takes_no_memory_per_page_or_packet()
    {
        var (small, large) = (MakeFile(1), MakeFile(30));
        Assert.Equal(LeastOf(small), LeastOf(large));

        // The runtime takes pooled buffers back when it likes; a run then makes them anew.
        static long LeastOf(byte[] file) => Enumerable.Range(0, 5).Min(_ => Measure(file));
    }

    [Fact]
    public void Floods_of_findings_are_counted_and_take_no_more_memory_than_is_bounded()
    {
        var page = new OggBytes().Page(OggPageFlags.BeginOfStream, 5, 1, "OpusHead"u8.ToArray()).ToArray();
        var serials = Enumerable.Range(0, 20_000).SelectMany(i =>
        {
            BitConverter.TryWriteBytes(page.AsSpan(OggPage.SerialAt), i);
            return OggBytes.Seal([.. page]);
        });
        byte[] comments = [.. "OpusTags"u8, 0, 0, 0, 0, 64, 13, 3, 0, .. Enumerable.Repeat<byte>(0, 60_000)];
        var head = new OggBytes().Head().Page(OggPageFlags.None, 0, 1, comments).ToArray();
        byte[][] floods =
        [
            [.. serials],
            [.. Enumerable.Repeat(page, 20_000).SelectMany(item => item)],
            [.. Enumerable.Repeat("OggS"u8.ToArray(), 500_000).SelectMany(item => item)],
            [.. Enumerable.Repeat(new byte[] { 79, 103, 103, 83, 0, 0 }, 100_000).SelectMany(item => item)],
            [.. Started().Audio(1, D).ToArray(), .. Enumerable.Range(0, 2000).SelectMany(_ => EmptyPackets())],
            [.. Enumerable.Repeat(head, 30).SelectMany(item => item)],
        ];
        foreach (var flood in floods)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var report = Run(flood);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 20) + flood.Length);
            Assert.InRange(report.Findings.Count, 1, OggOpusCheckReport.MaxListed);
            Assert.True(report.Findings.Count == Math.Min(OggOpusCheckReport.MaxListed, report.ErrorCount + report.WarningCount));
        }

        Assert.True(Run(floods[4]).ErrorCount > 100_000);
    }

    [Fact]
    public void Arguments_and_cancelling_are_heeded()
    {
        Assert.Throws<ArgumentNullException>(() => OggOpusCheck.Run(null!));
        var closed = new MemoryStream();
        closed.Dispose();
        Assert.Throws<ArgumentException>(() => OggOpusCheck.Run(closed));
        Assert.Throws<OperationCanceledException>(() => OggOpusCheck.Run(new EndlessStream(), new CancellationToken(true)));
    }

    private static byte[] EmptyPackets() =>
        new OggBytes().Page(OggPageFlags.None, 0, 1, [.. Enumerable.Repeat(Array.Empty<byte>(), 255)]).ToArray();

    private static long Measure(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(Run(file).Findings);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] MakeFile(int seconds)
    {
        var bytes = new MemoryStream();
        var options = new OpusWriterOptions { Serial = 1, MaxPageDuration = TimeSpan.FromMilliseconds(100) };
        using var writer = new OpusAudioWriter(bytes, LibOpusCodec.Default, null, [new("TITLE", "whole")], options);
        writer.Write(Signals.Voice(48_000 * seconds));
        writer.Finish();
        return bytes.ToArray();
    }

    private static OggBytes Started() => Started(new OggBytes());

    private static OggBytes Started(OggBytes file, uint serial = 1) => file.Head(serial: serial).Tags(serial);

    private static OggOpusCheckReport Run(byte[] file) => OggOpusCheck.Run(new MemoryStream(file));

    private static string NameOf(OggOpusCheckCases.Case item) => $"{item.Expected[0].Rule}: {item.Name}";

    private static string Describe(OggOpusCheckReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.ErrorCount} {report.WarningCount} {report.PageCount} {report.PacketCount} {string.Join('|', report.Findings)}");
}
