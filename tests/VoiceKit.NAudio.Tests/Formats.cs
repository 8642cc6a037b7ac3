using NAudio.Codecs;
using NAudio.Wave;
using VoiceKit.Tests.Support;

namespace VoiceKit.NAudio.Tests;

/// <summary>Wave formats, and what NAudio itself makes of their bytes.</summary>
internal static class Formats
{
    public static readonly Dictionary<string, WaveFormat> All = new()
    {
        ["8 bits"] = new(8000, 8, 1),
        ["16 bits"] = new(44_100, 16, 2),
        ["24 bits"] = new(48_000, 24, 1),
        ["32 bits"] = new(96_000, 32, 2),
        ["float"] = WaveFormat.CreateIeeeFloatWaveFormat(48_000, 2),
        ["double"] = WaveFormat.CreateCustomFormat(WaveFormatEncoding.IeeeFloat, 48_000, 1, 48_000 * 8, 8, 64),
        ["extensible 16 bits"] = new WaveFormatExtensible(44_100, 16, 2),
        ["extensible 24 bits, 6 channels"] = new WaveFormatExtensible(48_000, 24, 6),
        ["extensible 32 bits"] = new WaveFormatExtensible(48_000, 32, 2, useIeeeFloat: false, 24, 3),
        ["extensible float"] = new WaveFormatExtensible(48_000, 32, 2),
        ["A-law"] = WaveFormat.CreateALawFormat(8000, 1),
        ["mu-law"] = WaveFormat.CreateMuLawFormat(8000, 2),
    };

    /// <summary>A voice, or for the narrowest formats any bytes.</summary>
    public static byte[] Bytes(WaveFormat format, int frames)
    {
        var bytes = new byte[frames * format.BlockAlign];
        if (format.BitsPerSample == 8)
            new Random(3).NextBytes(bytes);
        else
            WaveCodings.Of(format).Encode(Signals.Voice(frames, format.SampleRate, format.Channels), bytes);
        return bytes;
    }

    public static float[] Read(WaveFormat format, byte[] bytes)
    {
        switch (format.Encoding)
        {
            case WaveFormatEncoding.ALaw:
                return [.. bytes.Select(value => ALawDecoder.ALawToLinearSample(value) / 32768f)];
            case WaveFormatEncoding.MuLaw:
                return [.. bytes.Select(value => MuLawDecoder.MuLawToLinearSample(value) / 32768f)];
        }

        var provider = new RawSourceWaveStream(new MemoryStream(bytes), format.AsStandardWaveFormat()).ToSampleProvider();
        var samples = new float[bytes.Length / format.BlockAlign * format.Channels];
        for (int at = 0, count; at < samples.Length && (count = provider.Read(samples.AsSpan(at))) > 0; at += count)
        {
        }

        return samples;
    }
}
