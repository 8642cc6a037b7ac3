using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;

namespace VoiceKit.Tests.Support;

/// <summary>Samples in whole arrays.</summary>
internal static class Pcm
{
    /// <summary>One step of a 16-bit sample.</summary>
    public const float Lsb = 1 / 32768f;

    /// <summary>An Ogg Opus file of ours.</summary>
    public static byte[] Encode(float[] pcm, AudioFormat format, VoiceEncodingOptions? options = null)
    {
        options ??= new VoiceEncodingOptions { Channels = format.Channels };
        using var file = new MemoryStream();
        new VoiceEncoder(LibOpusCodec.Default).Encode(new PcmReader(pcm, format), file, options);
        return file.ToArray();
    }

    /// <summary>What we decode an Ogg Opus file to, at 48 kHz.</summary>
    public static float[] Decode(byte[] file)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default);
        return ReadAll(reader);
    }

    public static float[] ReadAll(IAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[4096 * reader.Format.Channels];
        for (int count; (count = reader.Read(buffer)) > 0;)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    /// <summary>The packets of an Ogg Opus file.</summary>
    public static byte[][] PacketsOf(byte[] file)
    {
        using var reader = OggOpusReader.Open(new MemoryStream(file));
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        return [.. packets];
    }

    /// <summary>How much louder a sound is than its difference from another, in decibels.</summary>
    public static double SignalToError(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double signal = 1e-9, error = 1e-12;
        for (var i = 0; i < expected.Length; i++)
        {
            signal += expected[i] * expected[i];
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        }

        return 10 * Math.Log10(signal / error);
    }

    /// <summary>Fails unless two sounds are equally long and differ by no more than a step of a 16-bit sample.</summary>
    public static void AssertClose(string what, float[] expected, float[] actual, float tolerance = Lsb)
    {
        Assert.Equal((what, expected.Length), (what, actual.Length));
        for (var i = 0; i < expected.Length; i++)
        {
            // Not Assert.True: it would make a message for every sample.
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                Assert.Fail($"{what}, sample {i}: {expected[i]} and {actual[i]}");
        }
    }
}
