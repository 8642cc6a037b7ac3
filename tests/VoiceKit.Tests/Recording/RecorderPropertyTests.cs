using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class RecorderPropertyTests
{
    private enum Step
    {
        Start,
        Pause,
        Resume,
        ResumeElsewhere,
        OpenDraft,
        Finish,
        Discard,
        Hear,
        HearMuch,
        Lose,
        Unplug,
        FillDisk,
        ClearDisk,
        BreakStart,
        MendStart,
        Wait,
    }

    private static readonly AudioFormat[] Formats = [new(48_000, 1), new(44_100, 2), new(16_000, 1)];

    // Whatever is called and whatever breaks: the state is one that the calls led to, a call without an answer throws and changes
    // nothing, and all audio heard is in the message or in the draft.
    [Fact]
    public void Whatever_is_called_and_whatever_breaks_no_draft_is_lost() =>
        Fx.Check(
            Gen.ListOf(Gen.Elements(Enum.GetValues<Step>())),
            steps => RunAsync([Step.Start, .. steps]).GetAwaiter().GetResult(),
            tests: 150);

    private static async Task RunAsync(Step[] steps)
    {
        using var folder = new TemporaryFolder();
        FullDisk? disk = null;
        var drafts = new VoiceDrafts(folder["drafts"]) { Wrap = file => disk = new FullDisk(file) };
        var world = new World(new FakeAudioInput(Formats[0]));
        VoiceMessage? message = null;
        var recorder = Recorders.New(world.Input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = drafts,
            MinDuration = TimeSpan.FromSeconds(0.1),
        });
        foreach (var step in steps)
        {
            var before = recorder.State;
            try
            {
                message = await DoAsync(step, recorder, world, disk) ?? message;
            }
            catch (InvalidOperationException)
            {
                Assert.DoesNotContain(before, AnsweredIn(step));
            }
            catch (Exception exception) when (exception is AudioDeviceException or IOException)
            {
                Assert.True(step is Step.Start or Step.Resume or Step.ResumeElsewhere, $"{step}: {exception}");
            }

            Assert.Contains(recorder.State, ReachableFrom(before));
        }

        var state = recorder.State;
        await recorder.DisposeAsync();
        if (!world.WasFull)
            Assert.Equal(world.HeardSeconds, recorder.Elapsed.TotalSeconds, 0.001);
        await CheckAsync(drafts, state, recorder.Elapsed, message, world.WasFull);
    }

    private static async Task<VoiceMessage?> DoAsync(Step step, VoiceRecorder recorder, World world, FullDisk? disk)
    {
        switch (step)
        {
            case Step.Start: await recorder.StartAsync(); break;
            case Step.Pause: await recorder.PauseAsync(); break;
            case Step.Resume: await recorder.ResumeAsync(); break;
            case Step.ResumeElsewhere: await ResumeElsewhereAsync(recorder, world); break;
            case Step.OpenDraft: Assert.True((await recorder.OpenDraftAsync()).Duration <= recorder.Elapsed); break;
            case Step.Finish: return await recorder.FinishAsync();
            case Step.Discard: await recorder.DiscardAsync(); break;
            case Step.Hear: world.Hear(4_800); break;
            case Step.HearMuch: world.Hear(48_000); break;
            case Step.Lose when world.Input.IsStarted: world.Lose(100); break;
            case Step.Unplug when world.Input.IsStarted && recorder.State == RecordingState.Recording:
                await recorder.NextChangeAsync(() => world.Input.Break(new AudioDeviceException("Gone.")));
                break;
            case Step.FillDisk when IsOpen(recorder): world.Fill(disk!); break;
            case Step.ClearDisk when IsOpen(recorder): disk!.Room = long.MaxValue; break;
            case Step.BreakStart: world.Input.StartFault = new AudioDeviceException("Broken."); break;
            case Step.MendStart: world.Input.StartFault = null; break;
            case Step.Wait: await Task.Delay(1); break;
        }

        return null;
    }

    private static bool IsOpen(VoiceRecorder recorder) =>
        recorder.State is RecordingState.Recording or RecordingState.Paused or RecordingState.Faulted;

    private static async Task ResumeElsewhereAsync(VoiceRecorder recorder, World world)
    {
        var other = new FakeAudioInput(Formats[++world.Inputs % Formats.Length]);
        await recorder.ResumeAsync(other);
        world.Input = other;
    }

    // A fault may come in at any time while recording; it is no answer to a call.
    private static RecordingState[] AnsweredIn(Step step) => step switch
    {
        Step.Start => [RecordingState.Idle],
        Step.Pause => [],
        Step.Resume or Step.ResumeElsewhere or Step.OpenDraft => [RecordingState.Paused, RecordingState.Faulted],
        Step.Finish or Step.Discard => [RecordingState.Recording, RecordingState.Paused, RecordingState.Faulted],
        _ => Enum.GetValues<RecordingState>(),
    };

    private static RecordingState[] ReachableFrom(RecordingState state) => state switch
    {
        RecordingState.Idle => [RecordingState.Idle, RecordingState.Recording],
        RecordingState.Finished => [RecordingState.Finished],
        RecordingState.Discarded => [RecordingState.Discarded],
        _ =>
        [
            RecordingState.Recording,
            RecordingState.Paused,
            RecordingState.Faulted,
            RecordingState.Finished,
            RecordingState.Discarded,
        ],
    };

    private static async Task CheckAsync(
        VoiceDrafts drafts, RecordingState state, TimeSpan elapsed, VoiceMessage? message, bool wasFull)
    {
        if (state is RecordingState.Idle or RecordingState.Discarded)
        {
            Assert.Empty(drafts.List());
            return;
        }

        var draft = Assert.Single(drafts.List());
        if (state == RecordingState.Finished)
            Assert.Equal(elapsed.TotalSeconds, message!.Duration.TotalSeconds, 0.0001);
        if (!wasFull)
            Assert.Equal(elapsed.TotalSeconds, (await drafts.RecoverAsync(draft)).Duration.TotalSeconds, 0.0001);
    }

    private sealed class World(FakeAudioInput input)
    {
        public FakeAudioInput Input { get; set; } = input;

        public int Inputs { get; set; }

        public bool WasFull { get; private set; }

        public double HeardSeconds { get; private set; }

        public void Fill(FullDisk disk)
        {
            disk.Room = disk.Length;
            WasFull = true;
        }

        public void Hear(int frames)
        {
            if (!Input.IsStarted)
                return;
            Input.Hear(Signals.Voice(frames, Input.Format.SampleRate, Input.Format.Channels), 160 * Input.Format.Channels);
            HeardSeconds += (double)frames / Input.Format.SampleRate;
        }

        public void Lose(int frames)
        {
            Input.Lose(frames);
            HeardSeconds += (double)frames / Input.Format.SampleRate;
        }
    }
}
