using System.IO.Compression;
using VoiceKit.PulseAudio.Tests;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

/// <summary>The program voicekit.exe.</summary>
[Collection(Wine.Collection)]
public sealed class ProgramTests(Wine wine) : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public async Task It_lists_the_devices_of_Windows()
    {
        var listed = await RunAsync("devices");
        Assert.Contains("TestMicrophone", listed, StringComparison.Ordinal);
        Assert.Contains("TestSpeakers", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_encodes_tells_keeps_and_gives_back()
    {
        var wav = Wine.PathOf(_card.WriteWav(Speech.Samples, 1));
        await RunAsync("encode", wav, PathOf("message.opus"));
        var message = await VoiceMessage.OpenAsync(Unix("message.opus"));
        Assert.Equal(Speech.Samples.Length, Speech.Decode(message).Length);
        Assert.Contains("0:05", await RunAsync("info", PathOf("message.opus")), StringComparison.Ordinal);

        var id = (await RunAsync("store", PathOf("voices"), "add", PathOf("message.opus"))).Trim();
        Assert.Contains(id, await RunAsync("store", PathOf("voices"), "list"), StringComparison.Ordinal);
        await RunAsync("store", PathOf("voices"), "export", id, PathOf("back.opus"));
        Assert.Equal(
            (await VoiceMessage.OpenAsync(Unix("message.opus"))).Duration,
            (await VoiceMessage.OpenAsync(Unix("back.opus"))).Duration);
        await RunAsync("store", PathOf("voices"), "backup", PathOf("backup.zip"));
        using (var zip = ZipFile.OpenRead(Unix("backup.zip")))
            Assert.NotEmpty(zip.Entries);
        await RunAsync("store", PathOf("others"), "restore", PathOf("backup.zip"));
        Assert.Contains(id, await RunAsync("store", PathOf("others"), "list"), StringComparison.Ordinal);
        await RunAsync("store", PathOf("voices"), "delete", id);
        Assert.DoesNotContain(id, await RunAsync("store", PathOf("voices"), "list"), StringComparison.Ordinal);
    }

    [Fact]
    public Task It_records_and_plays() => RealTime.RunAsync(async () =>
    {
        using var program = wine.Run(_card, "voicekit.exe", "record", PathOf("message.opus"), "--seconds", "2", "--force");
        await program.SucceedsAsync();
        var message = await VoiceMessage.OpenAsync(Unix("message.opus"));
        Assert.Equal(2, message.Duration.TotalSeconds, 0.05);

        // A sound without silence, since silence cannot be told from a device that waits.
        var wav = Wine.PathOf(_card.WriteWav(Sounds.Sweep(4), 1));
        await RunAsync("encode", wav, PathOf("sweep.opus"), "--bitrate", "64000", "--force");
        var sweep = Speech.Decode(await VoiceMessage.OpenAsync(Unix("sweep.opus")));
        using var monitor = _card.RecordSpeakers(channels: 1);
        await RunAsync("play", PathOf("sweep.opus"));
        Sounds.AssertAllHeard(sweep, await monitor.HearOutAsync());
    });

    [Fact]
    public async Task Ctrl_C_ends_a_recording_that_is_kept()
    {
        var voicekit = Wine.PathOf(Path.Combine(Wine.Root, "artifacts", "windows", "win-x64", "voicekit.exe"));
        using var program = wine.Run(_card, "actor.exe", "interrupt", voicekit, "record", PathOf("message.opus"));
        await program.SucceedsAsync();
        Assert.Equal("0", await program.SaysAsync("code"));
        var message = await VoiceMessage.OpenAsync(Unix("message.opus"));
        Assert.True(message.Duration > TimeSpan.Zero);
        Assert.Empty(message.Info.Defects);
    }

    [Fact]
    public async Task Without_a_microphone_it_says_so()
    {
        using var program = wine.Run(null, "voicekit.exe", "record", PathOf("message.opus"), "--seconds", "1");
        Assert.NotEqual(0, await program.EndsAsync());
        Assert.Contains("The system has no microphone.", program.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Unix("message.opus")));
    }

    private string Unix(string name) => Path.Combine(_card.Folder, name);

    private string PathOf(string name) => Wine.PathOf(Unix(name));

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var program = wine.Run(_card, "voicekit.exe", arguments);
        return await program.SucceedsAsync();
    }
}
