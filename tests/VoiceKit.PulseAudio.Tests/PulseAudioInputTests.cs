using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

public sealed class PulseAudioInputTests : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public async Task The_microphone_hears_what_another_program_plays_into_it()
    {
        var sound = Sounds.Sweep(2);
        await using var input = await PulseAudioInput.OpenAsync("mic", _card.Options());
        Assert.Equal(new AudioFormat(48_000, 1), input.Format);
        Assert.Equal("VirtualMicrophone", input.Name);

        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        _card.FeedMicrophone(_card.WriteWav(sound, 1));
        await input.StopAsync();
        Sounds.AssertHeard(sound, sink.Heard);
        Assert.Equal(0, sink.Lost);
        Assert.False(sink.HasFault);
    }

    [Fact]
    public async Task The_microphone_hears_what_our_output_plays_into_it()
    {
        var sound = Sounds.Sweep(2);
        await using var input = await PulseAudioInput.OpenAsync(null, _card.Options());
        await using var output = await PulseAudioOutput.OpenAsync("micfeed", _card.Options());
        Assert.Equal(new AudioFormat(48_000, 1), output.Format);
        var sink = new HearingSink();
        await input.StartAsync(sink);
        await sink.HasBegun;
        var source = new PlayingSource(sound);
        await output.StartAsync(source);
        await source.Ended;
        await input.StopAsync();
        Sounds.AssertHeard(sound, sink.Heard);
    }
}
