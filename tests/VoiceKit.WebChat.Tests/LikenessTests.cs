using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

public class LikenessTests
{
    private static readonly float[] Stretch = Chromium.Voice.AsSpan(48_000, 5 * 48_000).ToArray();

    [Fact]
    public void Sound_that_lost_some_samples_is_alike_and_another_is_not()
    {
        Assert.InRange(Likeness.Of(Stretch, Chromium.Voice), 0.999, 1);

        // Once a second a buffer of 10 ms is gone.
        var holey = Stretch.Where((_, i) => i % 48_000 is < 24_000 or >= 24_480).ToArray();
        Assert.InRange(Likeness.Of(holey, Chromium.Voice), 0.9, 1);
        Assert.InRange(Likeness.Of([.. Enumerable.Reverse(Stretch)], Chromium.Voice), 0, 0.8);
    }
}
