using System.IO.Compression;
using System.Text;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>Zip files that others read, beyond what the first zip had numbers for, too (APPNOTE 4.5.3).</summary>
public class ZipAppenderTests
{
    // The checksums of so many are unzip's to compute.
    private const string Python =
        "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); l = z.namelist(); assert len(l) > 99 or z.testzip() is None; print(len(l))";

    [Theory]
    [InlineData(3, 0)]
    [InlineData(66_000, 0)]
    [InlineData(3, 5L << 30)]
    public async Task Many_entries_and_far_ones_are_read_by_others(int count, long start)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.zip"];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
        {
            // What is before it takes no room on the disk.
            file.Position = start;
            using var zip = new ZipAppender(file, start);
            for (var i = 0; i < count; i++)
                await zip.AddAsync(NameOf(i), BytesOf(i), default);
            await zip.FinishAsync(default);
        }

        using (var zip = ZipFile.OpenRead(path))
        {
            Assert.Equal(Enumerable.Range(0, count).Select(NameOf), zip.Entries.Select(entry => entry.FullName));
            using var last = new StreamReader(zip.Entries[^1].Open());
            Assert.Equal(Encoding.UTF8.GetString(BytesOf(count - 1)), last.ReadToEnd());
        }

        Oracle.Run("unzip", "-tqq", path);
        Assert.Equal($"{count}", Oracle.Run("python3", "-c", Python, path).Output.Trim());
    }

    [Fact]
    public async Task What_is_gone_on_with_keeps_its_far_entries()
    {
        using var folder = new TemporaryFolder();
        const long Start = 5L << 30;
        using (var file = new FileStream(folder["a.zip"], FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1))
        {
            file.Position = Start;
            using var cut = new ZipAppender(file, Start);
            await cut.AddAsync(NameOf(0), BytesOf(0), default);
            await cut.AddAsync(NameOf(1), BytesOf(1), default);
            file.SetLength(file.Length - 1);
            using var zip = new ZipAppender(file, Start);
            await zip.ResumeAsync(1000, (name, bytes) => name == NameOf(0) && bytes.AsSpan().SequenceEqual(BytesOf(0)), default);
            await zip.AddAsync(NameOf(2), BytesOf(2), default);
            await zip.FinishAsync(default);
        }

        Oracle.Run("unzip", "-tqq", folder["a.zip"]);
        using var read = ZipFile.OpenRead(folder["a.zip"]);
        Assert.Equal([NameOf(0), NameOf(2)], read.Entries.Select(entry => entry.FullName));
    }

    private static string NameOf(int number) => $"Sent/Grüße {number}.opus";

    private static byte[] BytesOf(int number) => Encoding.UTF8.GetBytes($"message {number}");
}
