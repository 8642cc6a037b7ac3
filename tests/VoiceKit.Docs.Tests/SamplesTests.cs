using System.Reflection;
using VoiceKit.Tests.Support;

namespace VoiceKit.Docs.Tests;

/// <summary>The programs of samples/, each of which this assembly has as a class.</summary>
public class SamplesTests : DocsPage
{
    public static TheoryData<string> Names => [.. Programs];

    private static IEnumerable<string> Programs => Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.cs")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    [Fact]
    public void There_is_one_for_each_capability_and_each_is_short()
    {
        Assert.Equal(["bars", "encode", "import", "play", "read", "record", "store"], Programs);
        Assert.All(Programs, name => Assert.InRange(File.ReadAllLines(PathOf(name)).Length, 5, 32));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Used_wrongly_it_says_how_it_is_used(string name)
    {
        var (code, output) = await RunAsync(name);
        Assert.Equal(2, code);
        Assert.StartsWith($"usage: dotnet run samples/{name}.cs -- ", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_names_the_projects_that_it_uses(string name)
    {
        var lines = File.ReadAllLines(PathOf(name));
        foreach (var line in lines.Where(line => line.StartsWith("#:project ", StringComparison.Ordinal)))
            Assert.True(File.Exists(Path.Combine(Repository.Root, "samples", line["#:project ".Length..])), line);
        foreach (var adapter in new[] { "LibOpus", "PulseAudio", "FFmpeg" })
        {
            Assert.Equal(
                lines.Contains($"using VoiceKit.{adapter};"),
                lines.Contains($"#:project ../src/VoiceKit.{adapter}/VoiceKit.{adapter}.csproj"));
        }
    }

    [Fact]
    public async Task A_recording_is_encoded_read_drawn_and_kept()
    {
        Assert.Equal(0, (await RunAsync("encode", "recording.wav", "a.opus")).Code);
        Assert.Empty(Oracle.Warnings("a.opus"));

        var (code, output) = await RunAsync("read", "a.opus", "a.wav");
        Assert.Equal(0, code);
        Assert.Contains(" packets, ", output, StringComparison.Ordinal);
        var (seconds, _) = Oracle.Run("soxi", "-D", "a.wav");
        Assert.Equal(SpokenSeconds, double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), 0.0001);

        Assert.Equal(0, (await RunAsync("bars", "a.opus", "a.svg")).Code);
        Assert.Equal(0, (await RunAsync("bars", "a.opus", "a.png")).Code);
        Assert.StartsWith("<svg", await File.ReadAllTextAsync("a.svg"), StringComparison.Ordinal);
        Oracle.Run("ffprobe", "-v", "error", "a.png");

        (code, output) = await RunAsync("store", "voices", "a.opus", "message.opus");
        Assert.Equal((0, 2), (code, output.Split(".opus").Length - 1));
    }

    [Fact]
    public async Task A_recording_of_a_phone_is_imported_and_a_text_is_refused()
    {
        WritePhoneRecording("a.m4a");
        Assert.Equal(0, (await RunAsync("import", "a.m4a", "a.opus")).Code);
        Assert.InRange(Loudest("a.opus"), 0.05, 1);

        await File.WriteAllTextAsync("a.txt", "Not a word of it is sound.");
        var (code, output) = await RunAsync("import", "a.txt", "b.opus");
        Assert.Equal((1, false), (code, File.Exists("b.opus")));
        Assert.NotEmpty(output);
    }

    private static string PathOf(string name) => Path.Combine(Repository.Root, "samples", name + ".cs");

    private async Task<(int Code, string Output)> RunAsync(string name, params string[] arguments)
    {
        var program = typeof(SamplesTests).Assembly.GetType("Sample_" + name)!;
        var run = program.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)!;
        var before = Told.Length;
        var code = await (Task<int>)run.Invoke(null, [arguments])!;
        return (code, Told[before..]);
    }
}
