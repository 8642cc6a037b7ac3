using System.Buffers.Binary;
using Microsoft.Playwright;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Packages.Tests;

/// <summary>A Blazor page that has VoiceKit.Core from its package: it decodes in the browser what is decoded here.</summary>
[Collection("packages")]
public class BrowserTests(PackedFixture packed)
{
    private const string Origin = "http://localhost/";
    private const int PacketsPerVector = 60;

    private static readonly string[] Vectors = ["testvector02.bit", "testvector05.bit", "testvector08.bit"];

    // The page's code is interpreted, on a busy machine perhaps.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_page_decodes_the_same_samples_and_draws_the_same_bars()
    {
        Requires.Programs("chromium", "espeak-ng", "opusenc");
        var folder = Publish();
        var packets = ReadPackets();
        var bytes = MakeMessage();
        var message = VoiceMessage.FromBytes(bytes);
        var bars = await message.GetWaveformAsync(bars: 40);

        await using var chromium = await HeadlessChromium.StartAsync(new float[480], new AudioFormat(48_000, 1), isLooped: true);
        var page = await chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var complaints = Listen(page);
        await page.RouteAsync("**/*", route => AnswerAsync(route, folder, packets, bytes));
        await page.GotoAsync(Origin);
        Assert.Equal("done", await TextAsync(page, "end", complaints));
        Assert.Equal(DecodedSamples.HashOf(packets), await TextAsync(page, "packets", complaints));
        Assert.Equal(DecodedSamples.HashOf(message), await TextAsync(page, "samples", complaints));
        Assert.Equal(bars.ToBlocks(), await TextAsync(page, "bars", complaints));
    }

    private string Publish()
    {
        var folder = packed.NewFolder("page");
        var source = Path.Combine(PackedFixture.Root, "tests", "VoiceKit.Packages.Tests", "Page");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var samples = Path.Combine("tests", "Shared", "DecodedSamples.cs");
        File.Copy(Path.Combine(PackedFixture.Root, samples), Path.Combine(folder, "DecodedSamples.cs"));
        PackedFixture.Run(folder, "dotnet", ["publish", "-o", "out", .. packed.StrangersOptions]);
        return Path.Combine(folder, "out", "wwwroot");
    }

    // The beginning of each vector: SILK in the first, hybrid in the second, CELT in the third.
    private static byte[] ReadPackets()
    {
        var packets = new List<byte>();
        foreach (var name in Vectors)
        {
            var path = Path.Combine(PackedFixture.Root, "tests", "VoiceKit.Decoding.Tests", "Vectors", name);
            var vector = File.ReadAllBytes(path).AsSpan();
            var end = 0;
            for (var i = 0; i < PacketsPerVector; i++)
                end += 8 + (int)BinaryPrimitives.ReadUInt32BigEndian(vector[end..]);
            packets.AddRange(vector[..end]);
        }

        return [.. packets];
    }

    private byte[] MakeMessage()
    {
        var folder = packed.NewFolder("speech");
        var (wav, opus) = (Path.Combine(folder, "speech.wav"), Path.Combine(folder, "speech.opus"));
        Oracle.Run("espeak-ng", "-w", wav, "This is decoded in a browser.");
        Oracle.Run("opusenc", "--quiet", "--bitrate", "24", wav, opus);
        return File.ReadAllBytes(opus);
    }

    // What the page and the browser say.
    private static List<string> Listen(IPage page)
    {
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, line) => complaints.Add($"{line.Type}: {line.Text}");
        return complaints;
    }

    private static async Task<string?> TextAsync(IPage page, string id, List<string> complaints)
    {
        try
        {
            return await page.Locator($"#{id}:not(:empty)").TextContentAsync();
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The page does not come to its end: {string.Join('\n', complaints)}");
            return null;
        }
    }

    private static Task AnswerAsync(IRoute route, string folder, byte[] packets, byte[] message)
    {
        var name = new Uri(route.Request.Url).AbsolutePath.TrimStart('/');
        var file = Path.Combine(folder, name.Length == 0 ? "index.html" : name);
        return name switch
        {
            "packets.bit" => route.FulfillAsync(new() { BodyBytes = packets }),
            "message.opus" => route.FulfillAsync(new() { BodyBytes = message }),
            _ when File.Exists(file) => route.FulfillAsync(new() { Path = file, ContentType = TypeOf(file) }),
            _ => route.FulfillAsync(new() { Status = 404 }),
        };
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html",
        ".js" => "text/javascript",
        ".json" => "application/json",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };
}
