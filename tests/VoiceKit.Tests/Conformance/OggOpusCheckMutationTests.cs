using System.Globalization;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Conformance;

/// <summary>Files broken at random, always the same ones.</summary>
public class OggOpusCheckMutationTests
{
    private static byte[] Whole => field ??= MakeFile();

    [Fact]
    public void Broken_files_give_a_report_within_bounds()
    {
        var random = new Random(7845);
        var broken = 0;
        for (var i = 0; i < 1500; i++)
        {
            var data = Mutation.Of(Whole, random, most: 3, isAtHeaders: true);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var report = OggOpusCheck.Run(new MemoryStream(data));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 20) + data.Length);
            Assert.All(report.Findings, finding => Assert.InRange(finding.Offset, 0, data.Length));
            Assert.Equal(data.Length, report.Length);
            broken += report.IsConforming ? 0 : 1;
        }

        Assert.InRange(broken, 1200, 1500);
    }

    [Fact]
    public void Chunking_of_broken_files_changes_nothing()
    {
        var random = new Random(3533);
        for (var i = 0; i < 200; i++)
        {
            var data = Mutation.Of(Whole, random, most: 3, isAtHeaders: true);
            Assert.Equal(Describe(new MemoryStream(data)), Describe(new TrickleStream(data, random.Next(1, 700))));
        }
    }

    [Fact]
    public void Whatever_opusinfo_warns_of_in_broken_files_is_found()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(6716);
        var path = folder["broken.opus"];
        var warned = 0;
        for (var i = 0; i < 300; i++)
        {
            var data = Mutation.Of(Whole, random, most: 3, isAtHeaders: true);
            File.WriteAllBytes(path, data);
            var warnings = Oracle.Warnings(path);
            var report = OggOpusCheck.Run(new MemoryStream(data));
            Assert.True(warnings is [] || report.Findings.Count > 0, string.Join('\n', warnings));
            warned += warnings is [] ? 0 : 1;
        }

        Assert.InRange(warned, 200, 300);
    }

    private static string Describe(Stream stream)
    {
        var report = OggOpusCheck.Run(stream);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.ErrorCount} {report.WarningCount} {report.PageCount} {string.Join('|', report.Findings)}");
    }

    private static byte[] MakeFile()
    {
        OpusComment[] comments =
        [
            new("TITLE", "whole ü"), new("R128_TRACK_GAIN", "-573"),
            new("METADATA_BLOCK_PICTURE", Convert.ToBase64String(new byte[150])),
        ];
        var bytes = new MemoryStream();
        var options = new OpusWriterOptions { Serial = 99, MaxPageDuration = TimeSpan.FromMilliseconds(200) };
        using var writer = new OpusAudioWriter(bytes, LibOpusCodec.Default, null, comments, options);
        writer.Write(Signals.Voice(48_000 * 3));
        writer.Finish();
        return bytes.ToArray();
    }
}
