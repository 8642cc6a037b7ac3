using VoiceKit.LibOpus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>The button and the row under the messages, in a real browser with a microphone.</summary>
[Collection("chromium")]
public class RecordTests(Chromium chromium)
{
    private const string NoStreamIsOpen =
        "window.streams.every(stream => stream.getTracks().every(track => track.readyState === 'ended'))";

    private const string State = "document.querySelector('#composer').dataset.state";

    [Fact]
    public async Task Letting_go_sends_what_was_said_and_the_other_tab_hears_it()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var ann = await chromium.OpenAsync(room.PageUrl);
        await using var ben = await chromium.OpenAsync(room.PageUrl);
        await ann.ClickAsync("header [popovertarget]");
        await ann.ClickAsync("#clean"); // So that what is sent is what was heard.
        await ann.KeyAsync("Escape");

        var at = await ann.PressAsync("#mic");
        await ann.UntilAsync($"{State} === 'recording'");
        await ann.UntilAsync("/0:0[5-9]/.test(document.querySelector('#elapsed').textContent)");
        Assert.True(await ann.GetAsync<bool>("document.querySelectorAll('#live .live path')[0].getAttribute('d').length > 50"));
        await ann.ReleaseAsync(at);
        await ann.UntilAsync("document.querySelector('.row.mine')");

        var stored = Assert.Single(server.Messages);
        Assert.DoesNotContain(Oracle.Warnings(stored), warning => !warning.Contains("Implausibly low preskip"));
        using var sound = VoiceMessage.Open(stored).OpenAudio(LibOpusCodec.Default, channels: 1);
        Assert.InRange(Likeness.Of(Pcm.ReadAll(sound), Chromium.Voice), 0.9, 1);
        Assert.Empty(server.Unfinished);

        await ben.UntilAsync("document.querySelector('.row.theirs[data-id]')");
        await ben.ClickAsync(".row.theirs .play");
        await ben.UntilAsync("document.querySelector('.row.theirs').dataset.state === 'playing'");
        await ben.UntilAsync("Number(document.querySelector('.row.theirs .wave').getAttribute('aria-valuenow')) > 0.3");
        await ann.UntilAsync("document.querySelector('.row.mine').dataset.played === 'true'");
        await ben.UntilAsync("document.querySelector('.row.theirs').dataset.state === 'idle'");
        Assert.Empty(ann.Complaints);
        Assert.Empty(ben.Complaints);
    }

    [Fact]
    public async Task Sliding_to_the_left_stores_nothing()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await using var other = await chromium.OpenAsync(room.PageUrl);

        var at = await tab.PressAsync("#mic");
        await other.UntilAsync("document.querySelector('.growing')");
        await tab.MoveAsync(at, -60, 0);
        const string Slide = "Number(document.querySelector('#composer').style.getPropertyValue('--cancel'))";
        Assert.InRange(await tab.GetAsync<double>(Slide), 0.4, 0.5);
        await tab.MoveAsync(at, -130, 0);
        await tab.UntilAsync($"{State} === 'idle'");
        await tab.ReleaseAsync((at.X - 130, at.Y));
        await other.UntilAsync("!document.querySelector('.growing')");
        await Until.TrueAsync(() => server.Unfinished.Length == 0);
        Assert.Empty(server.Messages);
        Assert.Empty(await room.ListAsync());
        Assert.Equal("Deleted.", await tab.GetAsync<string>("document.querySelector('#toast').textContent"));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task What_is_locked_can_be_paused_heard_and_sent()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await using var other = await chromium.OpenAsync(room.PageUrl);

        var at = await tab.PressAsync("#mic");
        await tab.UntilAsync($"{State} === 'recording'");
        await tab.MoveAsync(at, 0, -70);
        await tab.UntilAsync($"{State} === 'locked'");
        Assert.Equal("send", await tab.GetAsync<string>("document.activeElement.id"));
        await tab.ReleaseAsync((at.X, at.Y - 70));
        Assert.Equal("send", await tab.GetAsync<string>("document.activeElement.id"));
        await tab.UntilAsync("document.querySelector('#elapsed').textContent >= '0:07'");

        await tab.ClickAsync("#pause");
        await tab.UntilAsync($"{State} === 'paused'");
        await other.UntilAsync("document.querySelector('.growing').dataset.paused === 'true'");
        var elapsed = await tab.GetAsync<string>("document.querySelector('#elapsed').textContent");
        await tab.ClickAsync("#listen");
        await tab.UntilAsync("document.querySelector('#listen').dataset.state === 'playing'");
        await tab.UntilAsync("Number(document.querySelector('#live [role=slider]').getAttribute('aria-valuenow')) > 0.2");
        await tab.ClickAsync("#listen");
        await tab.UntilAsync("document.querySelector('#listen').dataset.state === 'idle'");
        Assert.Equal(elapsed, await tab.GetAsync<string>("document.querySelector('#elapsed').textContent"));

        await tab.ClickAsync("#pause");
        await tab.UntilAsync($"{State} === 'locked'");
        await other.UntilAsync("document.querySelector('.growing').dataset.paused === 'false'");
        await tab.ClickAsync("#send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.True(VoiceMessage.Open(Assert.Single(server.Messages)).Duration > TimeSpan.FromSeconds(1));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Keys_record_send_delete_and_seek()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);

        await tab.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await tab.KeyAsync(" ");
        await tab.UntilAsync($"{State} === 'locked'");
        await tab.KeyAsync("Escape");
        await tab.UntilAsync($"{State} === 'idle' && document.activeElement.id === 'mic'");

        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked' && document.activeElement.id === 'send'");
        await tab.UntilAsync("document.querySelector('#elapsed').textContent >= '0:02'");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync("document.querySelector('.row.mine') && document.activeElement.id === 'mic'");
        Assert.Single(server.Messages);

        await tab.GetAsync<bool>("document.querySelector('.row.mine .wave').focus() ?? true");
        const string Now = "Number(document.querySelector('.row.mine .wave').getAttribute('aria-valuenow'))";
        await tab.KeyAsync("ArrowRight");
        Assert.Equal(1.0, await tab.GetAsync<double>(Now));
        await tab.KeyAsync("ArrowLeft");
        Assert.Equal(0.0, await tab.GetAsync<double>(Now));
        await tab.KeyAsync("End");
        Assert.Equal(
            await tab.GetAsync<double>("Number(document.querySelector('.row.mine .wave').getAttribute('aria-valuemax'))"),
            await tab.GetAsync<double>(Now));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_microphone_that_is_refused_is_said_so()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl, mayRecord: false);

        var at = await tab.PressAsync("#mic");
        await tab.UntilAsync("document.querySelector('#toast').textContent.includes('The microphone is blocked')");
        await tab.UntilAsync($"{State} === 'idle'");
        await tab.ReleaseAsync(at);
        Assert.Empty(server.Unfinished);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task Nothing_is_recorded_before_the_microphone_is_open()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await HoldBackMicrophoneAsync(tab);

        // Whoever lets go to answer the browser's question has said nothing yet.
        var at = await tab.PressAsync("#mic");
        await tab.UntilAsync($"{State} === 'recording'");
        await tab.UntilAsync("performance.now() > (window.begun ??= performance.now()) + 1200");
        await tab.ReleaseAsync(at);
        await tab.UntilAsync($"{State} === 'idle'");
        Assert.Equal("Hold again to record.", await tab.GetAsync<string>("document.querySelector('#toast').textContent"));
        await tab.GetAsync<bool>("window.allow() ?? true");
        await tab.UntilAsync($"window.streams.length === 1 && {NoStreamIsOpen}");
        Assert.Equal(0, await tab.GetAsync<int>("document.querySelector('#failed').childElementCount"));

        // Paused and gone on with before it opens: it records.
        await HoldBackMicrophoneAsync(tab);
        await tab.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked'");
        await tab.ClickAsync("#pause");
        await tab.UntilAsync($"{State} === 'paused'");
        await tab.ClickAsync("#pause");
        await tab.UntilAsync($"{State} === 'locked'");
        Assert.Equal("0:00", await tab.GetAsync<string>("document.querySelector('#elapsed').textContent"));
        await tab.GetAsync<bool>("window.allow() ?? true");
        await tab.UntilAsync("document.querySelector('#elapsed').textContent >= '0:03'");
        await tab.ClickAsync("#send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.True(VoiceMessage.Open(Assert.Single(server.Messages)).Duration > TimeSpan.FromSeconds(1));
        await tab.UntilAsync(NoStreamIsOpen);
        Assert.Empty(server.Unfinished);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_second_start_is_not_ended_by_the_refusal_of_the_first()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await HoldBackMicrophoneAsync(tab);
        await tab.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked'");
        await tab.KeyAsync("Escape");
        await tab.UntilAsync($"{State} === 'idle'");
        await tab.GetAsync<bool>("(window.refuse = window.allow, true)");
        await HoldBackMicrophoneAsync(tab);
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked'");
        await tab.GetAsync<bool>("window.allow() ?? true");
        await tab.UntilAsync("document.querySelector('#elapsed').textContent >= '0:01'");
        await tab.GetAsync<bool>("window.refuse(new DOMException('No.', 'NotAllowedError')) ?? true");
        await tab.UntilAsync("document.querySelector('#elapsed').textContent >= '0:02'");
        Assert.Equal("locked", await tab.GetAsync<string>(State));
        await tab.KeyAsync("Escape");
        await tab.UntilAsync($"{State} === 'idle' && window.streams.length === 1 && {NoStreamIsOpen}");
        await Until.TrueAsync(() => server.Unfinished.Length == 0);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Escape_closes_a_menu_and_not_the_recording()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await room.SendAsync(Fixtures.Recording("chromium-mono.webm"));
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await tab.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked'");
        foreach (var (opener, menu) in new[] { (".row .more", "#menu"), ("[popovertarget=settings]", "#settings") })
        {
            await tab.ClickAsync(opener);
            await tab.UntilAsync($"document.querySelector('{menu}').matches(':popover-open')");
            await tab.KeyAsync("Escape");
            await tab.UntilAsync($"!document.querySelector('{menu}').matches(':popover-open')");
            Assert.Equal("locked", await tab.GetAsync<string>(State));
        }

        await tab.KeyAsync("Escape");
        await tab.UntilAsync($"{State} === 'idle'");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task The_longest_message_is_kept_as_a_draft_in_a_tab_that_nobody_sees()
    {
        await using var server = await ChatServer.StartAsync(
            options => options with { MaxDuration = TimeSpan.FromSeconds(4) });
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        const string MayClose = "window.dispatchEvent(new Event('beforeunload', { cancelable: true }))";
        Assert.True(await tab.GetAsync<bool>(MayClose));
        await tab.GetAsync<bool>("(window.requestAnimationFrame = () => 0, true)"); // As in a tab that is not seen.
        await tab.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked'");
        Assert.False(await tab.GetAsync<bool>(MayClose));
        await tab.UntilAsync($"{State} === 'paused'");
        Assert.Contains("longest", await tab.GetAsync<string>("document.querySelector('#toast').textContent"));
        await tab.ClickAsync("#pause");
        Assert.Equal("paused", await tab.GetAsync<string>(State));
        await tab.ClickAsync("#send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.True(VoiceMessage.Open(Assert.Single(server.Messages)).Duration > TimeSpan.FromSeconds(1));
        await tab.UntilAsync(MayClose);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_microphone_that_goes_away_leaves_a_draft()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await HoldBackMicrophoneAsync(tab);
        await tab.GetAsync<bool>("window.allow() ?? true");
        var at = await tab.PressAsync("#mic");
        await tab.UntilAsync($"{State} === 'recording' && document.querySelector('#elapsed').textContent >= '0:05'");
        await tab.GetAsync<bool>("window.streams[0].getTracks()[0].stop() ?? true");
        await tab.UntilAsync($"{State} === 'paused' && document.querySelector('#pause').hidden");
        Assert.Contains("The microphone is gone", await tab.GetAsync<string>("document.querySelector('#toast').textContent"));
        Assert.Equal("send", await tab.GetAsync<string>("document.activeElement.id"));

        // As long as the button is held, it has what the mouse does; to let go means nothing any more.
        await tab.ReleaseAsync(at);
        Assert.Equal("paused", await tab.GetAsync<string>(State));
        await tab.ClickAsync("#listen");
        await tab.UntilAsync("document.querySelector('#listen').dataset.state === 'playing'");
        await tab.ClickAsync("#send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.True(VoiceMessage.Open(Assert.Single(server.Messages)).Duration > TimeSpan.FromSeconds(1));
        Assert.Empty(server.Unfinished);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_touch_that_the_system_takes_away_leaves_a_draft()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);
        await using (await tab.TouchAsync("#mic"))
            await tab.UntilAsync($"{State} === 'recording' && document.querySelector('#elapsed').textContent >= '0:02'");
        await tab.UntilAsync($"{State} === 'paused'");
        Assert.Equal("send", await tab.GetAsync<string>("document.activeElement.id"));
        Assert.Empty(server.Messages);
        await tab.ClickAsync("#send");
        await tab.UntilAsync("document.querySelector('.row.mine')");
        Assert.True(VoiceMessage.Open(Assert.Single(server.Messages)).Duration > TimeSpan.FromSeconds(1));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_message_is_heard_while_it_is_recorded()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var ann = await chromium.OpenAsync(room.PageUrl);
        await using var ben = await chromium.OpenAsync(room.PageUrl);

        await ann.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await ann.KeyAsync("Enter");
        await ben.ClickAsync(".growing .play");
        await ben.UntilAsync("Number(document.querySelector('.growing').dataset.position) > 0.5");
        Assert.Equal("locked", await ann.GetAsync<string>(State));
        Assert.Empty(server.Messages);

        await ann.UntilAsync("document.querySelector('#elapsed').textContent >= '0:02'");
        await ann.ClickAsync("#send");
        await ben.UntilAsync("document.querySelector('.row.theirs[data-id]') && !document.querySelector('.growing')");
        await ann.UntilAsync("document.querySelector('.row.mine').dataset.played === 'true'");
        await ben.UntilAsync("document.querySelector('.row.theirs').dataset.state === 'idle'");
        Assert.Empty(ben.Complaints);
    }

    [Fact]
    public async Task What_was_heard_to_its_end_before_it_is_a_message_is_noted_as_played()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var ann = await chromium.OpenAsync(room.PageUrl);
        await using var ben = await chromium.OpenAsync(room.PageUrl);
        const string HoldBackMessages = """
            const listen = EventSource.prototype.addEventListener;
            const gate = new Promise(resolve => { window.letGo = resolve; });
            EventSource.prototype.addEventListener = function (name, act) {
              listen.call(this, name, name === 'message' ? async event => { await gate; act(event); } : act);
            };
            """;
        await ben.RunBeforePagesAsync(HoldBackMessages);
        await ben.GoAsync($"{room.PageUrl}?slow");

        await ann.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await ann.KeyAsync("Enter");
        await ben.ClickAsync(".growing .play");
        await ben.UntilAsync("Number(document.querySelector('.growing').dataset.position) > 0.5");
        await ann.UntilAsync("document.querySelector('#elapsed').textContent >= '0:02'");
        await ann.ClickAsync("#send");
        await ben.UntilAsync("document.querySelector('.growing').dataset.state === 'idle'");
        await ben.GetAsync<bool>("window.letGo() ?? true");
        await ben.UntilAsync("document.querySelector('.row.theirs[data-id]')");
        await ann.UntilAsync("document.querySelector('.row.mine').dataset.played === 'true'");
        Assert.Empty(ben.Complaints);
    }

    [Fact]
    public async Task What_was_said_is_not_lost_with_the_line()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);

        // The pieces do not get through, the whole does.
        await tab.BlockAsync("/recordings");
        await RecordByKeyAsync(tab);
        await tab.UntilAsync("document.querySelectorAll('.row.mine').length === 1");

        // Nothing gets through for a while.
        await tab.BlockAsync("/recordings", "/messages");
        await RecordByKeyAsync(tab);
        await tab.UntilAsync("document.querySelector('#failed [role=alert]')");
        Assert.Single(server.Messages);
        await tab.BlockAsync();
        await tab.ClickAsync("#failed button");
        await tab.UntilAsync("document.querySelectorAll('.row.mine').length === 2 && !document.querySelector('#failed p')");
        Assert.Equal(2, server.Messages.Length);
        Assert.Empty(server.Unfinished);
    }

    [Fact]
    public async Task The_page_decides_as_the_library_does()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        await using var tab = await chromium.OpenAsync(room.PageUrl);

        var scripts = await File.ReadAllTextAsync(Fixtures.PathOf("hold-to-record.json"));
        var faults = await tab.GetAsync<string[]>($$"""
            (async () => {
              const { HoldToRecord } = await import('/js/hold-to-record.js');
              const faults = [];
              let steps = 0;
              const number = x => Number(x ?? 0);
              for (const { name, options, steps: script } of ({{scripts}}).scripts) {
                for (const isMirrored of [false, true]) {
                  let now = 0;
                  const rightToLeft = Boolean(options?.rightToLeft) !== isMirrored;
                  const button = new HoldToRecord({ ...options, rightToLeft }, () => now);
                  script.forEach((step, i) => {
                    now = step.at ?? now;
                    const dx = number(step.dx) * (isMirrored ? -1 : 1);
                    const answers = {
                      look: () => 'none', press: () => button.press(step.pointer), release: () => button.release(step.pointer),
                      cancel: () => button.cancel(step.pointer), move: () => button.move(dx, number(step.dy), step.pointer),
                    };
                    const action = (answers[step.do] ?? (() => button[step.do]()))();
                    const near = (a, b) => Math.abs(a - (b ?? 0)) <= 1e-9;
                    if (action !== (step.action ?? 'none') || button.state !== step.state
                        || !near(button.slideToCancel, step.cancel) || !near(button.slideToLock, step.lock)
                        || (step.elapsed !== undefined && button.elapsed !== step.elapsed))
                      faults.push(`${name}, step ${i}: ${action}, ${button.state}, ${button.slideToCancel},
                          ${button.slideToLock}, ${button.elapsed}`);
                    steps++;
                  });
                }
              }
              if (steps < 300) faults.push(`There were ${steps} steps only.`);
              return faults;
            })()
            """);
        Assert.Empty(faults);
    }

    // The microphone opens when window.allow() is called, and is refused when an error is given to it.
    private static Task HoldBackMicrophoneAsync(Tab tab) => tab.GetAsync<bool>("""
        (() => {
          const devices = navigator.mediaDevices;
          const open = MediaDevices.prototype.getUserMedia.bind(devices);
          const gate = new Promise(resolve => { window.allow = resolve; });
          window.streams = [];
          devices.getUserMedia = async options => {
            const error = await gate;
            if (error) throw error;
            const stream = await open(options);
            window.streams.push(stream);
            return stream;
          };
          return true;
        })()
        """);

    private static async Task RecordByKeyAsync(Tab tab)
    {
        // A message is in its row before the page knows that it was sent; until then it takes no other.
        await tab.UntilAsync("document.querySelector('#composer').dataset.sending !== 'true'");
        await tab.GetAsync<bool>("document.querySelector('#mic').focus() ?? true");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'locked' && document.querySelector('#elapsed').textContent >= '0:02'");
        await tab.KeyAsync("Enter");
        await tab.UntilAsync($"{State} === 'idle'");
    }
}
