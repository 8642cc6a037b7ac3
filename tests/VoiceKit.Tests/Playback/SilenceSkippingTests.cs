using VoiceKit.Playback;

namespace VoiceKit.Tests.Playback;

public class SilenceSkippingTests
{
    private const int Second = 48_000;

    [Fact]
    public async Task Silence_of_2_seconds_becomes_150_ms_and_the_position_stays_right()
    {
        var message = PlayerLab.Message(Tones(1, -2, 1));
        var linear = PlayerLab.Decode(message);
        await using var lab = new PlayerLab();
        lab.Player.SkipSilence = true;
        await lab.PlayAsync(message);
        var total = lab.TakeAll().Length;
        Assert.InRange(total, 2.15 * Second - 480, 2.15 * Second + 960);
        var heard = lab.Output.Played;
        Assert.Equal(linear[..Second], heard[..Second]);
        Assert.Equal(linear[^Second..], heard[^Second..]);
        await lab.EndAsync();

        await lab.Player.PlayAsync();
        lab.Take(Second);
        Assert.Equal(TimeSpan.FromSeconds(1), lab.Player.Position);
        lab.Take(Second / 2);
        Assert.Equal(4 * Second - (total - 1.5 * Second), lab.Player.Position.TotalSeconds * Second, 1.0);
    }

    [Fact]
    public async Task Short_pauses_stay_as_they_are()
    {
        var message = PlayerLab.Message(Tones(0.5, -0.38, 0.5, -0.3, 0.5));
        await using var lab = new PlayerLab();
        lab.Player.SkipSilence = true;
        await lab.PlayAsync(message);
        Assert.Equal(PlayerLab.Decode(message), lab.TakeAll());
    }

    [Fact]
    public async Task Silence_at_either_end_is_shortened_and_the_message_ends()
    {
        var message = PlayerLab.Message(Tones(-1, 0.5, -1));
        await using var lab = new PlayerLab();
        lab.Player.SkipSilence = true;
        await lab.PlayAsync(message);
        Assert.InRange(lab.TakeAll().Length, 0.8 * Second - 480, 0.8 * Second + 1_440);
        await lab.EndAsync();
        Assert.Equal(message.Duration, lab.Player.Position);
    }

    [Fact]
    public async Task Skipping_is_switched_in_the_middle_of_silence_without_losing_the_place()
    {
        var message = PlayerLab.Message(Tones(1, -3, 1));
        var linear = PlayerLab.Decode(message);
        await using var lab = await new PlayerLab().PlayAsync(message);
        var truth = TimeSpan.Zero;
        for (var step = 0; lab.Take(4_800); step++)
        {
            lab.Player.SkipSilence = step % 3 == 1;
            Assert.True(lab.Player.Position >= truth);
            truth = lab.Player.Position;
        }

        var heard = lab.Output.Played;
        Assert.InRange(heard.Length, 2 * Second, 5 * Second - 1);
        Assert.Equal(linear[..Second], heard[..Second]);
        Assert.Equal(linear[^Second..], heard[^Second..]);
    }

    [Fact]
    public async Task Cut_in_quiet_noise_makes_no_click()
    {
        var random = new Random(5);
        var pcm = Tones(1, -2, 1)
            .Select((v, i) => v + (float)(0.003 * Math.Sin(i * 0.02) + 0.0005 * random.NextDouble())).ToArray();
        var message = PlayerLab.Message(pcm);
        var linear = PlayerLab.Decode(message);
        await using var lab = new PlayerLab();
        lab.Player.SkipSilence = true;
        await lab.PlayAsync(message);
        var heard = lab.TakeAll();
        Assert.True(heard.Length < 2.3 * Second);
        var quiet = heard[(int)(1.02 * Second)..(int)(1.13 * Second)];
        var before = linear[(int)(1.2 * Second)..(int)(2.8 * Second)];
        Assert.InRange(LargestStep(quiet), 0, LargestStep(before) * 1.5);
    }

    private static float LargestStep(float[] pcm) => Enumerable.Range(1, pcm.Length - 1).Max(i => Math.Abs(pcm[i] - pcm[i - 1]));

    // Seconds of a tone, or of silence where negative.
    private static float[] Tones(params double[] seconds) =>
    [
        .. seconds.SelectMany(length => Enumerable.Range(0, (int)(Math.Abs(length) * Second))
            .Select(i => length < 0 ? 0f : (float)(0.3 * Math.Sin(2 * Math.PI * 300 * i / Second)))),
    ];
}
