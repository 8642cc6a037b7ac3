using VoiceKit.Audio;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

/// <summary>How a recording ends when something does not go along.</summary>
public class RecorderEndTests
{
    private static readonly AudioFormat Mono = Recorders.Mono;

    [Fact]
    public async Task A_draft_that_cannot_be_read_is_a_fault_and_can_be_finished_later()
    {
        using var folder = new TemporaryFolder();
        UnsteadyDisk? disk = null;
        var drafts = new VoiceDrafts(folder["drafts"]) { Wrap = file => disk = new UnsteadyDisk(file) };
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, drafts);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        disk!.IsUnreadable = true;

        var changes = new List<RecordingStateChange>();
        recorder.StateChanged += (_, change) => changes.Add(change);
        var fault = await Assert.ThrowsAsync<IOException>(() => recorder.FinishAsync());
        Assert.Equal((RecordingState.Faulted, fault), (recorder.State, recorder.Fault));
        Assert.Equal(fault, Assert.Single(changes).Fault);
        Assert.False(input.IsStarted);

        // Its end is written: it can be finished once more, and nothing can come behind it.
        await Assert.ThrowsAsync<InvalidOperationException>(() => recorder.ResumeAsync());
        Assert.False(input.IsStarted);
        disk.IsUnreadable = false;
        Assert.Equal(100_000, (await recorder.FinishAsync())!.Info.Samples);
        Assert.Equal(RecordingState.Finished, recorder.State);
    }

    [Fact]
    public async Task To_dispose_reads_no_draft_and_throws_nothing()
    {
        using var folder = new TemporaryFolder();
        UnsteadyDisk? disk = null;
        var drafts = new VoiceDrafts(folder["drafts"]) { Wrap = file => disk = new UnsteadyDisk(file) { IsUnreadable = true } };
        var input = new FakeAudioInput(Mono);
        var recorder = Recorders.New(input, drafts);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        await recorder.DisposeAsync();
        Assert.Equal(0, disk!.BytesRead);

        var draft = Assert.Single(drafts.List());
        Assert.Empty(Oracle.Warnings(draft.Path));
        Assert.Equal(100_000, (await drafts.RecoverAsync(draft)).Info.Samples);
    }

    [Fact]
    public async Task To_finish_reads_the_draft_once()
    {
        using var folder = new TemporaryFolder();
        UnsteadyDisk? disk = null;
        var drafts = new VoiceDrafts(folder["drafts"]) { Wrap = file => disk = new UnsteadyDisk(file) };
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, drafts);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        var message = await recorder.FinishAsync(keepFrom: TimeSpan.FromSeconds(0.5));
        Assert.Equal(76_000, message!.Info.Samples);
        Assert.Equal(new FileInfo(Assert.Single(drafts.List()).Path).Length, disk!.BytesRead);
    }

    [Fact]
    public async Task A_cut_behind_the_end_of_what_is_still_recorded_pauses_and_is_told()
    {
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => recorder.FinishAsync(TimeSpan.FromSeconds(3)));
        Assert.Equal((RecordingState.Paused, false), (recorder.State, input.IsStarted));
        Assert.Equal(100_000, (await recorder.FinishAsync())!.Info.Samples);
    }

    [Fact]
    public async Task A_message_that_is_saved_leaves_no_draft()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, drafts);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        var message = await recorder.FinishAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => message!.SaveAsync(folder["no/such/folder/a.opus"]));
        Assert.Single(drafts.List());
        await message!.SaveAsync(folder["a.opus"]);
        Assert.Empty(drafts.List());
        await message.SaveAsync(folder["b.opus"]);
        Assert.Equal(File.ReadAllBytes(folder["a.opus"]), File.ReadAllBytes(folder["b.opus"]));
    }

    [Fact]
    public async Task A_message_that_a_store_has_taken_leaves_no_draft()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, drafts);
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        var message = await recorder.FinishAsync();
        using var store = new VoiceKit.Storage.VoiceMessageStore(folder["store"]);
        await store.AddAsync(message!);
        Assert.Empty(drafts.List());
    }

    [Fact]
    public async Task A_message_that_is_saved_after_its_recorder_has_gone_leaves_no_draft()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        VoiceMessage? message;
        await using (var recorder = Recorders.New(input, drafts))
        {
            await recorder.StartAsync();
            input.Hear(Signals.Voice(100_000), 960);
            message = await recorder.FinishAsync();
        }

        Assert.Single(drafts.List());
        await message!.SaveAsync(folder["a.opus"]);
        Assert.Empty(drafts.List());
    }
}
