using System.Diagnostics;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Storage;
using VoiceKit.Tests;
using VoiceKit.Tests.Support;

namespace VoiceKit.FFmpeg.Tests;

/// <summary>How the program and what it has started end, and what limits it.</summary>
public class ProcessEndTests
{
    // Keeps the program's outputs open, in a session of its own, for longer than any test lasts.
    private const string Descendant = "(setsid sleep 987 >&1 2>&2 & echo $! > \"$0.pid\"); ";

    [Fact]
    public async Task A_descendant_that_holds_the_output_does_not_hold_the_reader()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, Descendant + "exec ffmpeg \"$@\"");
        var wav = Wav(folder, 48_000);
        using var reader = await Bounded(() => FFmpegAudioReader.Open(wav, script.Options()));
        Assert.Equal(48_000, await Bounded(() => Count(reader)));
    }

    [Fact]
    public async Task Nor_past_the_timeout()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, Descendant + "sleep 600");
        var options = script.Options(TimeSpan.FromMilliseconds(500));
        var exception = await Assert.ThrowsAsync<FFmpegException>(
            () => Bounded(() => FFmpegAudioReader.Open(script.Path, options)));
        Assert.Contains("0.5 s", exception.Message);
    }

    [Fact]
    public async Task Nor_past_a_cancellation()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, Descendant + "sleep 600");
        using var source = new CancellationTokenSource();
        var opening = Bounded(() => FFmpegAudioReader.Open(script.Path, script.Options(), source.Token));
        await script.WaitForStartAsync();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task Nor_the_exporter()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, Descendant + "sleep 600");
        var exporter = new FFmpegExporter(FFmpegExportFormat.Mp3, script.Options(TimeSpan.FromMilliseconds(500)));
        using var source = WavReader.Open(Wav(folder, 480_000));
        using var output = new MemoryStream();
        var message = new StoredVoiceMessage { Id = "a", Path = "a.opus", Time = default, Duration = default, Size = 0 };
        await Assert.ThrowsAsync<FFmpegException>(
            () => exporter.ExportAsync(message, source, output).WaitAsync(TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public async Task What_the_program_has_started_is_ended_with_it()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, "sleep 987 & echo $! > \"$0.pid\"; sleep 600");
        var options = script.Options(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<FFmpegException>(() => Bounded(() => FFmpegAudioReader.Open(script.Path, options)));
        Assert.True(await GoneAsync(script.ChildId));
    }

    [Fact]
    public async Task A_program_that_computes_for_too_long_is_ended_and_told()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, "while :; do :; done");
        var options = script.Options(maxTime: TimeSpan.FromSeconds(1));
        var exception = await Assert.ThrowsAsync<FFmpegException>(
            () => Bounded(() => FFmpegAudioReader.Open(script.Path, options)));
        Assert.InRange(exception.ExitCode ?? 0, 129, 192);
        Assert.Contains("more than the options allow", exception.Message);
    }

    [Fact]
    public async Task A_program_has_the_limits_of_the_options_before_it_begins()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, "while read line; do echo \"$line\"; done </proc/$$/limits >&2; exit 7");
        var options = script.Options(maxTime: TimeSpan.FromSeconds(123));
        for (var i = 0; i < 20; i++)
        {
            var exception = await Assert.ThrowsAsync<FFmpegException>(
                () => Bounded(() => FFmpegAudioReader.Open(script.Path, options)));
            Assert.Matches(@"cpu time\s+123\s+123", exception.Log);
            Assert.Matches($@"address space\s+{4L << 30}\s+{4L << 30}", exception.Log);
            Assert.Matches($@"file size\s+{2L << 30}\s+{2L << 30}", exception.Log);
        }
    }

    [Fact]
    public async Task Ffmpeg_itself_decodes_and_encodes_within_the_default_limits()
    {
        Requires.Program("ffmpeg");
        using var folder = new TemporaryFolder();
        using var reader = FFmpegAudioReader.Open(new MemoryStream(File.ReadAllBytes(Wav(folder, 48_000))));
        Assert.Equal(48_000, await Bounded(() => Count(reader)));
    }

    [Fact]
    public async Task The_program_and_the_temporary_file_go_with_the_process_that_is_killed()
    {
        using var folder = new TemporaryFolder();
        using var script = new Script(folder, "echo $$ > \"$0.pid\"; sleep 600");
        Directory.CreateDirectory(folder["temporary"]);
        using var host = Host(folder, script);
        await script.WaitForStartAsync();
        Assert.Empty(Directory.GetFileSystemEntries(folder["temporary"]));
        host.Kill();
        Assert.True(await GoneAsync(script.ChildId));
        Assert.Empty(Directory.GetFileSystemEntries(folder["temporary"]));
    }

    // This program again, as a host that imports something and is killed meanwhile.
    private static Process Host(TemporaryFolder folder, Script script)
    {
        var path = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? ["exec", System.Reflection.Assembly.GetExecutingAssembly().Location] : [];
        var start = new ProcessStartInfo(path, [.. program, HostWord, script.Path, Wav(folder, 48_000)]);
        start.Environment["TMPDIR"] = folder["temporary"];
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // The runtime has temporary files of its own.
        return OtherProgram.Start(start);
    }

    public const string HostWord = "import-until-killed";

    /// <summary>What the host does.</summary>
    public static int RunHost(string script, string wav)
    {
        using var input = File.OpenRead(wav);
        FFmpegAudioReader.Open(input, new FFmpegOptions { Program = script, Timeout = TimeSpan.FromMinutes(10) });
        return 0;
    }

    // A test that hangs would hang all of them.
    private static Task<T> Bounded<T>(Func<T> work) => Task.Run(work).WaitAsync(TimeSpan.FromSeconds(120));

    private static async Task<bool> GoneAsync(int id)
    {
        for (var i = 0; i < 1000; i++)
        {
            var status = $"/proc/{id}/stat";
            try
            {
                // What has ended and was not yet asked for its result is a zombie.
                if (!File.Exists(status) || File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal))
                    return true;
            }
            catch (IOException)
            {
                return true;
            }

            await Task.Delay(20);
        }

        return false;
    }

    private static long Count(IAudioReader reader)
    {
        var buffer = new float[4096];
        long count = 0;
        for (int read; (read = reader.Read(buffer)) > 0;)
            count += read;
        return count / reader.Format.Channels;
    }

    private static string Wav(TemporaryFolder folder, int frames)
    {
        var path = folder["in.wav"];
        using var writer = new WavWriter(File.Create(path), new AudioFormat(48_000, 1));
        writer.Write(Signals.Voice(frames));
        return path;
    }

    /// <summary>
    /// A program that writes the number of a process of its own into a file; that process is ended with the test.
    /// </summary>
    private sealed class Script : IDisposable
    {
        public Script(TemporaryFolder folder, string text)
        {
            Path = folder["script"];
            File.WriteAllText(Path, "#!/bin/sh\n" + text + "\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public string Path { get; }

        public int ChildId => int.Parse(File.ReadAllText(Path + ".pid"), CultureInfo.InvariantCulture);

        public FFmpegOptions Options(TimeSpan? timeout = null, TimeSpan? maxTime = null) => new()
        {
            Program = Path,
            Timeout = timeout ?? TimeSpan.FromMinutes(10),
            MaxProcessorTime = maxTime ?? new FFmpegOptions().MaxProcessorTime,
        };

        public async Task WaitForStartAsync()
        {
            for (var i = 0; i < 3000 && (!File.Exists(Path + ".pid") || File.ReadAllText(Path + ".pid").Length == 0); i++)
                await Task.Delay(20);
        }

        public void Dispose()
        {
            if (!File.Exists(Path + ".pid"))
                return;
            try
            {
                Process.GetProcessById(ChildId).Kill();
            }
            catch (Exception exception)
                when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended.
            }
        }
    }
}
