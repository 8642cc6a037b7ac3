using System.Diagnostics;
using VoiceKit.PulseAudio.Tests;

namespace VoiceKit.Cli.Tests;

/// <summary>The program on a computer with a virtual microphone and a virtual speaker.</summary>
internal sealed class Sound : IDisposable
{
    private const float Audible = 0.05f;

    private readonly VirtualSoundCard _card = new();

    public VirtualSoundCard Card => _card;

    public string this[string name] => Path.Combine(_card.Folder, name);

    /// <summary>Starts the program and leaves it to the test.</summary>
    public Process Start(params string[] arguments) => _card.Start(Cli.Program, [.. Cli.Arguments, .. arguments]);

    public (int ExitCode, string Output, string Error) Run(params string[] arguments) => End(Start(arguments));

    public string Do(params string[] arguments)
    {
        var (exitCode, output, error) = Run(arguments);
        Assert.True(exitCode == 0, $"voicekit {string.Join(' ', arguments)}: {error}");
        return output;
    }

    public static (int ExitCode, string Output, string Error) End(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var said = OtherProgram.ReadToEnd(process);
            Assert.DoesNotContain("Unhandled", said.Error);
            return (said.ExitCode, said.Text, said.Error);
        }
    }

    /// <summary>A spoken sentence of some seconds.</summary>
    public string Speech()
    {
        _card.Run("espeak-ng", "-w", this["speech.wav"], "This is a voice message, which I made for you.");
        return this["speech.wav"];
    }

    /// <summary>A spoken message.</summary>
    public string Message(string name = "speech.opus")
    {
        Do("encode", Speech(), this[name]);
        return this[name];
    }

    /// <summary>Speaks into the microphone until this is disposed; it is heard when this returns.</summary>
    public IDisposable Speak() => Play("micfeed", _card.RecordMicrophone);

    /// <summary>Has the computer play speech until this is disposed; it is heard when this returns.</summary>
    public IDisposable PlaySpeech() => Play("speakers", () => _card.RecordSpeakers());

    /// <summary>Waits until a recording has reached the disk.</summary>
    public void WaitForDraft(int bytes)
    {
        var folder = this[".local/share/voicekit/drafts"];
        WaitUntil(
            () => Directory.Exists(folder) && Directory.GetFiles(folder).Any(file => new FileInfo(file).Length > bytes),
            "Nothing is recorded.");
    }

    public void Dispose() => _card.Dispose();

    // For a minute without a pause: on a busy machine paplay takes seconds to begin.
    private Killer Play(string sink, Func<VirtualSoundCard.Recording> listen)
    {
        _card.Run("sox", Speech(), this["minute.wav"], "repeat", "19");
        var loop = $"while :; do paplay --latency-msec=500 -d {sink} '{this["minute.wav"]}' || exit; done";
        var playing = new Killer(_card.Start("sh", "-c", loop));
        using var listening = listen();
        WaitUntil(() => Array.Exists(listening.Heard, sample => Math.Abs(sample) > Audible), "Nothing is heard.");
        return playing;
    }

    private static void WaitUntil(Func<bool> isTrue, string otherwise)
    {
        for (var giveUp = Stopwatch.StartNew(); !isTrue(); Thread.Sleep(20))
            Assert.True(giveUp.Elapsed < TimeSpan.FromMinutes(1), otherwise);
    }

    private sealed class Killer(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.WaitForEnd();
            process.Dispose();
        }
    }
}
