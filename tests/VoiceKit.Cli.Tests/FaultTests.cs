using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using VoiceKit.Tests.Faults;

namespace VoiceKit.Cli.Tests;

/// <summary>
/// The program on disks that are full, fail or cannot be written: it says so and ends with an error, no old file is harmed, and
/// what it says is done is there.
/// </summary>
public sealed partial class FaultTests : IDisposable
{
    private const int NoSpace = 28;
    private const int InputOutput = 5;
    private const int ReadOnlySystem = 30;
    private const int TooManyFiles = 24;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("write", NoSpace)]
    [InlineData("fsync", InputOutput)]
    [InlineData("rename", InputOutput)]
    [InlineData("open", ReadOnlySystem)]
    public void Encoding_over_a_file(string call, int error)
    {
        _cli.Speech();
        File.WriteAllText(_cli["a.opus"], "precious");
        var said = RunUnder(call, error, "encode", "speech.wav", "a.opus", "--force");
        Assert.Equal("precious", File.ReadAllText(_cli["a.opus"]));
        Assert.StartsWith("voicekit: ", said);
    }

    [Theory]
    [InlineData("write", InputOutput)]
    [InlineData("fsync", InputOutput)]
    [InlineData("open", TooManyFiles)]
    public void Changing_tags(string call, int error)
    {
        _cli.Speech();
        _cli.Do("encode", "speech.wav", "a.opus");
        _cli.Do("tags", "a.opus", "--set", "TITLE=old");
        var samples = Samples();
        RunUnder(call, error, "tags", "a.opus", "--set", $"TITLE={new string('x', 3000)}");
        Assert.Equal(samples, Samples());
        Assert.Contains("TITLE=", _cli.Do("tags", "a.opus").Text);

        string Samples() => _cli.Json("info", "a.opus", "--json").GetProperty("duration_seconds").ToString();
    }

    [Theory]
    [InlineData("write", NoSpace)]
    [InlineData("fsync", InputOutput)]
    [InlineData("rename", ReadOnlySystem)]
    public void Adding_to_a_store(string call, int error)
    {
        _cli.Speech();
        _cli.Do("encode", "speech.wav", "a.opus");
        var first = _cli.Do("store", "s", "add", "a.opus").Text.Trim();
        RunUnder(call, error, "store", "s", "add", "a.opus");
        var left = _cli.Json("store", "s", "list", "--json").EnumerateArray().Select(
            message => message.GetProperty("id").GetString());
        Assert.Contains(first, left);
        _cli.Do("store", "s", "verify");
    }

    [Fact]
    public void Listing_a_message_that_cannot_be_read()
    {
        _cli.Speech();
        _cli.Do("encode", "speech.wav", "a.opus");
        var id = _cli.Do("store", "s", "add", "a.opus").Text.Trim();
        Assert.True(Json(_cli.Do("store", "s", "list", "--json")).GetProperty("readable").GetBoolean());
        File.Delete(_cli[Path.Combine("s", ".voicekit", "index")]);

        var listed = RunWith("look", InputOutput, "s/Sent/", "store", "s", "list", "--json");
        Assert.Equal(0, listed.ExitCode);
        Assert.False(Json(listed).GetProperty("readable").GetBoolean());
        var text = RunWith("look", InputOutput, "s/Sent/", "store", "s", "list").Text;
        Assert.Contains("cannot be read", text);
        Assert.Contains("PTT-", text);
        Assert.Contains(id, _cli.Do("store", "s", "list").Text);

        static JsonElement Json(ProgramResult result) => JsonSerializer.Deserialize<JsonElement>(result.Text)[0];
    }

    // Gives what it said; a fault that did happen was told.
    private string RunUnder(string call, int error, params string[] arguments)
    {
        var result = RunWith(call, error, _cli.Folder, arguments);
        Assert.Equal(1, result.ExitCode);
        return result.Error;
    }

    private ProgramResult RunWith(string call, int error, string place, params string[] arguments)
    {
        var result = _cli.RunIn(
            new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = FaultLibrary.Compile(_cli.Folder),
                ["FAULTS"] = string.Create(CultureInfo.InvariantCulture, $"{call} {error} 0 {place}"),
            },
            arguments);
        var faults = FaultCount().Matches(result.Error).Sum(
            match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.True(faults > 0, $"Nothing has failed: {result.Error}");
        Assert.DoesNotContain("Unhandled", result.Error);
        return result;
    }

    [GeneratedRegex(@"^faults: (\d+)$", RegexOptions.Multiline)]
    private static partial Regex FaultCount();
}
