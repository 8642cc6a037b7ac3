namespace VoiceKit.Waveforms;

/// <summary>Where the bars of a picture stand.</summary>
internal sealed class WaveformLayout
{
    private WaveformLayout(int width, WaveformPictureOptions options, WaveformLayoutBar[] bars)
    {
        Width = width;
        Height = options.Height;
        PlayedWidth = options.Played * width;
        Bars = bars;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Where the part that was played ends.</summary>
    public double PlayedWidth { get; }

    public WaveformLayoutBar[] Bars { get; }

    public static WaveformLayout Create(Waveform waveform, WaveformPictureOptions options)
    {
        var pitch = options.BarWidth + options.Gap;
        var count = (int)Math.Max(1, ((options.Width ?? WaveformPictureOptions.MaxWidth) + options.Gap) / pitch);
        if (options.Width is null)
            count = Math.Min(count, waveform.Count);
        var used = count * pitch - options.Gap;
        var width = options.Width ?? (int)Math.Min(Math.Ceiling(used), WaveformPictureOptions.MaxWidth);

        // Whole pixels keep the edges of bars sharp.
        var left = Math.Max(0, Math.Floor((width - used) / 2));
        var barWidth = Math.Min(options.BarWidth, width);
        var leastHeight = Math.Min(options.MinBarHeight ?? barWidth, options.Height);
        var heights = HeightsOf(waveform, Math.Min(count, Waveform.MaxCount), options.Scale);
        var bars = new WaveformLayoutBar[heights.Length];
        for (var i = 0; i < bars.Length; i++)
        {
            var height = Math.Max(heights[i] * options.Height, leastHeight);
            var radius = Math.Min(options.CornerRadius ?? double.MaxValue, Math.Min(barWidth, height) / 2);
            bars[i] = new WaveformLayoutBar(left + i * pitch, (options.Height - height) / 2, barWidth, height, radius);
        }

        return new WaveformLayout(width, options, bars);
    }

    // Bars that are drawn more often than they are there would be steps.
    private static float[] HeightsOf(Waveform waveform, int count, WaveformScale scale)
    {
        if (count <= waveform.Count)
            return waveform.WithCount(count).ToBars(scale);
        var known = waveform.ToBars(scale);
        var heights = new float[count];
        for (var i = 0; i < count; i++)
        {
            var at = Math.Clamp((i + 0.5f) * known.Length / count - 0.5f, 0, known.Length - 1);
            var (before, after) = ((int)at, Math.Min((int)at + 1, known.Length - 1));
            heights[i] = known[before] + (known[after] - known[before]) * (at - before);
        }

        return heights;
    }
}
