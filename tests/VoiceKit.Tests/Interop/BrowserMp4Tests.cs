using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Mp4;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Mp4;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>MP4 that is written, whole and in fragments, is decoded and played by Chromium as the Ogg file is.</summary>
[Collection("browser")]
public class BrowserMp4Tests(BrowserFixture fixture)
{
    private const int PreSkip = 312;

    [Theory]
    [InlineData(1, 20, 100_001, null)]
    [InlineData(2, 20, 60_000, null)]
    [InlineData(1, 60, 70_001, null)]
    [InlineData(1, 2.5, 30_000, null)]
    [InlineData(1, 20, 100_001, 300)]
    [InlineData(2, 60, 100_001, 1000)]
    public async Task It_sounds_and_lasts_as_the_message_does(int channels, double milliseconds, int frames, int? fragment)
    {
        var options = new VoiceEncodingOptions
        {
            Channels = channels,
            Encoder = new() { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) },
        };
        var ogg = Pcm.Encode(Signals.Voice(frames, 48_000, channels), new AudioFormat(48_000, channels), options);
        var mp4 = Mp4Bytes.FromOgg(ogg, fragment);
        Assert.Equal(OpusContainer.Mp4, OpusContainers.Identify(mp4));
        Assert.True(Pcm.Decode(ogg).AsSpan().SequenceEqual(Pcm.Decode(mp4)), "The samples differ.");
        Assert.Equal(Pcm.PacketsOf(ogg), Mp4Bytes.ReadAll(OpusContainers.Open(new MemoryStream(mp4))).Packets);

        var browser = await fixture.GetAsync();
        var played = await browser.PlayAsync(mp4, "audio/mp4;codecs=opus");
        Assert.True(played.Ended);
        Assert.InRange(played.DurationAtEnd!.Value, frames / 48_000.0 - 0.03, frames / 48_000.0 + 0.13);

        // What is heard is what we hear. Chromium drops the pre-skip of dOps and, of a file that is not fragmented, what the edit
        // list leaves out before it too: that begins a pre-skip later. Not where the edit list leaves out whole packets. Of
        // fragments, it plays the last packet to its end.
        var decoded = await browser.DecodeAsync(mp4);
        var ours = Pcm.Decode(mp4);
        var duration = (int)(milliseconds * 48);
        var late = fragment is null && duration > PreSkip ? PreSkip : 0;
        var packets = Pcm.PacketsOf(ogg).Length * duration;
        Assert.Equal(channels, decoded.Channels);
        Assert.Equal(fragment is null ? frames - late : packets - PreSkip, decoded.Frames);
        var heard = ours.AsSpan(late * channels);
        Assert.InRange(Pcm.SignalToError(heard, decoded.Samples.AsSpan(0, heard.Length)), 40, double.MaxValue);
    }

    [Fact]
    public async Task A_chat_that_asks_for_MP4_gets_what_plays()
    {
        var ogg = Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1));
        var output = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(ogg), output, OpusContainer.Mp4);
        Assert.True((await (await fixture.GetAsync()).PlayAsync(output.ToArray(), "audio/mp4")).Ended);
    }
}
