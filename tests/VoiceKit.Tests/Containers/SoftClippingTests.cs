using System.Runtime.InteropServices;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Loud audio to 16 bits, as libopus gives it itself.</summary>
public class SoftClippingTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 20)]
    [InlineData(1, 60)]
    public void Loud_audio_is_within_a_step_of_what_opusdec_gives(int channels, int frame)
    {
        using var folder = new TemporaryFolder();
        var loud = Array.ConvertAll(Signals.Voice(48_000 * 4, channels: channels), sample => sample * 4);
        using (var wav = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(48_000, channels), WavSampleFormat.Float32))
        {
            wav.Write(loud);
            wav.Complete();
        }

        Oracle.Run("opusenc", "--quiet", "--bitrate", "24", "--framesize", $"{frame}", folder["in.wav"], folder["a.opus"]);
        Oracle.Run("opusdec", "--quiet", "--no-dither", folder["a.opus"], folder["theirs.wav"]);
        using (var reader = new OpusAudioReader(File.OpenRead(folder["a.opus"]), LibOpusCodec.Default) { SoftClips = true })
        using (var wav = new WavWriter(File.Create(folder["ours.wav"]), reader.Format))
        {
            reader.CopyTo(wav);
            wav.Complete();
        }

        var (ours, theirs) = (Samples(folder["ours.wav"]), Samples(folder["theirs.wav"]));
        Assert.Equal(theirs.Length, ours.Length);
        for (var i = 0; i < ours.Length; i++)
            Assert.InRange(ours[i] - theirs[i], -1, 1);
        Assert.Contains(ours, sample => Math.Abs((int)sample) > 32_000);
    }

    [Fact]
    public void Audio_within_full_scale_stays_as_it_is()
    {
        var samples = Signals.Voice(48_000);
        var clipped = (float[])samples.Clone();
        new SoftClipper(1).Process(clipped);
        Assert.Equal(samples, clipped);
    }

    private static short[] Samples(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var data = bytes.AsSpan().IndexOf("data"u8) + 8;
        return MemoryMarshal.Cast<byte, short>(bytes.AsSpan(data)[..((bytes.Length - data) / 2 * 2)]).ToArray();
    }
}
