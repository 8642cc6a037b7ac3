using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>What ffmpeg decodes our WebM and CAF to.</summary>
public class RemuxFfmpegTests
{
    private static readonly double[] Milliseconds = [2.5, 5, 10, 20, 40, 60, 80, 100, 120];

    // With pre-skip 312: nothing to trim from 20 ms packets; one sample of the last packet left; one sample trimmed; others.
    private static readonly int[] Lengths = [960 * 20 - 312, 960 * 20 - 311, 960 * 20 - 313, 30_001];

    private static readonly Lazy<(Case Case, float[] Ogg, float[] WebM, float[] Caf)[]> Decoded = new(DecodeAll);

    public static TheoryData<double, int> Files
    {
        get
        {
            var data = new TheoryData<double, int>();
            foreach (var milliseconds in Milliseconds)
            {
                data.Add(milliseconds, 1);
                data.Add(milliseconds, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Ffmpeg_decodes_our_WebM_to_the_samples_of_the_Ogg(double milliseconds, int channels)
    {
        foreach (var (of, ogg, webM, _) in CasesOf(milliseconds, channels))
        {
            Assert.Equal(of.Frames * channels, ogg.Length);
            Assert.True(ogg.AsSpan().SequenceEqual(webM), $"{of}: {webM.Length} and {ogg.Length} samples.");
        }
    }

    // ffmpeg 5.1 plays what the packet table's priming and remainder frames leave out (Core Audio Format Specification 1.0,
    // Packet Table Chunk); between them are the samples of the Ogg.
    [Theory]
    [MemberData(nameof(Files))]
    public void Ffmpeg_decodes_our_CAF_to_the_samples_of_the_Ogg_and_those_that_are_trimmed(double milliseconds, int channels)
    {
        foreach (var (of, ogg, _, caf) in CasesOf(milliseconds, channels))
        {
            Assert.Equal(of.Trims * channels, caf.Length - ogg.Length);
            Assert.True(caf.AsSpan(of.PreSkip * channels, ogg.Length).SequenceEqual(ogg), $"{of}: the samples differ.");
        }
    }

    private static IEnumerable<(Case Case, float[] Ogg, float[] WebM, float[] Caf)> CasesOf(double milliseconds, int channels)
    {
        var cases = Decoded.Value.Where(one => one.Case.Milliseconds == milliseconds && one.Case.Channels == channels).ToArray();
        Assert.Equal(Lengths.Length, cases.Length);
        return cases;
    }

    private static (Case, float[], float[], float[])[] DecodeAll()
    {
        var cases = (from milliseconds in Milliseconds
                     from channels in new[] { 1, 2 }
                     from frames in Lengths
                     select Make(milliseconds, channels, frames)).ToArray();
        var decoded = FfmpegBatch.Decode([.. cases.SelectMany(one => one.Files)]);
        return [.. cases.Zip(decoded.Chunk(3), (one, three) => (one.Case, three[0], three[1], three[2]))];
    }

    private static (Case Case, byte[][] Files) Make(double milliseconds, int channels, int frames)
    {
        var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) };
        var options = new VoiceEncodingOptions { Channels = channels, Encoder = encoder };
        var ogg = Pcm.Encode(Signals.Voice(frames, OpusRates.Full, channels), new AudioFormat(OpusRates.Full, channels), options);
        var dump = OpusDump.Of(ogg);
        var trims = dump.Infos.Sum(info => info.Duration) - frames;
        var of = new Case(milliseconds, channels, frames, dump.Head.PreSkip, trims);
        return (of, [ogg, To(ogg, OpusContainer.WebM), To(ogg, OpusContainer.Caf)]);
    }

    private static byte[] To(byte[] ogg, OpusContainer container)
    {
        using var output = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(ogg), output, container);
        return output.ToArray();
    }

    private sealed record Case(double Milliseconds, int Channels, int Frames, int PreSkip, int Trims);
}
