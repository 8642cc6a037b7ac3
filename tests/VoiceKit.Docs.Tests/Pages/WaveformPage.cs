using VoiceKit.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Docs.Tests.Pages;

public class WaveformPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        var message = await VoiceMessage.OpenAsync("message.opus");
        var bars = await message.GetWaveformAsync(bars: 64);
        float[] heights = bars.ToBars();                                // 0…1, as loud as ears hear it
        Console.WriteLine(bars.ToBlocks());                             // ▂▅▇▆▁▃▇█▅▂…

        Assert.Equal((64, 1), (heights.Length, heights.Max()));

        var look = new WaveformPictureOptions { Height = 64, Played = 0.5 };
        await File.WriteAllTextAsync("bars.svg", bars.ToSvg(look));
        await File.WriteAllBytesAsync("bars.png", bars.ToPng(look with { PixelDensity = 2 }));

        var (size, _) = Oracle.Run("ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "bars.png");
        Assert.Equal("636,128", size.Trim());

        byte[] telegram = bars.ToBytes(WaveformEncoding.Telegram);      // 63: 100 values of 5 bits
        byte[] whatsApp = bars.ToBytes(WaveformEncoding.WhatsApp);      // 64, each 0…100
        string discord = bars.ToText(WaveformEncoding.Discord);         // base64
        int[] matrix = bars.ToValues(WaveformEncoding.MatrixV1);        // 0…1024
        byte[] json = AudioWaveformFile.FromWaveform(bars).ToJson();    // audiowaveform, peaks.js

        Assert.Equal((63, 64), (telegram.Length, whatsApp.Length));
        Assert.InRange(Convert.FromBase64String(discord).Length, 1, 256);
        Assert.InRange(matrix.Length, 30, 120);
        Assert.Equal(64, AudioWaveformFile.ParseJson(json).Length);
        Assert.Equal(100, Waveform.FromBytes(telegram, WaveformEncoding.Telegram, message.Duration).ToBars().Length);
    }

    [Fact]
    public async Task Examples_of_anything_work()
    {
        using (var stream = File.OpenRead("message.opus"))
        {
            var drawn = Waveform.FromOpus(stream, bars: 400, maxDegreeOfParallelism: -1);
            Console.WriteLine(drawn.Duration);
        }

        var blocks = Enumerable.Range(0, 96_000).Select(i => MathF.Sin(i / 17f) * i / 96_000).Chunk(4800);  // a tone that grows
        var builder = new WaveformBuilder(new AudioFormat(48_000, 1));
        foreach (var block in blocks)
            builder.Add(block);
        var live = builder.Build(64);

        Assert.Equal(TimeSpan.FromSeconds(2), live.Duration);
        Assert.Equal(live.ToBars().Max(), live.ToBars()[^1]);
        await Task.CompletedTask;
    }
}
