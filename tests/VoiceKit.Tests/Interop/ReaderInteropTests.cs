using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Files by libopusenc, decoded at other rates, in other pieces and with losses.</summary>
public class ReaderInteropTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(12_000)]
    [InlineData(16_000)]
    [InlineData(24_000)]
    public void Lower_rates_give_the_same_sound_in_the_right_length(int rate)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        LibOpusEnc.Encode(path, Signals.Voice(100_001), 1);
        var full = Decode(path, 48_000);
        var low = Decode(path, rate);
        var factor = 48_000 / rate;
        Assert.Equal((full.Length + factor - 1) / factor, low.Length);

        // The test signal has its energy below 2 kHz, so every rate holds it; filters delay a little.
        double error = 0, energy = 0;
        for (var i = 0; i < low.Length; i++)
        {
            energy += full[i * factor] * full[i * factor];
            error += Math.Pow(full[i * factor] - low[i], 2);
        }

        Assert.True(error < 0.05 * energy, $"{error / energy}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(960)]
    [InlineData(100_000)]
    public void Size_of_reads_never_matters(int size)
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        LibOpusEnc.Encode(path, Signals.Voice(30_001), 1);
        Assert.Equal(Decode(path, 48_000, 5760), Decode(path, 48_000, size));
    }

    [Fact]
    public void Channels_are_mixed_on_demand()
    {
        using var folder = new TemporaryFolder();
        LibOpusEnc.Encode(folder["2.opus"], Signals.Voice(20_000, 48_000, 2), 2);
        using var mono = new OpusAudioReader(File.OpenRead(folder["2.opus"]), LibOpusCodec.Default, channels: 1);
        Assert.Equal(new AudioFormat(48_000, 1), mono.Format);
        Assert.Equal(20_000, ReadAll(mono, 4096).Length);
    }

    [Fact]
    public void Lost_page_is_concealed_for_its_time_and_the_rest_is_untouched()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.opus"];
        LibOpusEnc.Encode(path, Signals.Voice(48_000 * 5), 1);
        var whole = Decode(path, 48_000);

        var pages = Pages(File.ReadAllBytes(path));
        pages.RemoveAt(4);
        File.WriteAllBytes(path, [.. pages.SelectMany(page => page)]);
        var healed = Decode(path, 48_000);
        Assert.Equal(whole.Length, healed.Length);
        Assert.Equal(whole[..(2 * 48_000 - 312)], healed[..(2 * 48_000 - 312)]);

        // Half a second behind the hole the decoder has found its way back.
        var from = 3 * 48_000 + 24_000;
        var error = Enumerable.Range(from, 24_000).Sum(i => Math.Pow(whole[i] - healed[i], 2));
        Assert.True(error < 1e-3 * Enumerable.Range(from, 24_000).Sum(i => Math.Pow(whole[i], 2)));
    }

    [Fact]
    public void Decoding_allocates_nothing_per_packet()
    {
        using var folder = new TemporaryFolder();
        LibOpusEnc.Encode(folder["a.opus"], Signals.Voice(48_000 * 8), 1);
        using var reader = new OpusAudioReader(new MemoryStream(File.ReadAllBytes(folder["a.opus"])), LibOpusCodec.Default);
        var pcm = new float[1024];
        for (var i = 0; i < 50; i++)
            reader.Read(pcm);
        // 8 s in packets of 20 ms, but for what was read already.
        AllocationBudget.Hold("decode", packets: 8 * 50 - 54, () =>
        {
            while (reader.Read(pcm) > 0)
            {
            }
        });
    }

    [Fact]
    public void Encoding_allocates_nothing_per_packet()
    {
        using var writer = new OpusAudioWriter(new MemoryStream(1 << 20), LibOpusCodec.Default);
        var pcm = Signals.Voice(1000);
        for (var i = 0; i < 200; i++)
            writer.Write(pcm);
        AllocationBudget.Hold("encode", packets: 300 * 1000 / 960, () =>
        {
            for (var i = 0; i < 300; i++)
                writer.Write(pcm);
        });
    }

    private static float[] Decode(string path, int rate, int size = 4096)
    {
        using var reader = new OpusAudioReader(File.OpenRead(path), LibOpusCodec.Default, rate);
        return ReadAll(reader, size * reader.Format.Channels);
    }

    private static float[] ReadAll(OpusAudioReader reader, int size)
    {
        var all = new List<float>();
        var buffer = new float[size];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer[..count]);
        return [.. all];
    }

    private static List<byte[]> Pages(byte[] data)
    {
        var pages = new List<byte[]>();
        while (data.Length > 0)
        {
            OggPage.Read(data, out var page);
            pages.Add(page.Data.ToArray());
            data = data[page.Data.Length..];
        }

        return pages;
    }
}
