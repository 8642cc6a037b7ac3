using VoiceKit.Decoding.Tests.Support;
using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests;

/// <summary>How well lost speech is made up for, beside libopus.</summary>
public class ConcealmentTests
{
    private const int FrameSize = 960;
    private const int Bands = 40;

    /// <summary>What may be the luck of one loss or another, in dB.</summary>
    private const double Tolerance = 0.1;

    /// <summary>A cosine and a sine for each band, under a window.</summary>
    private static readonly double[] Waves = MakeWaves();

    [Theory]
    [InlineData(12_000, 0.1)]
    [InlineData(12_000, 0.3)]
    [InlineData(24_000, 0.1)]
    [InlineData(24_000, 0.3)]
    [InlineData(64_000, 0.1)]
    [InlineData(64_000, 0.3)]
    public void Lost_speech_is_as_near_to_what_was_lost_as_with_libopus(int bitrate, double rate)
    {
        var packets = Encode(bitrate);
        var random = new Random(5);
        var lost = packets.Select(_ => random.NextDouble() < rate).ToArray();
        using var ours = ManagedOpusCodec.Default.CreateDecoder(OpusRates.Full, 1);
        using var theirs = LibOpusCodec.Default.CreateDecoder(OpusRates.Full, 1);
        var whole = Decode(ManagedOpusCodec.Default, packets);
        var (ourDistance, theirDistance, count) = (0.0, 0.0, 0);
        var pcm = new float[FrameSize];
        for (var i = 0; i < packets.Count; i++)
        {
            var original = whole.AsSpan(i * FrameSize, FrameSize);
            var isCounted = lost[i] && Power(original) > 1e-6;
            Play(ours, packets[i], lost[i], pcm);
            if (isCounted)
                ourDistance += Distance(original, pcm);
            Play(theirs, packets[i], lost[i], pcm);
            if (isCounted)
                theirDistance += Distance(original, pcm);
            count += isCounted ? 1 : 0;
        }

        Assert.InRange(count, 20, packets.Count);
        Assert.InRange(ourDistance / count, 0, theirDistance / count + Tolerance);
    }

    [Fact]
    public void A_long_loss_falls_as_silent_as_with_libopus()
    {
        foreach (var bitrate in new[] { 12_000, 24_000, 64_000 })
        {
            var packets = Encode(bitrate).Take(60).ToList();
            var most = 1.1 * PowerAfterLoss(LibOpusCodec.Default, packets) + 1e-9;
            Assert.InRange(PowerAfterLoss(ManagedOpusCodec.Default, packets), 0, most);
        }
    }

    private static double PowerAfterLoss(IOpusDecoderFactory codec, List<byte[]> packets)
    {
        using var decoder = codec.CreateDecoder(OpusRates.Full, 1);
        var pcm = new float[FrameSize];
        foreach (var packet in packets)
            decoder.Decode(packet, pcm);
        for (var i = 0; i < 100; i++)
            decoder.Conceal(pcm);
        return Power(pcm);
    }

    private static void Play(IOpusDecoder decoder, byte[] packet, bool isLost, float[] pcm)
    {
        if (isLost)
            decoder.Conceal(pcm);
        else
            decoder.Decode(packet, pcm);
    }

    private static List<byte[]> Encode(int bitrate)
    {
        var options = new OpusEncoderOptions
        {
            Bitrate = bitrate, Application = bitrate < 48_000 ? OpusApplication.Voip : OpusApplication.RestrictedLowDelay,
        };
        using var encoder = LibOpusCodec.Default.CreateEncoder(options);
        var buffer = new byte[OpusPacket.MaxEncodedSize];
        return [.. Speech.Samples.Chunk(FrameSize).Where(frame => frame.Length == FrameSize)
            .Select(frame => buffer[..encoder.Encode(frame, buffer)])];
    }

    private static float[] Decode(IOpusDecoderFactory codec, List<byte[]> packets)
    {
        using var decoder = codec.CreateDecoder(OpusRates.Full, 1);
        var pcm = new float[packets.Count * FrameSize];
        for (var i = 0; i < packets.Count; i++)
            decoder.Decode(packets[i], pcm.AsSpan(i * FrameSize, FrameSize));
        return pcm;
    }

    private static double Power(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return sum / samples.Length;
    }

    /// <summary>The root of the mean square difference of two spectra in dB, from 100 Hz to 7 kHz.</summary>
    private static double Distance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = 0.0;
        for (var band = 0; band < Bands; band++)
        {
            var difference = Level(left, band) - Level(right, band);
            sum += difference * difference;
        }

        return Math.Sqrt(sum / Bands);
    }

    private static double Level(ReadOnlySpan<float> samples, int band)
    {
        var cosines = Waves.AsSpan(2 * band * FrameSize, FrameSize);
        var sines = Waves.AsSpan((2 * band + 1) * FrameSize, FrameSize);
        var (real, imaginary) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            real += samples[i] * cosines[i];
            imaginary += samples[i] * sines[i];
        }

        return 10 * Math.Log10((real * real + imaginary * imaginary) / samples.Length + 1e-9);
    }

    private static double[] MakeWaves()
    {
        var waves = new double[2 * Bands * FrameSize];
        for (var band = 0; band < Bands; band++)
        {
            var frequency = 100 * Math.Pow(70, band / (Bands - 1.0));
            for (var i = 0; i < FrameSize; i++)
            {
                var window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / FrameSize);
                var angle = 2 * Math.PI * frequency * i / OpusRates.Full;
                waves[2 * band * FrameSize + i] = window * Math.Cos(angle);
                waves[(2 * band + 1) * FrameSize + i] = window * Math.Sin(angle);
            }
        }

        return waves;
    }
}
