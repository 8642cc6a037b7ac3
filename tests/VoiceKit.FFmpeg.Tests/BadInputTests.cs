using System.IO.Compression;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>A bad input and a broken server are two kinds of exception: an app maps them to 400 and 500.</summary>
public class BadInputTests
{
    public static TheoryData<string> Kinds => ["picture", "zip", "cut off", "short text", "zeros", "noise", "video only"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_has_no_audio_that_can_be_used_is_a_format_exception(string kind)
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        var bytes = Make(folder, kind);
        File.WriteAllBytes(folder["secret-name"], bytes);
        var importer = new VoiceImporter(LibOpusCodec.Default, FFmpegDecoder.Default);
        foreach (var work in (Func<Task>[])
            [
                () => importer.ImportAsync(folder["secret-name"]),
                () => importer.PreviewAsync(folder["secret-name"]),
                () => importer.ImportAsync(new TrickleStream(bytes, 1000)),
            ])
        {
            var exception = await Assert.ThrowsAsync<VoiceFormatException>(work);
            Assert.DoesNotContain("0x", exception.Message);
            for (Exception? all = exception; all is not null; all = all.InnerException)
            {
                Assert.DoesNotContain("secret-name", all.Message);
                Assert.DoesNotContain("/proc/", all.Message);
                Assert.DoesNotContain(Path.GetTempPath(), (all as FFmpegException)?.Log ?? "");
            }
        }
    }

    [Fact]
    public async Task A_missing_or_broken_program_is_another_exception()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.m4a"], Make(folder, "whole"));
        string?[] scripts =
        [
            null, "exit 7", "kill -SEGV $$", "echo 'error while loading shared libraries: libx.so' >&2; exit 127",
            "echo 'x: Cannot allocate memory' >&2; exit 1",
        ];
        foreach (var text in scripts)
        {
            var importer = new VoiceImporter(
                LibOpusCodec.Default, new FFmpegDecoder(new FFmpegOptions { Program = Script(folder, text) }));
            await Assert.ThrowsAsync<FFmpegException>(() => importer.ImportAsync(folder["a.m4a"]));
        }
    }

    private static byte[] Make(TemporaryFolder folder, string kind)
    {
        switch (kind)
        {
            case "picture":
                Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:s=32x32", "-frames:v", "1", folder["a.png"]);
                return File.ReadAllBytes(folder["a.png"]);
            case "video only":
                Oracle.Run(
                    "ffmpeg",
                    "-v",
                    "error",
                    "-f",
                    "lavfi",
                    "-i",
                    "color=red:s=32x32",
                    "-t",
                    "1",
                    "-c:v",
                    "mpeg4",
                    folder["v.mp4"]);
                return File.ReadAllBytes(folder["v.mp4"]);
            case "zip":
                using (var bytes = new MemoryStream())
                {
                    using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
                        zip.CreateEntry("a.txt").Open().Dispose();
                    return bytes.ToArray();
                }

            case "short text":
                return "hello world"u8.ToArray();
            case "zeros":
                return new byte[5000];
            case "noise":
                var noise = new byte[5000];
                new Random(1).NextBytes(noise);
                return noise;
        }

        using (var writer = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(44_100, 1)))
            writer.Write(Signals.Voice(44_100, 44_100));
        Oracle.Run("ffmpeg", "-v", "error", "-y", "-i", folder["in.wav"], "-c:a", "aac", folder["whole.m4a"]);
        var whole = File.ReadAllBytes(folder["whole.m4a"]);
        return kind switch
        {
            "cut off" => whole[..(whole.Length / 2)], // Its tables are at the end.
            _ => whole,
        };
    }

    private static string Script(TemporaryFolder folder, string? text)
    {
        if (text is null)
            return "ffmpeg-that-is-not-there";
        var path = folder["script"];
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
