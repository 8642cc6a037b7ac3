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

    // An interpreter runs the page.
    private const float Patience = 5 * 60_000;

    private static readonly string[] Vectors = ["testvector02.bit", "testvector05.bit", "testvector08.bit"];

    [Fact]
    public async Task A_page_decodes_the_same_samples_and_draws_the_same_bars()
    {
        Requires.Program("chromium");
        var folder = Publish();
        var packets = ReadPackets();
        var message = MakeMessage(folder);
        var bars = await VoiceMessage.FromBytes(message).GetWaveformAsync(bars: 40);

        await using var chromium = await HeadlessChromium.StartAsync(new float[480], new AudioFormat(48_000, 1), isLooped: true);
        var page = await chromium.Browser.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, line) => complaints.Add($"{line.Type}: {line.Text}");
        await page.RouteAsync("**/*", route => AnswerAsync(route, folder, packets, message));
        await page.GotoAsync(Origin);
        try
        {
            var hash = await page.Locator("#hash:not(:empty)").TextContentAsync();
            Assert.Equal(DecodedSamples.HashOf(packets), hash);
            Assert.Equal(bars.ToBlocks(), await page.Locator("#bars:not(:empty)").TextContentAsync());
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The page does not come: {string.Join('\n', complaints)}");
        }
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

        File.Copy(Path.Combine(PackedFixture.Root, "tests", "Shared", "DecodedSamples.cs"), Path.Combine(folder, "DecodedSamples.cs"));
        PackedFixture.Run(
            folder, "dotnet", "publish", "-c", "Release", "--nologo", "-v", "quiet", "-o", "out", $"-p:VoiceKitVersion={PackedFixture.Version}",
            $"-p:RestoreAdditionalProjectSources={packed.Folder}", $"-p:RestorePackagesPath={packed.NewFolder("page-cache")}");
        return Path.Combine(folder, "out", "wwwroot");
    }

    private static byte[] ReadPackets()
    {
        var packets = new List<byte>();
        foreach (var name in Vectors)
        {
            var vector = File.ReadAllBytes(Path.Combine(PackedFixture.Root, "tests", "VoiceKit.Decoding.Tests", "Vectors", name)).AsSpan();
            var end = 0;
            for (var i = 0; i < PacketsPerVector; i++)
                end += 8 + (int)BinaryPrimitives.ReadUInt32BigEndian(vector[end..]);
            packets.AddRange(vector[..end]);
        }

        return [.. packets];
    }

    private static byte[] MakeMessage(string folder)
    {
        var (wav, opus) = (Path.Combine(folder, "speech.wav"), Path.Combine(folder, "speech.opus"));
        Oracle.Run("espeak-ng", "-w", wav, "This is decoded in a browser.");
        Oracle.Run("opusenc", "--quiet", "--bitrate", "24", wav, opus);
        return File.ReadAllBytes(opus);
    }

    private static Task AnswerAsync(IRoute route, string folder, byte[] packets, byte[] message)
    {
        var name = new Uri(route.Request.Url).AbsolutePath.TrimStart('/');
        var file = Path.Combine(folder, name.Length == 0 ? "index.html" : name);
        return name switch
        {
            "packets.bit" => route.FulfillAsync(new() { BodyBytes = packets }),
            "message.opus" => route.FulfillAsync(new() { BodyBytes = message }),
            _ when File.Exists(file) => route.FulfillAsync(new() { BodyBytes = File.ReadAllBytes(file), ContentType = TypeOf(file) }),
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
