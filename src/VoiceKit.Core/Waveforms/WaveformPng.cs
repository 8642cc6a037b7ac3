using System.Drawing;

namespace VoiceKit.Waveforms;

/// <summary>Draws a picture as PNG, row by row, with smooth edges.</summary>
internal sealed class WaveformPng
{
    private readonly WaveformPictureOptions _options;
    private readonly WaveformLayoutBar[] _bars;
    private readonly double _played;
    private readonly Color _background;
    private readonly byte[] _row;

    private WaveformPng(WaveformLayout layout, WaveformPictureOptions options)
    {
        var density = options.PixelDensity;
        _options = options;
        _bars = Array.ConvertAll(layout.Bars, bar => bar.Scaled(density));
        _played = layout.PlayedWidth * density;
        _row = new byte[4 * layout.Width * density];

        // What is transparent has the colour of the bars: a viewer that scales the picture mixes it into their edges.
        _background = options.Background.A > 0 ? options.Background : Color.FromArgb(0, options.BarColor);
    }

    public static byte[] Write(WaveformLayout layout, WaveformPictureOptions options)
    {
        var height = layout.Height * options.PixelDensity;
        var painter = new WaveformPng(layout, options);
        using var file = new MemoryStream();
        using (var png = new PngWriter(file, layout.Width * options.PixelDensity, height))
        {
            for (var y = 0; y < height; y++)
                png.WriteRow(painter.Paint(y));
        }

        return file.ToArray();
    }

    private byte[] Paint(int y)
    {
        for (var at = 0; at < _row.Length; at += 4)
            Set(at, _background);
        foreach (var bar in _bars)
        {
            if (y + 1 <= bar.Y || y >= bar.Y + bar.Height)
                continue;
            var end = Math.Min((int)Math.Ceiling(bar.X + bar.Width), _row.Length / 4);
            for (var x = (int)bar.X; x < end; x++)
                Blend(4 * x, ColorAt(x), bar.CoverageAt(x, y));
        }

        return _row;
    }

    private Color ColorAt(int x)
    {
        var played = Math.Clamp(_played - x, 0, 1);
        return played == 0 ? _options.BarColor
            : played == 1 ? _options.PlayedColor
            : Mix(_options.BarColor, _options.PlayedColor, played);
    }

    // Over what is there, which bars without gaps between them may have covered in part.
    private void Blend(int at, Color color, double coverage)
    {
        var top = coverage * color.A / 255;
        var below = _row[at + 3] / 255.0 * (1 - top);
        var alpha = top + below;
        if (alpha == 0)
            return;
        _row[at] = (byte)Math.Round((color.R * top + _row[at] * below) / alpha);
        _row[at + 1] = (byte)Math.Round((color.G * top + _row[at + 1] * below) / alpha);
        _row[at + 2] = (byte)Math.Round((color.B * top + _row[at + 2] * below) / alpha);
        _row[at + 3] = (byte)Math.Round(255 * alpha);
    }

    private void Set(int at, Color color) =>
        (_row[at], _row[at + 1], _row[at + 2], _row[at + 3]) = (color.R, color.G, color.B, color.A);

    private static Color Mix(Color one, Color other, double share)
    {
        return Color.FromArgb(Part(one.A, other.A), Part(one.R, other.R), Part(one.G, other.G), Part(one.B, other.B));

        int Part(int from, int to) => (int)Math.Round(from + (to - from) * share);
    }
}
