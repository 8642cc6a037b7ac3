using VoiceKit.LibOpus;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

/// <summary>A process that records until it is killed, and says all the time how far it is.</summary>
internal static class RecordingChild
{
    public const string Word = "record-until-killed";

    public static async Task<int> RunAsync(string folder)
    {
        var input = new FakeAudioInput(Recorders.Mono);
        await using var recorder = new VoiceRecorder(
            input, LibOpusCodec.Default, new VoiceRecorderOptions
            {
                DeviceTimeout = Recorders.Patience,
                Drafts = new VoiceDrafts(folder),
            });
        var voice = Signals.Voice(480_000);
        await recorder.StartAsync();
        for (var second = 0; second < 3600; second++)
        {
            // Some ten times as fast as a person talks, with a pause now and then.
            for (var at = 0; at < 50; at++)
            {
                input.Hear(voice.AsSpan((second % 10 * 50 + at) * 960, 960));
                Thread.Sleep(2);
                Console.WriteLine(recorder.Elapsed.Ticks);
            }

            await recorder.PauseAsync();
            await recorder.ResumeAsync();
        }

        return 0;
    }
}
