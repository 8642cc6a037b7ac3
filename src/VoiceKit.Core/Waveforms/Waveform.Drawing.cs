namespace VoiceKit.Waveforms;

public sealed partial class Waveform
{
    private const double PerceptualRange = 45;

    // −35 dBFS.
    private const double LeastReference = 0.017782794100389229;

    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Gives the height of each bar.</summary>
    /// <param name="scale">How a level becomes a height.</param>
    /// <returns><see cref="Count"/> heights in 0…1, never NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The scale is none of the named ones.</exception>
    public float[] ToBars(WaveformScale scale = WaveformScale.Perceptual) => scale switch
    {
        WaveformScale.Perceptual => PerceptualHeights(),
        WaveformScale.Linear => Array.ConvertAll(_peaks, peak => Math.Min(peak, 1)),
        WaveformScale.Normalized => NormalizedHeights(),
        _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "There is no such scale."),
    };

    /// <summary>
    /// Draws the bars as one line of text, one of the block characters ▁▂▃▄▅▆▇█ for each bar; silence is a line of ▁.
    /// </summary>
    /// <param name="width">The number of characters, 1…<see cref="MaxCount"/>; null for <see cref="Count"/>.</param>
    /// <param name="scale">How a level becomes a height.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of its range, or there is no such scale.</exception>
    public string ToBlocks(int? width = null, WaveformScale scale = WaveformScale.Perceptual)
    {
        if (width is { } count)
            CheckCount(count, nameof(width));
        var waveform = width is { } other && other != Count ? Resample(other) : this;
        return string.Create(waveform.Count, waveform.ToBars(scale), static (line, heights) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = Blocks[Math.Min((int)(heights[i] * Blocks.Length), Blocks.Length - 1)];
        });
    }

    /// <summary>Draws the bars as a vector picture: SVG 1.1, to be written as UTF-8 or put into a page as it is.</summary>
    /// <param name="options">How it looks; null for <see cref="WaveformPictureOptions.Light"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The options' scale is no member of the enumeration.</exception>
    public string ToSvg(WaveformPictureOptions? options = null)
    {
        options ??= WaveformPictureOptions.Light;
        return WaveformSvg.Write(WaveformLayout.Create(this, options), options, Duration);
    }

    /// <summary>Draws the bars as PNG: 8-bit RGBA, with smooth edges.</summary>
    /// <param name="options">How it looks; null for <see cref="WaveformPictureOptions.Light"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The options' scale is no member of the enumeration.</exception>
    public byte[] ToPng(WaveformPictureOptions? options = null)
    {
        options ??= WaveformPictureOptions.Light;
        return WaveformPng.Write(WaveformLayout.Create(this, options), options);
    }

    /// <summary>The height of one bar; see <see cref="WaveformScale.Perceptual"/>.</summary>
    internal static float PerceptualHeight(float rms, float highest)
    {
        var height = 1 + 20 * Math.Log10(rms / Math.Max(highest, LeastReference)) / PerceptualRange;
        return height > 0 ? (float)Math.Min(1, height * height) : 0;
    }

    private float[] PerceptualHeights()
    {
        var highest = LoudestRms();
        return Array.ConvertAll(_rms, rms => PerceptualHeight(rms, highest));
    }

    private float[] NormalizedHeights()
    {
        var highest = Highest(_peaks);
        return highest > 0 ? Array.ConvertAll(_peaks, peak => peak / highest) : new float[Count];
    }
}
