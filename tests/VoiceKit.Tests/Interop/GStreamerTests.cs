using VoiceKit.Audio;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Our files decoded by GStreamer. Files by GStreamer are in the corpus.</summary>
public class GStreamerTests
{
    /// <summary>A step for GStreamer's rounding to 16 bits and one for what the decoder rounds itself.</summary>
    private const float Tolerance = 2 * Pcm.Lsb;

    [Theory]
    [InlineData(2.5, 1, 100_001)]
    [InlineData(20, 1, 1)]
    [InlineData(20, 1, 48_649)]
    [InlineData(20, 2, 100_001)]
    [InlineData(60, 1, 100_001)]
    [InlineData(120, 2, 100_001)]
    public void Our_files_decode_in_GStreamer_as_with_us(double milliseconds, int channels, int frames)
    {
        var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) };
        var options = new VoiceEncodingOptions { Channels = channels, Encoder = encoder };
        DecodesAsWithUs(Pcm.Encode(Signals.Voice(frames, 48_000, channels), new AudioFormat(48_000, channels), options));
    }

    [Theory]
    [InlineData(312, 0x180)]
    [InlineData(312, -0x180)]
    [InlineData(3840, 0)]
    [InlineData(0, 0)]
    public void Pre_skip_and_gain_mean_to_GStreamer_what_they_mean_to_us(int preSkip, short gain)
    {
        var packets = Pcm.PacketsOf(Pcm.Encode(Signals.Voice(100_001), new AudioFormat(48_000, 1)));
        var bytes = new OggBytes().Head(preSkip, 1, 1, gain).Tags();
        bytes.Page(OggPageFlags.EndOfStream, packets.Length * OggBytes.PacketDuration, 1, packets);
        DecodesAsWithUs(bytes.ToArray());
    }

    private static void DecodesAsWithUs(byte[] file)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.opus"], file);
        Pcm.AssertClose("GStreamer", GStreamer.Decode(folder["a.opus"]), Pcm.Decode(file), Tolerance);
    }
}
