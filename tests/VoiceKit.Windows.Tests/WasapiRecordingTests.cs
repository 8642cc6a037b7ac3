using VoiceKit.PulseAudio.Tests;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

/// <summary>A recorder on Windows' devices.</summary>
[Collection(Wine.Collection)]
public sealed class WasapiRecordingTests(Wine wine) : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Theory]
    [InlineData("default")]
    [InlineData("TestMicrophone")]
    public Task What_is_said_into_the_microphone_is_what_the_recording_holds(string device) => RealTime.RunAsync(async () =>
    {
        using var program = wine.Run(_card, "actor.exe", "record", Wine.PathOf(_card.Folder), "input", device);
        await program.SaysAsync("hears");
        _card.FeedMicrophone(_card.WriteWav(Speech.Samples, 1));
        var message = await StopAsync(program);
        Sounds.AssertHeard(Speech.Samples, Speech.Decode(message));
    });

    // Wine 8 lists what a speaker plays as a microphone, in two channels.
    [Fact]
    public Task What_the_computer_plays_is_recorded() => RealTime.RunAsync(async () =>
    {
        using var program = wine.Run(_card, "actor.exe", "record", Wine.PathOf(_card.Folder), "input", "Monitor of TestSpeakers");
        await program.SaysAsync("hears");
        _card.PlayOnSpeakers(_card.WriteWav(Sounds.Stereo(Speech.Samples, Speech.Samples), 2));
        var message = await StopAsync(program);
        Sounds.AssertHeard(Speech.Samples, Speech.Decode(message));
    });

    // Wine 8 does not hear a speaker, as drivers do that are not made for it.
    [Fact]
    public async Task A_speaker_that_cannot_be_heard_refuses_the_start()
    {
        using var program = wine.Run(_card, "actor.exe", "record", Wine.PathOf(_card.Folder), "loopback", "TestSpeakers");
        Assert.Equal(1, await program.EndsAsync());
        Assert.Contains("AudioDeviceException", await program.SaysAsync("failed"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_microphone_that_is_unplugged_is_a_fault_and_the_draft_is_kept()
    {
        using var program = wine.Run(_card, "actor.exe", "record", Wine.PathOf(_card.Folder), "input", "TestMicrophone");
        await program.SaysAsync("hears");
        await Task.Delay(1000);
        _card.RemoveDevice("mic");
        await AssertFaultedAsync(program);
    }

    [Fact]
    public async Task A_sound_server_that_is_killed_is_a_fault_and_the_draft_is_kept()
    {
        using var program = wine.Run(_card, "actor.exe", "record", Wine.PathOf(_card.Folder), "input", "default");
        await program.SaysAsync("hears");
        await Task.Delay(1000);
        _card.KillServer();
        await AssertFaultedAsync(program);
    }

    private async Task AssertFaultedAsync(WineProgram program)
    {
        await program.SaysAsync("Faulted");
        await program.SucceedsAsync();
        Assert.NotEqual("0", await program.SaysAsync("drafts"));
        var message = await VoiceMessage.OpenAsync(Path.Combine(_card.Folder, "message.opus"));
        Assert.True(message.Duration > TimeSpan.FromSeconds(0.5), $"{message.Duration} were kept.");
    }

    private async Task<VoiceMessage> StopAsync(WineProgram program)
    {
        var stop = Path.Combine(_card.Folder, "stop");
        File.WriteAllText(stop, "");
        await program.SucceedsAsync();
        File.Delete(stop);
        return await VoiceMessage.OpenAsync(Path.Combine(_card.Folder, "message.opus"));
    }
}
