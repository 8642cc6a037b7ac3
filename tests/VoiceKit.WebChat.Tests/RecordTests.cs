using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

[Collection("chromium")]
public class RecordTests(Chromium chromium)
{
    [Fact]
    public async Task Letting_go_sends_and_the_other_tab_hears_it()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var ann = await chromium.OpenAsync(room.PageUrl);
        await using var ben = await chromium.OpenAsync(room.PageUrl);

        var at = await ann.PressAsync("#mic");
        await ann.UntilAsync("document.querySelector('#composer').dataset.state === 'recording'");
        await ann.UntilAsync("document.querySelector('#elapsed').textContent === '0:03'");
        await ann.ReleaseAsync(at);
        await ann.UntilAsync("document.querySelector('.row.mine')");
        await ben.UntilAsync("document.querySelector('.row.theirs:not(.growing)')");
        Assert.Single(server.Messages);
        await ben.ClickAsync(".row.theirs .play");
        await ben.UntilAsync("document.querySelector('.row.theirs').dataset.state === 'playing'");
        await ben.UntilAsync("Number(document.querySelector('.row.theirs .wave').getAttribute('aria-valuenow')) > 0.5");
        Assert.Empty(ann.Complaints);
        Assert.Empty(ben.Complaints);
    }
}
