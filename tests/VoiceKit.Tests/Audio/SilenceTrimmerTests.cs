using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

public class SilenceTrimmerTests
{
    private const int Rate = 16_000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.001, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0, 0.3)]
    [InlineData(0.003, -0.1)]
    public void The_sound_is_found_to_10_ms_whatever_noise_and_offset_there_is(double noise, double offset)
    {
        var pcm = Recording(before: 20_000, sound: 32_000, after: 30_000, noise, offset);
        var (start, end) = Find(pcm);
        Assert.InRange(start, 20_000 - 2400 - 160, 20_000 - 2400 + 160);
        Assert.InRange(end, 52_000 + 4000 - 320, 52_000 + 4000 + 320);
    }

    [Fact]
    public void A_click_is_no_sound()
    {
        var pcm = Recording(before: 20_000, sound: 32_000, after: 30_000, 0.001, 0);
        pcm.AsSpan(3000, 100).Fill(0.9f);
        pcm.AsSpan(78_000, 100).Fill(-0.9f);
        var (start, end) = Find(pcm);
        Assert.InRange(start, 17_000, 18_000);
        Assert.InRange(end, 55_000, 57_000);
    }

    [Fact]
    public void Where_there_is_no_silence_or_nothing_else_all_stays()
    {
        Assert.Equal((0, 32_000), Find(Recording(0, 32_000, 0, 0, 0)));
        Assert.Equal((0, 32_000), Find(Recording(0, 0, 32_000, 0.02, 0)));
        Assert.Equal((0, 32_000), Find(new float[32_000]));
        Assert.Equal((0, 0), Find([]));
        Assert.Equal((0, 100), Find(new float[100]));
        Assert.Equal((0, 33_000), Find(Recording(1000, 32_000, 0, 0, 0)));
    }

    [Fact]
    public void What_is_kept_can_be_chosen_and_allocates_nothing_while_listening()
    {
        var trimmer = new SilenceTrimmer(new AudioFormat(Rate, 2))
        {
            KeepBefore = TimeSpan.Zero,
            KeepAfter = TimeSpan.FromSeconds(1),
        };
        float[] stereo = [.. Recording(20_000, 32_000, 30_000, 0, 0).SelectMany(sample => new[] { 0, sample })];
        trimmer.Add(stereo.AsSpan(0, 30_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        trimmer.Add(stereo.AsSpan(30_000));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        var (start, end) = trimmer.Find();
        Assert.InRange(start, 20_000 - 160, 20_160);
        Assert.InRange(end, 52_000 + 16_000 - 320, 52_000 + 16_320);
        Assert.Equal(82_000, trimmer.FrameCount);
    }

    private static (long Start, long End) Find(float[] pcm)
    {
        var trimmer = new SilenceTrimmer(new AudioFormat(Rate, 1));
        trimmer.Add(pcm);
        return trimmer.Find();
    }

    private static float[] Recording(int before, int sound, int after, double noise, double offset)
    {
        var random = new Random(5);
        var pcm = new float[before + sound + after];
        for (var i = 0; i < pcm.Length; i++)
        {
            var isSound = i >= before && i < before + sound;
            var tone = isSound ? 0.3 * Math.Sin(i * 0.1) : 0;
            pcm[i] = (float)(tone + offset + noise * (2 * random.NextDouble() - 1));
        }

        return pcm;
    }
}
