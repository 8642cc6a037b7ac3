using System.Globalization;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Conformance;

/// <summary>Files broken at random, always the same ones.</summary>
public class OggOpusCheckMutationTests
{
    private static readonly byte[] Whole = MakeFile();

    [Fact]
    public void Broken_files_give_a_report_within_bounds()
    {
        var random = new Random(7845);
        var broken = 0;
        for (var i = 0; i < 1500; i++)
        {
            var data = Break(Whole, random);
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
            var data = Break(Whole, random);
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
            var data = Break(Whole, random);
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

    // Bits flipped, bytes cut out, doubled or overwritten; half of the time the checksums are made right again, so that what is
    // within the pages gets to be judged.
    private static byte[] Break(byte[] whole, Random random)
    {
        var data = whole.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            // Half of the time near the start, where the headers are.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(600, data.Count) : data.Count);
            var count = Math.Min(random.Next(1, 400), data.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data.RemoveRange(at, Math.Min(count, data.Count - 1));
                    break;
                case 2:
                    data.InsertRange(at, data.GetRange(at, count));
                    break;
                case 3:
                    data[at] = (byte)random.Next(256);
                    break;
                default:
                    data.RemoveRange(Math.Max(1, data.Count - count), Math.Min(count, data.Count - 1));
                    break;
            }
        }

        var bytes = data.ToArray();
        if (random.Next(2) == 0)
            SealPages(bytes);
        return bytes;
    }

    private static void SealPages(byte[] data)
    {
        for (var at = 0; at + OggPage.HeaderSize < data.Length; at++)
        {
            if (!data.AsSpan(at).StartsWith(OggPage.CapturePattern))
                continue;
            int segments = data[at + OggPage.SegmentCountAt];
            var headerSize = OggPage.HeaderSize + segments;
            if (at + headerSize > data.Length)
                continue;
            var size = headerSize + data.AsSpan(at + OggPage.HeaderSize, segments).ToArray().Sum(value => value);
            if (at + size <= data.Length)
                OggBytes.Seal(data[at..(at + size)]).CopyTo(data, at);
        }
    }

    private static byte[] MakeFile()
    {
        OpusComment[] comments =
        [
            new("TITLE", "whole ü"), new("R128_TRACK_GAIN", "-573"),
            new("METADATA_BLOCK_PICTURE", Convert.ToBase64String(new byte[150])),
        ];
        var bytes = new MemoryStream();
        var options = new OggOpusWriterOptions { Serial = 99, MaxPageDuration = TimeSpan.FromMilliseconds(200) };
        using var writer = new OpusAudioWriter(bytes, LibOpusCodec.Default, null, comments, options);
        writer.Write(Signals.Voice(48_000 * 3));
        writer.Finish();
        return bytes.ToArray();
    }
}
