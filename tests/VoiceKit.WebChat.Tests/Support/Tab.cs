using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>A tab: what a person sees and does there. Everything waits for what the page shows, never for time.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(15);

    private readonly IPage _page;
    private readonly bool _isFirst;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Tab(IPage page, bool isFirst)
    {
        _page = page;
        _isFirst = isFirst;
        page.SetDefaultTimeout((float)HeadlessChromium.Patience.TotalMilliseconds);
        page.PageError += (_, error) => _complaints.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _complaints.Enqueue($"{message.Text} ({message.Location})");
        };
    }

    /// <summary>What the page's scripts complained of: errors, and what the security policy refused.</summary>
    public string[] Complaints => [.. _complaints];

    /// <summary>Opens a tab.</summary>
    /// <param name="context">Whose it is: tabs of one context share what the browser keeps.</param>
    /// <param name="url">The page.</param>
    /// <param name="isFirst">Whether the context ends with it.</param>
    public static async Task<Tab> OpenAsync(IBrowserContext context, string url, bool isFirst = true)
    {
        var tab = new Tab(await context.NewPageAsync(), isFirst);
        await tab.GoAsync(url);
        return tab;
    }

    /// <summary>Opens another tab of the same browser window's owner.</summary>
    public Task<Tab> OpenAnotherAsync(string url) => OpenAsync(_page.Context, url, isFirst: false);

    /// <summary>Goes to a page, and waits until it is ready.</summary>
    /// <param name="url">The page.</param>
    /// <param name="isOnline">Whether it has its room then; otherwise its scripts alone.</param>
    public async Task GoAsync(string url, bool isOnline = true)
    {
        await _page.GotoAsync(url);
        await UntilAsync(
            $"location.href === {Quote(url)} && document.body?.dataset.{(isOnline ? "online" : "ready")} === 'true'");
    }

    /// <summary>Leaves the page for an empty one.</summary>
    public Task LeaveAsync() => _page.GotoAsync("about:blank");

    /// <summary>Runs a script in each page that is gone to from now on, before its own.</summary>
    public Task RunBeforePagesAsync(string script) => _page.AddInitScriptAsync(script);

    /// <summary>Evaluates an expression in the page; what it promises is waited for.</summary>
    public Task<T> GetAsync<T>(string expression) => _page.EvaluateAsync<T>(expression).WaitAsync(HeadlessChromium.Patience);

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task UntilAsync(string expression)
    {
        var watch = Stopwatch.StartNew();
        while (!await IsAsync(expression))
        {
            if (watch.Elapsed > HeadlessChromium.Patience)
            {
                var state = await GetAsync<string>(
                    "document.body.innerText.slice(0, 600) + ' ' + document.querySelector('#composer')?.dataset.state");
                Assert.Fail($"The page never comes to: {expression}\n{state}\n{string.Join('\n', Complaints)}");
            }

            await Task.Delay(Pace);
        }
    }

    /// <summary>Presses the mouse on the middle of an element.</summary>
    public async Task<(double X, double Y)> PressAsync(string selector)
    {
        var (x, y) = await MiddleAsync(selector);
        await _page.Mouse.MoveAsync((float)x, (float)y);
        await _page.Mouse.DownAsync();
        return (x, y);
    }

    /// <summary>Moves the pressed mouse in some steps.</summary>
    public Task MoveAsync((double X, double Y) from, double dx, double dy, int steps = 6) =>
        _page.Mouse.MoveAsync((float)(from.X + dx), (float)(from.Y + dy), new() { Steps = steps });

    public async Task ReleaseAsync((double X, double Y) at)
    {
        await _page.Mouse.MoveAsync((float)at.X, (float)at.Y);
        await _page.Mouse.UpAsync();
    }

    public async Task ClickAsync(string selector)
    {
        await UntilAsync($"document.querySelector({Quote(selector)})?.checkVisibility()");
        await ReleaseAsync(await PressAsync(selector));
    }

    /// <summary>Touches the middle of an element, until the system takes the touch away.</summary>
    public async Task<IAsyncDisposable> TouchAsync(string selector)
    {
        var (x, y) = await MiddleAsync(selector);
        var devtools = await _page.Context.NewCDPSessionAsync(_page);
        await devtools.SendAsync("Emulation.setTouchEmulationEnabled", new() { ["enabled"] = true });
        await devtools.SendAsync(
            "Input.dispatchTouchEvent", new() { ["type"] = "touchStart", ["touchPoints"] = new object[] { new { x, y } } });
        return new Touch(devtools);
    }

    /// <summary>Types a key such as Enter, Escape, Tab or ArrowRight.</summary>
    public Task KeyAsync(string key) => _page.Keyboard.PressAsync(key == " " ? "Space" : key);

    /// <summary>Pastes text where the cursor is.</summary>
    public Task PasteAsync(string text) => _page.Keyboard.InsertTextAsync(text);

    /// <summary>Chooses a file where the page asks for one.</summary>
    public Task ChooseFileAsync(string selector, string path) => _page.SetInputFilesAsync(selector, path);

    /// <summary>Lets no request through whose address holds one of these words, from now on.</summary>
    public async Task BlockAsync(params string[] words)
    {
        await _page.UnrouteAllAsync();
        foreach (var word in words)
            await _page.RouteAsync(new Regex(Regex.Escape(word)), route => route.AbortAsync());
    }

    /// <summary>Answers requests whose address ends with a text in the server's place, from now on.</summary>
    public async Task AnswerAsync(string end, string json, int status = 200)
    {
        await _page.UnrouteAllAsync();
        await _page.RouteAsync(
            new Regex(Regex.Escape(end) + "$"),
            route => route.FulfillAsync(new() { Status = status, ContentType = "application/json", Body = json }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_isFirst)
            await _page.Context.CloseAsync().WaitAsync(HeadlessChromium.Patience);
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text);

    // A page that is just being left answers nothing.
    private async Task<bool> IsAsync(string expression)
    {
        try
        {
            return await GetAsync<bool>($"Boolean({expression})");
        }
        catch (PlaywrightException)
        {
            return false;
        }
    }

    /// <summary>Where the middle of an element is.</summary>
    private async Task<(double X, double Y)> MiddleAsync(string selector)
    {
        var place = await GetAsync<double[]>($$"""
            (() => {
              const element = document.querySelector({{Quote(selector)}});
              element.scrollIntoView({ block: 'nearest' });
              const box = element.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            })()
            """);
        return (place[0], place[1]);
    }

    private sealed class Touch(ICDPSession devtools) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await devtools.SendAsync(
                "Input.dispatchTouchEvent", new() { ["type"] = "touchCancel", ["touchPoints"] = Array.Empty<object>() });
            await devtools.DetachAsync();
        }
    }
}
