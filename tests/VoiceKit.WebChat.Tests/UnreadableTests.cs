using VoiceKit.Audio;
using VoiceKit.Tests.Faults;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>
/// A message whose file the disk fails to read: the chat shows that it is there, and plays it once it can be read.
/// </summary>
[Collection("chromium")]
public class UnreadableTests(Chromium chromium)
{
    private const int InputOutputError = 5;

    [Fact]
    public async Task A_message_that_cannot_be_read_is_listed_and_comes_back()
    {
        using var folder = new TemporaryFolder();
        var library = FaultLibrary.Compile(folder.Path);
        await using var server = ChatProcess.Start(folder["chat"]);
        using var room = await server.NewRoomAsync();
        var message = await room.SendAsync(Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1)));

        await server.KillAsync();
        // Without an index the server looks into each file.
        foreach (var index in Directory.GetFiles(folder["chat"], "index", SearchOption.AllDirectories))
            File.Delete(index);
        await server.StartAgainAsync(("LD_PRELOAD", library), ("FAULTS", $"look {InputOutputError} 0 .opus"));
        Assert.False((bool)Assert.Single(await room.ListAsync())!["readable"]!);
        await using (var tab = await chromium.OpenAsync(room.PageUrl))
        {
            await tab.UntilAsync("document.querySelector('.row')?.dataset.readable === 'false'");
            Assert.Contains("cannot be read now", await tab.GetAsync<string>("document.querySelector('.row').textContent"));
        }

        await server.KillAsync();
        await server.StartAgainAsync();
        var listed = Assert.Single(await room.ListAsync())!;
        Assert.True((bool)listed["readable"]!);
        Assert.Equal((string)message["id"]!, (string)listed["id"]!);
        Assert.NotEmpty(await room.Http.GetByteArrayAsync($"messages/{message["id"]}/audio"));
    }
}
