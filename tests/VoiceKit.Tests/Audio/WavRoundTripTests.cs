using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class WavRoundTripTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_121, 41);

    public sealed record Plan(
        WavSampleFormat Format,
        int Channels,
        int Frames,
        int WriteFrames,
        int ReadFloats,
        bool CanSeek,
        bool IsCounted,
        int Seed);

    [Fact]
    public void What_is_written_is_read_in_any_portions()
    {
        Gen<Plan> plans =
            from format in Gen.Elements(Enum.GetValues<WavSampleFormat>())
            from channels in Gen.Choose(1, 8)
            from frames in Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, 20_000))
            from writeFrames in Gen.OneOf(Gen.Choose(1, 17), Gen.Choose(1, 5000))
            from readFloats in Gen.OneOf(Gen.Choose(channels, channels + 17), Gen.Choose(channels, 40_000))
            from canSeek in Gen.Elements(true, false)
            from isCounted in Gen.Elements(true, false)
            from seed in Gen.Choose(0, int.MaxValue)
            select new Plan(format, channels, frames, writeFrames, readFloats, canSeek, isCounted, seed);
        Check.One(s_config, Prop.ForAll(plans.ToArbitrary(), RoundTrips));
    }

    private static bool RoundTrips(Plan plan)
    {
        float[] samples = WavTools.Noise(plan.Frames * plan.Channels, plan.Seed);
        byte[] wav = Write(plan, samples);
        float[] expected = Array.ConvertAll(samples, sample => Stored(sample, plan.Format));

        using var reader = new WavReader(Wrap(new MemoryStream(wav), plan.CanSeek));
        Assert.Equal(new AudioFormat(22_050, plan.Channels), reader.Format);
        Assert.Equal(plan.CanSeek || plan.IsCounted ? plan.Frames : null, reader.FrameCount);
        WavTools.AssertSame(expected, WavTools.ReadAll(reader, plan.ReadFloats));
        Assert.Equal(plan.Frames, reader.FrameCount);
        Assert.False(reader.IsTruncated);
        return true;
    }

    private static byte[] Write(Plan plan, float[] samples)
    {
        using var output = new MemoryStream();
        var format = new AudioFormat(22_050, plan.Channels);
        long? count = plan.IsCounted ? plan.Frames : null;
        using (var writer = new WavWriter(Wrap(output, plan.CanSeek), format, plan.Format, count, leaveOpen: true))
        {
            foreach (float[] portion in samples.Chunk(plan.WriteFrames * plan.Channels))
                writer.Write(portion);
            writer.Complete();
            Assert.Equal(plan.Frames, writer.FramesWritten);
        }
        return output.ToArray();
    }

    private static Stream Wrap(Stream stream, bool canSeek) => canSeek ? stream : new WavTrickleStream(stream);

    /// <summary>What a sample comes back as: the nearest step. A float times a power of two is exact in double.</summary>
    private static float Stored(float sample, WavSampleFormat format)
    {
        if (format == WavSampleFormat.Float32)
            return sample;
        double fullScale = format switch
        {
            WavSampleFormat.Pcm8 => 1 << 7,
            WavSampleFormat.Pcm16 => 1 << 15,
            WavSampleFormat.Pcm24 => 1 << 23,
            _ => 1L << 31,
        };
        double step = Math.Round(sample * fullScale, MidpointRounding.ToEven);
        return (float)(Math.Clamp(step, -fullScale, fullScale - 1) / fullScale) + 0f; // integers know no -0
    }
}
