namespace VoiceKit.Opus;

/// <summary>
/// The matrices that make stereo of surround (RFC 7845 §5.1.1.5), and mono by taking the mean of its two sides.
/// </summary>
internal static class OpusDownmix
{
    private const float Direct = 1;
    private const float Centre = 0.70710678f; // 1 / √2
    private const float Near = 0.8660254f; // √3 / 2
    private const float Far = 0.5f;
    private const float BackCentre = Near * Centre;

    // The left side's weights for the channels of family 1, in Vorbis order (§5.1.1.2); the right side's are their mirror image.
    private static readonly float[][] LeftWeights =
    [
        [1],
        [Direct, 0],
        [Direct, Centre, 0],
        [Direct, 0, Near, Far],
        [Direct, Centre, 0, Near, Far],
        [Direct, Centre, 0, Near, Far, Centre],
        [Direct, Centre, 0, Near, Far, BackCentre, Centre],
        [Direct, Centre, 0, Near, Far, Near, Far, Centre],
    ];

    /// <summary>The weight of each channel in each channel of the mix.</summary>
    /// <param name="channels">1…8.</param>
    /// <param name="outputChannels">1 or 2.</param>
    /// <returns>One row for each output channel.</returns>
    public static float[][] Matrix(int channels, int outputChannels)
    {
        var weights = LeftWeights[channels - 1];

        // Figures 4 to 9: rows add up to 1 with three or four channels, to 2 with more.
        var scale = (channels > 4 ? 2 : 1) / weights.Sum();
        float[] left = [.. weights.Select(weight => weight * scale)];
        float[] right = [.. Enumerable.Range(0, channels).Select(channel => left[MirrorOf(channel, channels)])];
        return outputChannels == 2 ? [left, right] : [[.. left.Zip(right, (a, b) => (a + b) / 2)]];
    }

    // Fronts stand around the centre where there is one; pairs behind them follow each other; centres and LFE mirror themselves.
    private static int MirrorOf(int channel, int channels) => (channels, channel) switch
    {
        (1, _) => 0,
        (2, _) => 1 - channel,
        (4, _) => channel ^ 1,
        (_, 0 or 2) => 2 - channel,
        (5 or 6 or 7, 3 or 4) => 7 - channel,
        (8, 3 or 4) => 7 - channel,
        (8, 5 or 6) => 11 - channel,
        _ => channel,
    };
}
