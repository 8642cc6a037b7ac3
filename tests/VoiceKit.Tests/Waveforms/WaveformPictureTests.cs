using System.Drawing;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;

namespace VoiceKit.Tests.Waveforms;

public class WaveformPictureTests
{
    private static readonly Waveform Speech = Draw(Scale(WanderingNoise(48_000 * 8, seed: 4), -3), 48, Mono48);

    private static readonly WaveformPictureOptions Square = new()
    {
        BarWidth = 2, Gap = 1, Height = 8, CornerRadius = 0, MinBarHeight = 2, Scale = WaveformScale.Linear,
        BarColor = Color.FromArgb(200, 10, 20, 30), PlayedColor = Color.FromArgb(40, 50, 60),
    };

    [Fact]
    public void A_png_is_what_was_drawn()
    {
        // Heights 8, 4 and the least, 2; the middle bar is played to its half.
        var pixels = Decode(Waveform.FromLevels([1, 0.5f, 0]).ToPng(Square with { Played = 0.5 }), out var width, out var height);
        Assert.Equal((8, 8), (width, height));
        string[] expected = ["PP......", "PP......", "PP.PB...", "PP.PB.BB", "PP.PB.BB", "PP.PB...", "PP......", "PP......"];
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                var color = expected[y][x] switch { 'P' => Square.PlayedColor, 'B' => Square.BarColor, _ => Color.FromArgb(
                    0, Square.BarColor) };
                Assert.Equal((color.R, color.G, color.B, color.A), pixels[y * 8 + x]);
            }
        }
    }

    [Fact]
    public void A_background_shows_through_bars()
    {
        var options = Square with { Background = Color.White, BarColor = Color.FromArgb(51, 0, 0, 0) };
        var pixels = Decode(Waveform.FromLevels([1, 0]).ToPng(options), out var width, out _);
        Assert.Equal((byte)204, pixels[0].R);
        Assert.Equal(((byte)255, (byte)255, (byte)255, (byte)255), pixels[width - 1]);
    }

    [Fact]
    public void Round_bars_cover_their_area()
    {
        var options = new WaveformPictureOptions { BarWidth = 7, Gap = 0, Height = 31, BarColor = Color.Black };
        var pixels = Decode(Waveform.FromLevels([1]).ToPng(options), out _, out _);
        var area = pixels.Sum(pixel => pixel.A / 255.0);
        Assert.Equal(24 * 7 + Math.PI * 3.5 * 3.5, area, 1.0);
        Assert.Contains(pixels, pixel => pixel.A is > 0 and < 255);
    }

    [Fact]
    public void The_icon_of_the_packages_is_drawn_by_this_code()
    {
        var options = new WaveformPictureOptions
        {
            Width = 128, Height = 128, BarWidth = 12, Gap = 8, Scale = WaveformScale.Linear, Played = 0.5,
            Background = Color.FromArgb(0x15, 0x55, 0xA8), PlayedColor = Color.White, BarColor = Color.FromArgb(0x7F, 0xB4, 0xF0),
        };
        var drawn = Waveform.FromLevels([0.2f, 0.45f, 0.75f, 0.55f, 0.35f, 0.15f]).ToPng(options);

        // Of another zlib the bytes may differ, the picture may not.
        var icon = Decode(File.ReadAllBytes(SourceTree.PathOf("eng/icon.png")), out var width, out var height);
        Assert.Equal((128, 128), (width, height));
        Assert.Equal(Decode(drawn, out _, out _), icon);
    }

    [Theory]
    [InlineData(null, 1, 48 * 5 - 2)]
    [InlineData(null, 3, 48 * 5 - 2)]
    [InlineData(100, 2, 100)]
    [InlineData(1, 1, 1)]
    [InlineData(700, 1, 700)]
    public void Width_and_density_are_as_asked_for(int? width, int density, int expected)
    {
        var options = WaveformPictureOptions.Dark with { Width = width, PixelDensity = density };
        Decode(Speech.ToPng(options), out var pixelWidth, out var pixelHeight);
        Assert.Equal((expected * density, 48 * density), (pixelWidth, pixelHeight));
        Assert.Equal(
            expected.ToString(CultureInfo.InvariantCulture),
            XDocument.Parse(Speech.ToSvg(options)).Root!.Attribute("width")!.Value);
    }

    [Fact]
    public void Many_bars_are_drawn_no_wider_than_the_limit()
    {
        var many = Waveform.FromLevels(new float[Waveform.MaxCount]);
        Decode(many.ToPng(Square), out var width, out _);
        Assert.InRange(width, WaveformPictureOptions.MaxWidth - 3, WaveformPictureOptions.MaxWidth);
    }

    [Fact]
    public void Silence_is_a_row_of_dots()
    {
        var pixels = Decode(Draw([], 20, Mono48).ToPng(), out var width, out _);
        Assert.Equal(20, Enumerable.Range(0, width).Count(x => x % 5 == 1 && pixels[24 * width + x].A == 255));
        Assert.All(pixels.Take(22 * width), pixel => Assert.Equal(0, pixel.A));
    }

    [Fact]
    public void An_svg_is_a_bar_for_each_level_in_any_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
            var svg = XDocument.Parse(
                Speech.ToSvg(new WaveformPictureOptions { BarWidth = 2.5, Background = Color.FromArgb(128, Color.Red) }));
            XNamespace ns = "http://www.w3.org/2000/svg";
            var path = Assert.Single(svg.Descendants(ns + "path")).Attribute("d")!.Value;
            Assert.Equal(48, path.Count(c => c == 'M'));
            Assert.DoesNotContain(',', path);
            Assert.Equal("0.502", Assert.Single(svg.Descendants(ns + "rect")).Attribute("fill-opacity")!.Value);
            Assert.Equal("Voice message, 0:08", svg.Root!.Attribute("aria-label")!.Value);
            Assert.DoesNotContain(svg.Descendants(), element => element.Attribute("id") is not null);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_browser_draws_the_svg_like_the_png()
    {
        using var folder = new TemporaryFolder();
        var options = WaveformPictureOptions.Light with { Played = 0.37, Background = Color.White };
        var svg = Path.Combine(folder.Path, "bars.svg");
        File.WriteAllText(svg, Speech.ToSvg(options));
        var shot = Path.Combine(folder.Path, "bars.png");
        Oracle.Run(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            $"--user-data-dir={folder.Path}/profile",
            $"--screenshot={shot}", "--window-size=238,400", new Uri(svg).AbsoluteUri);
        var drawn = Decode(File.ReadAllBytes(shot), out var width, out _);
        var expected = Decode(Speech.ToPng(options), out var expectedWidth, out var height);
        Assert.Equal(expectedWidth, width);
        var differences = Enumerable.Range(0, width * height).Select(i => Math.Abs(drawn[i].R - expected[i].R)).ToArray();
        Assert.InRange(differences.Average(), 0, 1.5);
        Assert.InRange(differences.Count(difference => difference > 60), 0, width * height / 200);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { Width = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { Width = 20_000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { Height = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { BarWidth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { Gap = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { Played = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { Played = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveformPictureOptions { PixelDensity = 5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Speech.ToPng(new WaveformPictureOptions { Scale = (WaveformScale)9 }));
    }

    private static (byte R, byte G, byte B, byte A)[] Decode(byte[] png, out int width, out int height)
    {
        var (size, _) = Oracle.RunPiped(
            "ffprobe", png, "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "-");
        var numbers = Encoding.ASCII.GetString(size).Trim().Split(',');
        (width, height) = (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(
            numbers[1], CultureInfo.InvariantCulture));
        var (raw, error) = Oracle.RunPiped(
            "ffmpeg", png, "-v", "warning", "-f", "png_pipe", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgba", "-");
        Assert.Equal("", error);
        Assert.Equal(4 * width * height, raw.Length);
        return [.. raw.Chunk(4).Select(pixel => (pixel[0], pixel[1], pixel[2], pixel[3]))];
    }
}
