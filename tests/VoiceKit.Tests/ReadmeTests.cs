using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests;

// Runs alone, since the example works in the current folder.
[Collection("current folder")]

public class ReadmeTests
{
    [Fact]
    public void Example_in_the_readme_is_the_code_below()
    {
        var readme = File.ReadAllText(SourceTree.PathOf("README.md"));
        var example = readme.Split("```csharp\n")[1].Split("```")[0];
        var source = File.ReadAllText(SourceTree.PathOf("tests/VoiceKit.Tests/ReadmeTests.cs"));
        var tested = source.Split("// <readme>\n")[1].Split("// </readme>")[0];
        Assert.Equal(Code(example).SkipWhile(line => line.StartsWith("using ", StringComparison.Ordinal)), Code(tested));
    }

    [Fact]
    public async Task Example_works()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("espeak-ng", "-w", folder["recording.wav"], "This is what the example works on.");
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            await RunExample();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.Equal(["decoded.wav", "message.opus", "recording.wav"], folder.Files.Select(Path.GetFileName).Order());
        using var message = File.OpenRead(folder["message.opus"]);
        using var decoded = VoiceKit.Audio.WavReader.Open(folder["decoded.wav"]);
        Assert.Equal(OpusInfo.Read(message).Samples, decoded.FrameCount);
    }

    private static async Task RunExample()
    {
        // <readme>
        var codec = LibOpusCodec.Default;
        var message = await VoiceMessage.EncodeAsync("recording.wav", codec);         // any rate, mono or stereo
        await message.SaveAsync("message.opus");                                      // whole or not at all
        Console.WriteLine($"{message.Duration.TotalSeconds:F1} s, {message.Size} bytes");

        var received = await VoiceMessage.OpenAsync("message.opus");                  // heals what the network broke
        var bars = await received.GetWaveformAsync(codec, bars: 64);                  // heights: bars.ToBars()
        Console.WriteLine(bars.ToBlocks());                                           // ▂▅▇▆▁▃▇█▅▂…
        await received.SaveWavAsync("decoded.wav", codec);                            // the same length, to the sample
        // </readme>
    }

    private static IEnumerable<string> Code(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
