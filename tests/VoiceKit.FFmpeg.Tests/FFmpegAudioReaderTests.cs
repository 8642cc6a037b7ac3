using System.Reflection;
using System.Runtime.CompilerServices;
using VoiceKit.Audio;
using VoiceKit.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>The program's way of working: what it may read, and how it ends.</summary>
public class FFmpegAudioReaderTests
{
    [Fact]
    public void A_stream_that_cannot_seek_is_read_even_with_its_tables_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var data = Make(folder, "a.m4a", "alac", channels: 2);
        Assert.True(data.AsSpan().IndexOf("moov"u8) > data.Length / 2);
        using var reader = FFmpegAudioReader.Open(new TrickleStream(data, 1000));
        Assert.Equal(new AudioFormat(44_100, 2), reader.Format);
        Assert.Equal(22_050, Count(reader));
        Assert.Equal(22_050, reader.FrameCount);
    }

    [Theory]
    [InlineData("-i")]
    [InlineData("http:")]
    [InlineData("concat:a|b")]
    [InlineData("%03d.m4a")]
    [InlineData("a'b \"$(touch x)\";")]
    public void A_name_is_a_name_and_nothing_else(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder[name], Make(folder, "a.flac", "flac"));
        using var reader = FFmpegAudioReader.Open(folder[name]);
        Assert.Equal(22_050, Count(reader));
        Assert.Equal(2 + 1, folder.Files.Length);
    }

    [Fact]
    public void Files_that_name_other_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        Make(folder, "a.mp3", "libmp3lame");
        string[] scripts =
        [
            $"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{folder["a.mp3"]}\n#EXT-X-ENDLIST\n",
            $"ffconcat version 1.0\nfile '{folder["a.mp3"]}'\n",
            $"ffconcat version 1.0\nfile a.mp3\n",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        ];
        foreach (var script in scripts)
        {
            foreach (var name in (string[])["x.m3u8", "x.ffconcat", "x.sdp", "x.mp3", "x"])
            {
                File.WriteAllText(folder[name], script);
                Assert.Equal(0, CountOrNone(folder[name]));
            }
        }
    }

    [Fact]
    public void A_failure_has_the_exit_code_and_what_the_program_said()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.m4a"], [0, 0, 0, 20, .. "ftypM4A "u8, .. new byte[300]]);
        var refusal = Assert.Throws<VoiceFormatException>(() => FFmpegAudioReader.Open(folder["x.m4a"]));
        var exception = Assert.IsType<FFmpegException>(refusal.InnerException);
        Assert.NotEqual(0, exception.ExitCode);
        Assert.Contains("moov atom not found", exception.Log);
        Assert.Contains("Invalid data", exception.Message);
        Assert.DoesNotContain("x.m4a", refusal.ToString());
        Assert.DoesNotContain("0x", refusal.Message + exception.Log);
        Assert.Throws<FileNotFoundException>(() => FFmpegAudioReader.Open(folder["none"]));
    }

    [Theory]
    [InlineData("ffmpeg-that-is-not-there")]
    [InlineData("./ffmpeg-that-is-not-there")]
    public void A_missing_program_is_told(string program)
    {
        using var folder = new TemporaryFolder();
        Make(folder, "a.flac", "flac");
        var exception = Assert.Throws<FFmpegException>(
            () => FFmpegAudioReader.Open(folder["a.flac"], new FFmpegOptions { Program = program }));
        Assert.Contains(program, exception.Message);
        Assert.Contains("install", exception.Message);
        Assert.Null(exception.ExitCode);
    }

    [Fact]
    public void A_program_that_hangs_is_ended()
    {
        using var folder = new TemporaryFolder();
        var script = Script(folder, "echo $$ > \"$0.pid\"; echo stuck >&2; sleep 600 | sleep 600");
        var options = new FFmpegOptions { Program = script, Timeout = TimeSpan.FromMilliseconds(500) };
        var exception = Assert.Throws<FFmpegException>(() => FFmpegAudioReader.Open(script, options));
        Assert.Contains("0.5 s", exception.Message);
        Assert.Equal("stuck", exception.Log);
        AssertGone(int.Parse(File.ReadAllText(script + ".pid")));
    }

    [Fact]
    public void A_log_without_an_end_takes_no_memory()
    {
        using var folder = new TemporaryFolder();
        var script = Script(folder, "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo the end >&2; exit 7");
        var exception = Assert.Throws<FFmpegException>(
            () => FFmpegAudioReader.Open(script, new FFmpegOptions { Program = script }));
        Assert.Equal(7, exception.ExitCode);
        Assert.Equal("the end", exception.Log);
    }

    [Fact]
    public void Disposing_ends_the_program_and_takes_the_temporary_file_away()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        var reader = FFmpegAudioReader.Open(LongFile(folder));
        reader.Read(new float[100]);
        var id = reader.ProcessId;
        Assert.True(Directory.Exists($"/proc/{id}"));
        reader.Dispose();
        AssertGone(id);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(new float[100]));
    }

    [Fact]
    public void Cancelling_ends_the_program_and_the_reading()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        using var reader = FFmpegAudioReader.Open(LongFile(folder), null, source.Token);
        reader.Read(new float[100]);
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Count(reader));
        AssertGone(reader.ProcessId);
        Assert.ThrowsAny<OperationCanceledException>(() => FFmpegAudioReader.Open(folder["long.wav"], null, source.Token));
    }

    [Fact]
    public void A_reader_that_is_forgotten_ends_its_program()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        var id = Forget(LongFile(folder));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        AssertGone(id);
    }

    [Fact]
    public void No_finalizer_looks_for_processes()
    {
        // A finalizer runs when the objects that it uses may be gone, and must not wait: only handles of the system have one.
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var types = typeof(FFmpegAudioReader).Assembly.GetTypes();
        Assert.Empty(types.Where(type => type.GetMethod("Finalize", Own, []) is not null).Select(type => type.FullName));
    }

    [Fact]
    public void Reading_allocates_nothing_to_speak_of()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        using var reader = FFmpegAudioReader.Open(LongFile(folder));
        var buffer = new float[2048];
        for (var i = 0; i < 100; i++)
            reader.Read(buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            reader.Read(buffer);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Forget(string path)
    {
        var reader = FFmpegAudioReader.Open(path);
        reader.Read(new float[100]);
        return reader.ProcessId;
    }

    // The process is waited for, since it may take a moment to end.
    private static void AssertGone(int id)
    {
        var isThere = true;
        for (var i = 0; i < 500 && isThere; i++)
        {
            isThere = Directory.Exists($"/proc/{id}");
            if (isThere)
                Thread.Sleep(10);
        }

        Assert.False(isThere, $"Process {id} is still there.");
    }

    // An hour of silence, more than any pipe holds.
    private static string LongFile(TemporaryFolder folder)
    {
        using var writer = new WavWriter(File.Create(folder["long.wav"]), new AudioFormat(8000, 1), WavSampleFormat.Pcm8);
        var second = new float[8000];
        for (var i = 0; i < 3600; i++)
            writer.Write(second);
        return folder["long.wav"];
    }

    private static string Script(TemporaryFolder folder, string text)
    {
        var path = folder["script"];
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static byte[] Make(TemporaryFolder folder, string name, string codec, int channels = 1)
    {
        using (var writer = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(44_100, channels)))
            writer.Write(Signals.Voice(22_050, 44_100, channels));
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["in.wav"], "-c:a", codec, folder[name]);
        return File.ReadAllBytes(folder[name]);
    }

    private static long CountOrNone(string path)
    {
        try
        {
            using var reader = FFmpegAudioReader.Open(path);
            return Count(reader);
        }
        catch (VoiceFormatException)
        {
            return 0;
        }
    }

    private static long Count(IAudioReader reader)
    {
        var buffer = new float[4096];
        long count = 0;
        for (int read; (read = reader.Read(buffer)) > 0;)
            count += read;
        return count / reader.Format.Channels;
    }
}
