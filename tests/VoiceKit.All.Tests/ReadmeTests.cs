using VoiceKit.Containers;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.All.Tests;

/// <summary>The examples of the README: each is complete as it stands there.</summary>
[Collection("current folder")]
public class ReadmeTests
{
    [Fact]
    public async Task What_is_encoded_is_read_drawn_and_decoded()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("espeak-ng", "-w", folder["recording.wav"], "This is what the example works on.");
        await InFolderAsync(folder, EncodeAsync);
        Assert.Equal(["decoded.wav", "message.opus", "recording.wav"], folder.Files.Select(Path.GetFileName).Order());
        using var message = File.OpenRead(folder["message.opus"]);
        using var decoded = Audio.AudioFiles.Open(folder["decoded.wav"]);
        Assert.Equal(OpusInfo.Read(message).Duration, decoded.Format.DurationOf(decoded.FrameCount!.Value));
    }

    [Fact]
    public async Task What_a_phone_recorded_is_imported_and_kept()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("espeak-ng", "-w", folder["a.wav"], "This is what the example works on.");
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], folder["phone.m4a"]);
        await InFolderAsync(folder, KeepAsync);
        using var store = new VoiceMessageStore(folder["voices"]);
        Assert.Equal(2, (await store.ListAsync().ToListAsync()).Count);
    }

    [Fact]
    public void The_examples_are_the_code_below()
    {
        var source = Lines(File.ReadAllText(SourceTree.PathOf("tests/VoiceKit.All.Tests/ReadmeTests.cs")));
        var blocks = File.ReadAllText(SourceTree.PathOf("README.md")).Split("```csharp\n").Skip(1).Select(part => part.Split("```")[0]).ToArray();
        Assert.Equal(3, blocks.Length);
        foreach (var block in blocks)
        {
            var code = Lines(block).SkipWhile(line => line.StartsWith("using VoiceKit", StringComparison.Ordinal)).ToArray();
            Assert.True(IsIn(source, code), string.Join('\n', code));
        }
    }

    private static async Task EncodeAsync()
    {
        var message = await VoiceMessage.EncodeAsync("recording.wav", VoiceCodec.Default);   // any rate, mono or stereo
        await message.SaveAsync("message.opus");                                             // whole or not at all

        var received = await VoiceMessage.OpenAsync("message.opus");                         // heals what the network broke
        var bars = await received.GetWaveformAsync(bars: 64);                                // heights: bars.ToBars()
        Console.WriteLine(bars.ToBlocks());                                                  // ▂▅▇▆▁▃▇█▅▂…
        await received.SaveWavAsync("decoded.wav");                                          // the same length, to the sample
    }

    // Compiled, so that the example stays right; the person's own devices are not for tests.
    internal static async Task TalkAsync()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        await using var recorder = new VoiceRecorder(await devices.OpenInputAsync(), VoiceCodec.Default);
        recorder.Progress += (_, now) => Console.Write($"\r{now.Elapsed.TotalSeconds:F1} s {now.Rms:F0} dB");
        await recorder.StartAsync();                                                         // press
        await Task.Delay(TimeSpan.FromSeconds(5));                                           // talk; PauseAsync, OpenDraftAsync, ResumeAsync
        var mine = await recorder.FinishToFileAsync("mine.opus");                            // release; null: too short to be a message

        await using var player = new VoicePlayer(await devices.OpenOutputAsync()) { Speed = 1.5 };
        await player.LoadAsync(mine ?? await VoiceMessage.OpenAsync("message.opus"));
        await player.PlayAsync();                                                            // SeekAsync, PauseAsync, Position
        await foreach (var now in player.WatchAsync())                                       // until it has ended
        {
            if (now.State is PlaybackState.Ended or PlaybackState.Faulted)
                break;
        }
    }

    private static async Task KeepAsync()
    {
        var importer = new VoiceImporter(VoiceCodec.Default, FFmpegDecoder.Default);         // Opus is taken as it is, the rest encoded
        var imported = await importer.ImportAsync("phone.m4a", new VoiceImportOptions { TrimSilence = true });

        using var store = new VoiceMessageStore("voices");                                   // a folder is the database
        var kept = await store.AddAsync(imported, new VoiceMessageInfo { Sender = "Anna" });
        await foreach (var one in store.ListAsync())                                         // the newest first
            Console.WriteLine($"{one.Sender}, {one.Time:g}, {one.Duration.TotalSeconds:F0} s, {one.Path}");
        await store.ForwardAsync(kept.Id);                                                   // bit for bit
    }

    private static async Task InFolderAsync(TemporaryFolder folder, Func<Task> example)
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            await example();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static string[] Lines(string text) =>
        [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static bool IsIn(string[] source, string[] code) =>
        Enumerable.Range(0, Math.Max(0, source.Length - code.Length + 1)).Any(at => source.AsSpan(at, code.Length).SequenceEqual(code));
}
