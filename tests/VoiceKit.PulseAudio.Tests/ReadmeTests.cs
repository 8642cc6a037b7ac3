using VoiceKit.LibOpus;
using VoiceKit.Playback;
using VoiceKit.Recording;

namespace VoiceKit.PulseAudio.Tests;

public class ReadmeTests
{
    [Fact]
    public void Live_example_in_the_readme_is_the_code_below()
    {
        var readme = File.ReadAllText(SourceTree.PathOf("README.md"));
        var example = readme.Split("```csharp\n")[2].Split("```")[0];
        var source = File.ReadAllText(SourceTree.PathOf("tests/VoiceKit.PulseAudio.Tests/ReadmeTests.cs"));
        var compiled = source.Split("// <readme>\n")[1].Split("// </readme>")[0];
        Assert.Equal(Code(example), Code(compiled));
    }

    // Compiled, so that the example stays right; the person's own devices are not for tests.
    internal static async Task RunExample(LibOpusCodec codec, VoiceMessage received)
    {
        // <readme>
        await using var devices = await PulseAudioDevices.OpenAsync();
        await using var recorder = new VoiceRecorder(await devices.OpenInputAsync(), codec);
        recorder.Progress += (_, now) => Console.Write($"\r{now.Elapsed.TotalSeconds:F1} s {now.Rms:F0} dB");
        await recorder.StartAsync();                                                  // press
        await Task.Delay(TimeSpan.FromSeconds(5));                                    // talk; PauseAsync, OpenDraftAsync, ResumeAsync
        var mine = await recorder.FinishToFileAsync("mine.opus");                     // release; null: too short to be a message

        await using var player = new VoicePlayer(await devices.OpenOutputAsync(), codec) { Speed = 1.5 };
        await player.LoadAsync(mine ?? received);
        await player.PlayAsync();                                                     // SeekAsync, PauseAsync, Position, Ended
        // </readme>
    }

    private static IEnumerable<string> Code(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
