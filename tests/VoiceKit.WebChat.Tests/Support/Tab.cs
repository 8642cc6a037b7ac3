using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>A tab: what a person sees and does there. Everything waits for what the page shows, never for time.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(15);

    private readonly Devtools _devtools;
    private readonly string _context;
    private readonly bool _isFirst;
    private readonly string _session;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Tab(Devtools devtools, string context, string session, bool isFirst)
    {
        _isFirst = isFirst;
        _devtools = devtools;
        _context = context;
        _session = session;
        devtools.Told += Hear;
    }

    /// <summary>What the page's scripts complained of: errors, and what the security policy refused.</summary>
    public string[] Complaints => [.. _complaints];

    /// <summary>Opens a tab.</summary>
    /// <param name="devtools">The browser.</param>
    /// <param name="context">Whose it is: tabs of one context share what the browser keeps.</param>
    /// <param name="url">The page.</param>
    /// <param name="isFirst">Whether the context ends with it.</param>
    public static async Task<Tab> OpenAsync(Devtools devtools, string context, string url, bool isFirst = true)
    {
        var target = await devtools.CallAsync(
            "Target.createTarget",
            new { Url = "about:blank", BrowserContextId = context, Width = 900, Height = 760, NewWindow = true });
        var attached = await devtools.CallAsync(
            "Target.attachToTarget", new { TargetId = (string)target["targetId"]!, Flatten = true });
        var tab = new Tab(devtools, context, (string)attached["sessionId"]!, isFirst);
        await tab.CallAsync("Runtime.enable");
        await tab.CallAsync("Log.enable");
        await tab.CallAsync("Page.enable");
        await tab.CallAsync("Emulation.setFocusEmulationEnabled", new { Enabled = true });
        await tab.GoAsync(url);
        return tab;
    }

    /// <summary>Opens another tab of the same browser window's owner.</summary>
    public Task<Tab> OpenAnotherAsync(string url) => OpenAsync(_devtools, _context, url, isFirst: false);

    /// <summary>Goes to a page, and waits until it is ready.</summary>
    public async Task GoAsync(string url)
    {
        await CallAsync("Page.navigate", new { Url = url });
        await UntilAsync($"location.href === {Quote(url)} && document.body?.dataset.online === 'true'");
    }

    public Task<JsonObject> CallAsync(string method, object? parameters = null) =>
        _devtools.CallAsync(method, parameters, _session);

    /// <summary>Evaluates an expression in the page; what it promises is waited for.</summary>
    public async Task<T> GetAsync<T>(string expression)
    {
        var answer = await CallAsync(
            "Runtime.evaluate", new { Expression = expression, AwaitPromise = true, ReturnByValue = true, UserGesture = true });
        if (answer["exceptionDetails"] is { } exception)
            Assert.Fail($"{expression}: {exception["exception"]?["description"] ?? exception["text"]}");
        return answer["result"]!["value"].Deserialize<T>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    public async Task UntilAsync(string expression)
    {
        var watch = Stopwatch.StartNew();
        while (!await IsAsync(expression))
        {
            if (watch.Elapsed > Patience)
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
        await MouseAsync("mouseMoved", x, y, 0);
        await MouseAsync("mousePressed", x, y, 1);
        return (x, y);
    }

    /// <summary>Moves the pressed mouse in some steps.</summary>
    public async Task MoveAsync((double X, double Y) from, double dx, double dy, int steps = 6)
    {
        for (var i = 1; i <= steps; i++)
            await MouseAsync("mouseMoved", from.X + dx * i / steps, from.Y + dy * i / steps, 1);
    }

    public Task ReleaseAsync((double X, double Y) at) => MouseAsync("mouseReleased", at.X, at.Y, 0);

    public async Task ClickAsync(string selector)
    {
        await UntilAsync($"document.querySelector({Quote(selector)})?.checkVisibility()");
        await ReleaseAsync(await PressAsync(selector));
    }

    /// <summary>Types a key such as Enter, Escape, Tab or ArrowRight.</summary>
    public async Task KeyAsync(string key)
    {
        var (code, text) = key switch
        {
            "Enter" => (13, "\r"),
            " " => (32, " "),
            "Tab" => (9, ""),
            "Escape" => (27, ""),
            "End" => (35, ""),
            "Home" => (36, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            _ => throw new ArgumentOutOfRangeException(nameof(key)),
        };
        var type = text.Length > 0 ? "keyDown" : "rawKeyDown";
        await CallAsync("Input.dispatchKeyEvent", new { Type = type, Key = key, WindowsVirtualKeyCode = code, Text = text });
        await CallAsync("Input.dispatchKeyEvent", new { Type = "keyUp", Key = key, WindowsVirtualKeyCode = code });
    }

    /// <summary>Chooses a file where the page asks for one.</summary>
    public async Task ChooseFileAsync(string selector, string path)
    {
        var input = await CallAsync("Runtime.evaluate", new { Expression = $"document.querySelector({Quote(selector)})" });
        var id = (string)input["result"]!["objectId"]!;
        await CallAsync("DOM.setFileInputFiles", new { Files = new[] { path }, ObjectId = id });
    }

    public async Task<byte[]> PictureAsync() =>
        Convert.FromBase64String((string)(await CallAsync("Page.captureScreenshot", new { Format = "png" }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        _devtools.Told -= Hear;
        if (_isFirst)
            await _devtools.CallAsync("Target.disposeBrowserContext", new { BrowserContextId = _context });
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text);

    private async Task<bool> IsAsync(string expression)
    {
        var answer = await CallAsync(
            "Runtime.evaluate", new { Expression = $"Boolean({expression})", AwaitPromise = true, ReturnByValue = true });
        return answer["exceptionDetails"] is null && (bool)answer["result"]!["value"]!;
    }

    /// <summary>Where the middle of an element is.</summary>
    public async Task<(double X, double Y)> MiddleAsync(string selector)
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

    private Task MouseAsync(string type, double x, double y, int buttons) => CallAsync(
        "Input.dispatchMouseEvent",
        new
        {
            Type = type,
            X = x,
            Y = y,
            Button = type == "mouseMoved" && buttons == 0 ? "none" : "left",
            Buttons = buttons,
            ClickCount = type == "mouseMoved" ? 0 : 1,
        });

    private void Hear(string? session, string method, JsonObject parameters)
    {
        if (session != _session)
            return;
        if (method == "Runtime.exceptionThrown")
            _complaints.Enqueue(parameters["exceptionDetails"]!.ToJsonString());
        if (method == "Log.entryAdded" && (string?)parameters["entry"]?["level"] == "error")
            _complaints.Enqueue(parameters["entry"]!.ToJsonString());
    }
}
