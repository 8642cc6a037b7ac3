using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>Samples that are no sound leave the rest of a recording as it is.</summary>
public class SoundReaderTests
{
    private static readonly AudioFormat Format = new(16_000, 1);

    public static TheoryData<float, int, int> Junk => new()
    {
        { float.NaN, 0, 1 },
        { float.NaN, 31_999, 1 },
        { float.PositiveInfinity, 16_000, 1 },
        { float.NegativeInfinity, 7777, 1 },
        { 1e30f, 12_345, 1 },
        { -3e38f, 999, 1 },
        { float.NaN, 50, 320 },
    };

    [Theory]
    [MemberData(nameof(Junk))]
    public void The_rest_is_encoded_as_without_it(float junk, int from, int count)
    {
        var clean = Signals.Voice(32_000, 16_000);
        var dirty = (float[])clean.Clone();
        dirty.AsSpan(from, count).Fill(junk);
        var expected = Pcm.Decode(Encode(clean));
        var actual = Pcm.Decode(Encode(dirty));
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(-1, actual.AsSpan().IndexOfAnyExceptInRange(-1.5f, 1.5f));

        // A frame of silence would be 20 ms of 48 kHz; what is held lasts as long as the junk.
        var (start, end) = (Math.Max(0, from * 3 - 2000), Math.Min(expected.Length, (from + count) * 3 + 4000));
        if (start > 0)
            Assert.InRange(Pcm.SignalToError(expected.AsSpan(0, start), actual.AsSpan(0, start)), 20, double.MaxValue);
        if (end < expected.Length)
            Assert.InRange(Pcm.SignalToError(expected.AsSpan(end), actual.AsSpan(end)), 10, double.MaxValue);
        var around = Pcm.SignalToError(expected.AsSpan(start, end - start), actual.AsSpan(start, end - start));
        Assert.InRange(around, count == 1 ? 3 : -3, double.MaxValue);
    }

    [Fact]
    public void A_sample_takes_the_place_of_junk_in_its_own_channel()
    {
        float[] samples = [1, 2, float.NaN, 3, 4, float.PositiveInfinity, 257, -300, 5, -256];
        using var reader = new SoundReader(new PcmReader(samples, new AudioFormat(8000, 2)));
        var read = new float[4];
        Assert.Equal(4, reader.Read(read));
        Assert.Equal([1, 2, 1, 3], read);
        Assert.Equal(4, reader.Read(read));
        Assert.Equal([4, 3, 4, 3], read);
        Assert.Equal(2, reader.Read(read));
        Assert.Equal([5, -256], read[..2]);
        Assert.Equal(0, reader.Read(read));
    }

    private static byte[] Encode(float[] samples)
    {
        var output = new MemoryStream();
        new VoiceEncoder(LibOpus.LibOpusCodec.Default).Encode(new PcmReader(samples, Format), output);
        return output.ToArray();
    }
}
