using System.Drawing;

namespace VoiceKit.Waveforms;

/// <summary>How a picture of a waveform looks. Lengths are in pixels, or in the user units of an SVG.</summary>
public sealed record WaveformPictureOptions
{
    /// <summary>The greatest width.</summary>
    public const int MaxWidth = 16_384;

    /// <summary>The greatest height.</summary>
    public const int MaxHeight = 4096;

    /// <summary>Colours for a light background: grey bars, blue where played.</summary>
    public static WaveformPictureOptions Light { get; } = new();

    /// <summary>Colours for a dark background: grey bars, light blue where played.</summary>
    public static WaveformPictureOptions Dark { get; } = new()
    {
        BarColor = Color.FromArgb(0x6B, 0x77, 0x85),
        PlayedColor = Color.FromArgb(0x6C, 0xB6, 0xFF),
    };

    /// <summary>The width.</summary>
    /// <value>
    /// 1…<see cref="MaxWidth"/>, with as many bars as fit in; null, the default, for as wide as all bars are, but not wider
    /// than that.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? Width
    {
        get;
        init => field = value is null ? null : (int)Checked(value.Value, 1, MaxWidth);
    }

    /// <summary>The height, which the highest bar fills.</summary>
    /// <value>1…<see cref="MaxHeight"/>; 48 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Height
    {
        get;
        init => field = (int)Checked(value, 1, MaxHeight);
    } = 48;

    /// <summary>The width of a bar.</summary>
    /// <value>0.5…1000; 3 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double BarWidth
    {
        get;
        init => field = Checked(value, 0.5, 1000);
    } = 3;

    /// <summary>What is between two bars.</summary>
    /// <value>0…1000; 2 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double Gap
    {
        get;
        init => field = Checked(value, 0, 1000);
    } = 2;

    /// <summary>The radius of a bar's corners.</summary>
    /// <value>0…1000; null, the default, for ends that are half circles. Never more than half a bar's width or height.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? CornerRadius
    {
        get;
        init => field = value is null ? null : Checked(value.Value, 0, 1000);
    }

    /// <summary>The least height of a bar: silence is a row of dots.</summary>
    /// <value>0…<see cref="MaxHeight"/>; null, the default, for the width of a bar.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? MinBarHeight
    {
        get;
        init => field = value is null ? null : Checked(value.Value, 0, MaxHeight);
    }

    /// <summary>The colour of bars that were not played.</summary>
    public Color BarColor { get; init; } = Color.FromArgb(0xA7, 0xB1, 0xBD);

    /// <summary>The colour of bars that were played.</summary>
    public Color PlayedColor { get; init; } = Color.FromArgb(0x1F, 0x7A, 0xE0);

    /// <summary>The colour behind the bars.</summary>
    /// <value>Transparent by default.</value>
    public Color Background { get; init; } = Color.Transparent;

    /// <summary>How much of the width was played; a bar may be played in part.</summary>
    /// <value>0…1; 0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double Played
    {
        get;
        init => field = Checked(value, 0, 1);
    }

    /// <summary>How a level becomes the height of a bar.</summary>
    /// <value><see cref="WaveformScale.Perceptual"/> by default.</value>
    public WaveformScale Scale { get; init; } = WaveformScale.Perceptual;

    /// <summary>How many pixels of a PNG there are to each pixel of the lengths here: 2 or 3 for fine displays.</summary>
    /// <value>1…4; 1 by default. No matter for SVG.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int PixelDensity
    {
        get;
        init => field = (int)Checked(value, 1, 4);
    } = 1;

    // NaN is in no range.
    private static double Checked(double value, double min, double max) => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The value must be in {min}…{max}.");
}
