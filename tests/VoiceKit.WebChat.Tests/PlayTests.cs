using VoiceKit.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>The messages of the page, in a real browser: playing, speed, seeking, forwarding, deleting, files.</summary>
[Collection("chromium")]
public class PlayTests(Chromium chromium)
{
    [Fact]
    public async Task Messages_play_one_after_the_other_at_the_speed_that_is_chosen_and_seek()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var message = Pcm.Encode(Signals.Voice(20 * 48_000), new AudioFormat(48_000, 1));
        await room.SendAsync(message);
        await room.SendAsync(message);
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await tab.UntilAsync("document.querySelectorAll('.row.theirs').length === 2");
        const string First = "[...document.querySelectorAll('.row')][0]";
        const string Second = "[...document.querySelectorAll('.row')][1]";
        const string FirstNow = $"Number({First}.querySelector('.wave').getAttribute('aria-valuenow'))";

        // The player's element is not in the document: it is caught when it plays.
        await tab.GetAsync<bool>("""
            (HTMLMediaElement.prototype.play = new Proxy(HTMLMediaElement.prototype.play, {
              apply(play, audio, inputs) { window.audio = audio; return play.apply(audio, inputs); },
            }), true)
            """);

        // Half a second of sound after the other is measured, until one is played that nothing has held up.
        await tab.GetAsync<bool>("""
            (window.isPlayedAt = rate => {
              const now = { time: performance.now() / 1000, sound: window.audio.currentTime };
              const since = window.measured ??= now;
              if (now.time - since.time < 0.5) return false;
              window.measured = null;
              return Math.abs((now.sound - since.sound) / (now.time - since.time) - rate) < 0.1 * rate;
            }, true)
            """);
        await tab.ClickAsync(".row .play");
        await tab.UntilAsync($"{First}.dataset.state === 'playing' && {FirstNow} > 0.1");
        await tab.ClickAsync(".row .speed");
        Assert.Equal("1.5×", await tab.GetAsync<string>($"{First}.querySelector('.speed').textContent"));
        Assert.Equal(1.5, await tab.GetAsync<double>("window.audio.playbackRate"));
        await tab.UntilAsync("window.isPlayedAt(1.5)");
        await tab.ClickAsync(".row .speed");
        Assert.Equal("2×", await tab.GetAsync<string>($"{First}.querySelector('.speed').textContent"));
        Assert.Equal(2, await tab.GetAsync<double>("window.audio.playbackRate"));
        Assert.True(await tab.GetAsync<bool>("window.audio.preservesPitch"));
        await tab.UntilAsync("window.isPlayedAt(2)");
        await tab.GetAsync<bool>("(window.audio.currentTime = 19, true)");

        await tab.UntilAsync($"{Second}.dataset.state === 'playing'");
        Assert.Equal(2, await tab.GetAsync<double>("window.audio.playbackRate"));
        await tab.UntilAsync("window.audio.currentTime < 18 && window.isPlayedAt(2)");
        await tab.GetAsync<bool>("(window.audio.currentTime = 19, true)");
        await tab.UntilAsync($"{Second}.dataset.state === 'idle'");
        await tab.UntilAsync($"{First}.dataset.played === 'true' && {Second}.dataset.played === 'true'");

        // Dragged to three quarters of the bars.
        var box = await tab.GetAsync<double[]>($$"""
            (() => {
              const box = {{First}}.querySelector('.wave').getBoundingClientRect();
              return [box.x, box.y + box.height / 2, box.width];
            })()
            """);
        var at = await tab.PressAsync(".row .wave");
        await tab.MoveAsync(at, box[0] + 0.75 * box[2] - at.X, 0);
        await tab.ReleaseAsync((box[0] + 0.75 * box[2], at.Y));
        var length = await tab.GetAsync<double>($"Number({First}.querySelector('.wave').getAttribute('aria-valuemax'))");
        Assert.InRange(await tab.GetAsync<double>(FirstNow), 0.70 * length, 0.80 * length);
        Assert.StartsWith("inset(0px 25", await tab.GetAsync<string>($"{First}.querySelector('.lit').style.clipPath"));
        await tab.ClickAsync(".row .play");
        await tab.UntilAsync($"{First}.dataset.state === 'playing'");
        Assert.InRange(await tab.GetAsync<double>("window.audio.currentTime"), 0.70 * length, length);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task The_menu_forwards_and_deletes()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var target = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await using var other = await chromium.OpenAsync(room.PageUrl);
        await using var there = await chromium.OpenAsync(target.PageUrl);
        await tab.ChooseFileAsync("#file", Fixtures.PathOf("chromium-mono.webm"));
        await tab.UntilAsync("document.querySelector('#import').dataset.state === 'ready'");
        await tab.ClickAsync("#import-send");
        await other.UntilAsync("document.querySelector('.row.theirs')");

        await tab.ClickAsync(".row .more");
        await tab.ClickAsync("#menu-forward");
        await tab.GetAsync<bool>($"(document.querySelector('#forward-link').value = {Tab.Quote(target.PageUrl)}, true)");
        await tab.ClickAsync("#forward-go");
        await there.UntilAsync("document.querySelector('.row.theirs .forwarded')");
        Assert.Equal(2, server.Messages.Length);

        await other.ClickAsync(".row .more");
        Assert.True(await other.GetAsync<bool>("document.querySelector('#menu-delete').hidden"));
        await other.KeyAsync("Escape");
        await tab.ClickAsync(".row .more");
        await tab.ClickAsync("#menu-delete");
        await other.UntilAsync("!document.querySelector('.row') && !document.querySelector('#empty').hidden");
        Assert.Single(server.Messages);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_link_that_was_pasted_is_forwarded_to_by_enter_and_not_by_leaving_it()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var target = await server.NewRoomAsync();
        await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await tab.GetAsync<bool>("""
            (window.fetch = new Proxy(window.fetch, {
              apply(fetch, page, inputs) {
                if (inputs[0].endsWith('/forward')) window.forwards = (window.forwards ?? 0) + 1;
                return fetch.apply(page, inputs);
              },
            }), true)
            """);

        foreach (var cancel in new[] { "click", "Tab", "Escape" })
        {
            await PasteLinkAsync(tab, target.PageUrl);
            if (cancel == "click")
                await tab.ClickAsync("#forward-cancel");
            else
                await tab.KeyAsync(cancel);
            if (cancel == "Tab")
            {
                await tab.UntilAsync("document.activeElement.id === 'forward-cancel'");
                await tab.KeyAsync("Enter");
            }

            await tab.UntilAsync("!document.querySelector('#forward').open");
        }

        Assert.Null(await tab.GetAsync<int?>("window.forwards"));
        await PasteLinkAsync(tab, target.PageUrl);
        await tab.KeyAsync("Enter");
        await tab.UntilAsync("document.querySelector('#toast').textContent === 'Forwarded.'");
        Assert.Equal(1, await tab.GetAsync<int?>("window.forwards"));
        Assert.Single(await target.ListAsync());
        Assert.Empty(tab.Complaints);
    }

    private static async Task PasteLinkAsync(Tab tab, string link)
    {
        await tab.ClickAsync(".row .more");
        await tab.ClickAsync("#menu-forward");
        await tab.GetAsync<bool>("document.querySelector('#forward-link').focus() ?? true");
        await tab.PasteAsync(link);
        await tab.UntilAsync($"document.querySelector('#forward-link').value === {Tab.Quote(link)}");
    }

    [Fact]
    public async Task A_page_that_was_away_shows_what_is_new_without_gaps()
    {
        await using var server = await ChatServer.StartAsync(options => options with { MessagesOfRoom = (200, 60) });
        using var room = await server.NewRoomAsync();
        var recording = Fixtures.Recording("chromium-mono.webm");
        await room.SendAsync(recording);
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        const string HearOnlyHello = """
            const listen = EventSource.prototype.addEventListener;
            EventSource.prototype.addEventListener = function (name, act) {
              window.events = this;
              listen.call(this, name, event => { if (name === 'hello') act(event); });
            };
            """;
        await tab.RunBeforePagesAsync(HearOnlyHello);
        await tab.GoAsync($"{room.PageUrl}?away");
        await tab.UntilAsync("document.querySelectorAll('.row').length === 1");
        for (var i = 0; i < 53; i++)
            await room.SendAsync(recording);

        // It is connected again, and has to ask twice.
        await tab.GetAsync<bool>("""
            (window.fetch = new Proxy(window.fetch, {
              apply(fetch, page, inputs) {
                if (!inputs[0].endsWith('/messages') || window.isRefused) return fetch.apply(page, inputs);
                window.isRefused = true;
                return Promise.resolve(Response.json({ title: 'Too many requests' }, { status: 429 }));
              },
            }), window.events.dispatchEvent(new MessageEvent('hello', { data: '{}' })))
            """);
        await tab.UntilAsync("document.querySelectorAll('.row').length === 50 && !document.querySelector('#older').hidden");
        Assert.True(await tab.GetAsync<bool>("window.isRefused"));

        // The message that it asks for the ones before of is deleted.
        var oldest = await tab.GetAsync<string>("document.querySelector('.row').dataset.id");
        using var deleted = await room.Http.DeleteAsync($"messages/{oldest}");
        await tab.ClickAsync("#older");
        await tab.UntilAsync("document.querySelectorAll('.row').length === 53 && document.querySelector('#older').hidden");
        Assert.All(tab.Complaints, complaint => Assert.Contains("404", complaint));
    }

    [Fact]
    public async Task Two_tabs_of_one_browser_are_two_persons_and_stay_who_they_are()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var first = await chromium.OpenAsync(room.PageUrl);
        await using var second = await first.OpenAnotherAsync(room.PageUrl);
        await first.ChooseFileAsync("#file", Fixtures.PathOf("chromium-mono.webm"));
        await first.UntilAsync("document.querySelector('#import').dataset.state === 'ready'");
        await first.ClickAsync("#import-send");
        await first.UntilAsync("document.querySelector('.row.mine')");
        await second.UntilAsync("document.querySelector('.row.theirs')");
        await first.GoAsync($"{room.PageUrl}?again");
        await first.UntilAsync("document.querySelector('.row.mine')");

        // The second is still another one when the first is gone.
        await first.LeaveAsync();
        await second.GetAsync<bool>("navigator.locks.request('person-0', () => true)");
        await second.GoAsync($"{room.PageUrl}?again");
        await second.UntilAsync("document.querySelector('.row.theirs')");
    }

    [Fact]
    public async Task A_file_is_shown_before_it_is_sent()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var folder = new TemporaryFolder();
        using (var writer = new WavWriter(File.Create(folder["voice.wav"]), new AudioFormat(48_000, 1)))
            writer.Write(Chromium.Voice.AsSpan(0, 10 * 48_000));
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["voice.wav"], folder["voice.mp3"]);
        await File.WriteAllTextAsync(folder["text.mp3"], "This is no music.");
        await using var tab = await chromium.OpenAsync(room.PageUrl);

        await tab.ChooseFileAsync("#file", folder["text.mp3"]);
        await tab.UntilAsync("document.querySelector('#import').dataset.state === 'refused'");
        Assert.True(await tab.GetAsync<bool>("document.querySelector('#import-send').disabled"));
        await tab.ClickAsync("#import-cancel");

        await tab.ChooseFileAsync("#file", folder["voice.mp3"]);
        await tab.UntilAsync("document.querySelector('#import').dataset.state === 'ready'");
        Assert.Contains("0:10", await tab.GetAsync<string>("document.querySelector('#import-facts').textContent"));
        Assert.Contains("encoded as Opus", await tab.GetAsync<string>("document.querySelector('#import-facts').textContent"));
        await tab.ClickAsync("#import-listen");
        await tab.UntilAsync("Number(document.querySelector('#import-bars .wave').getAttribute('aria-valuenow')) > 0.1");
        await tab.ClickAsync("#import-send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.Single(server.Messages);
        Assert.Empty(server.Unfinished);
        // What the server refuses, the browser logs.
        Assert.All(tab.Complaints, complaint => Assert.Contains("400", complaint));
    }

    [Fact]
    public async Task The_file_that_is_shown_is_sent_and_not_one_that_was_cancelled()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var folder = new TemporaryFolder();
        foreach (var seconds in new[] { 2, 5 })
        {
            using var writer = new WavWriter(File.Create(folder[$"{seconds}.wav"]), new AudioFormat(48_000, 1));
            writer.Write(Chromium.Voice.AsSpan(0, seconds * 48_000));
        }

        // The answer to the first file is read when the test lets it.
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await tab.GetAsync<bool>("""
            (() => {
              const gate = new Promise(resolve => { window.letGo = resolve; });
              const read = Response.prototype.json;
              Response.prototype.json = async function () {
                const answer = await read.call(this);
                if (window.isAnswered || !this.url.endsWith('/imports')) return answer;
                window.isAnswered = true;
                await gate;
                return answer;
              };
              return true;
            })()
            """);
        await tab.ChooseFileAsync("#file", folder["5.wav"]);
        await tab.UntilAsync("window.isAnswered");
        await tab.ClickAsync("#import-cancel");
        await tab.ChooseFileAsync("#file", folder["2.wav"]);
        await tab.UntilAsync("document.querySelector('#import').dataset.state === 'ready'");
        Assert.Equal(2, server.Unfinished.Length);
        await tab.GetAsync<bool>("window.letGo() ?? true");
        await Until.TrueAsync(() => server.Unfinished.Length == 1); // The cancelled one does not wait any more.
        Assert.Equal("2.wav", await tab.GetAsync<string>("document.querySelector('#import-name').textContent"));
        Assert.Contains("0:02", await tab.GetAsync<string>("document.querySelector('#import-facts').textContent"));
        await tab.ClickAsync("#import-send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.Equal(2, VoiceMessage.Open(Assert.Single(server.Messages)).Duration.TotalSeconds, 0.1);
        Assert.Empty(server.Unfinished);
        Assert.Empty(tab.Complaints);
    }
}
