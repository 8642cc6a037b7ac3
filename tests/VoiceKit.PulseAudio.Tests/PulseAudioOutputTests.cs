using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

public sealed class PulseAudioOutputTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public async Task Another_program_hears_on_the_speaker_what_is_played()
    {
        var (left, right) = (Sounds.Sweep(2, seed: 1), Sounds.Sweep(2, seed: 2));
        await using var output = await PulseAudioOutput.OpenAsync(null, _card.Options());
        Assert.Equal(new AudioFormat(48_000, 2), output.Format);
        Assert.Equal("TestSpeakers", output.Name);

        using var recording = _card.RecordSpeakers();
        var source = new PlayingSource(Sounds.Stereo(left, right));
        await output.StartAsync(source);
        await source.Ended;
        await output.StopAsync();
        var heard = recording.Stop();
        var at = Sounds.AssertHeard(left, Sounds.Channel(heard, 2, 0));
        Assert.Equal(at, Sounds.AssertHeard(right, Sounds.Channel(heard, 2, 1)));
    }
}
