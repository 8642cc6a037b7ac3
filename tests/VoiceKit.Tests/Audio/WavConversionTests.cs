using System.Buffers.Binary;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class WavConversionTests
{
    [Fact]
    public void Every_16_bit_code_reads_as_its_share_of_32768_and_writes_back()
    {
        short[] codes = [.. Enumerable.Range(short.MinValue, 65_536).Select(code => (short)code)];
        var floats = new float[codes.Length];
        WavDecoder.Decode(WavCoding.Int16, WavTools.ToBytes(codes), floats);
        Assert.Equal(codes.Select(code => code / 32768f), floats);
        Assert.Equal(WavTools.ToBytes(codes), Encode(WavSampleFormat.Pcm16, floats));
    }

    [Fact]
    public void Every_8_bit_code_reads_as_its_share_of_128_and_writes_back()
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        var floats = new float[codes.Length];
        WavDecoder.Decode(WavCoding.UInt8, codes, floats);
        Assert.Equal(codes.Select(code => (code - 128) / 128f), floats);
        Assert.Equal(codes, Encode(WavSampleFormat.Pcm8, floats));
    }

    [Theory]
    [InlineData(0x800000, -1f)]
    [InlineData(0xFFFFFF, -1 / 8388608f)]
    [InlineData(0x000001, 1 / 8388608f)]
    [InlineData(0x7FFFFF, 8388607 / 8388608f)]
    [InlineData(0x123456, 0x123456 / 8388608f)]
    public void A_24_bit_code_reads_as_its_share_of_8388608_and_writes_back(int code, float value)
    {
        byte[] bytes = [(byte)code, (byte)(code >> 8), (byte)(code >> 16)];
        var floats = new float[1];
        WavDecoder.Decode(WavCoding.Int24, bytes, floats);
        Assert.Equal(value, floats[0]);
        Assert.Equal(bytes, Encode(WavSampleFormat.Pcm24, floats));
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    [InlineData(0x12345678)]
    public void A_32_bit_code_reads_as_its_share_of_2147483648(int code)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, code);
        var floats = new float[1];
        WavDecoder.Decode(WavCoding.Int32, bytes, floats);
        Assert.Equal((float)(code / 2147483648.0), floats[0]);
    }

    [Theory]
    [InlineData(1f, int.MaxValue)]
    [InlineData(-1f, int.MinValue)]
    [InlineData(0.99999994f, 2147483520)]
    [InlineData(float.PositiveInfinity, int.MaxValue)]
    [InlineData(float.NegativeInfinity, int.MinValue)]
    [InlineData(float.NaN, 0)]
    public void Full_scale_of_32_bits_does_not_wrap(float sample, int code) =>
        Assert.Equal(code, BinaryPrimitives.ReadInt32LittleEndian(Encode(WavSampleFormat.Pcm32, [sample])));

    [Theory]
    [InlineData(0.5f, 0)]
    [InlineData(1.5f, 2)]
    [InlineData(2.5f, 2)]
    [InlineData(-0.5f, 0)]
    [InlineData(-1.5f, -2)]
    [InlineData(0.75f, 1)]
    [InlineData(-0.75f, -1)]
    [InlineData(32766.5f, 32766)]
    [InlineData(32767.5f, 32767)]
    [InlineData(40000f, 32767)]
    [InlineData(-32768.75f, -32768)]
    [InlineData(float.PositiveInfinity, 32767)]
    [InlineData(float.NegativeInfinity, -32768)]
    [InlineData(float.NaN, 0)]
    public void Sixteen_bits_round_to_the_nearest_and_clip(float steps, short code)
    {
        // As many as fill vectors and leave a rest, so that both ways of computing are asked.
        float[] samples = [.. Enumerable.Repeat(steps / 32768f, 67)];
        byte[] bytes = Encode(WavSampleFormat.Pcm16, samples);
        for (int i = 0; i < samples.Length; i++)
            Assert.Equal(code, BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * 2)));
    }

    [Fact]
    public void Vectors_and_single_samples_give_the_same_16_bits()
    {
        var random = new Random(3);
        var samples = new float[1_000_003];
        for (int i = 0; i < samples.Length; i++)
        {
            int bits = random.Next(int.MinValue, int.MaxValue);
            samples[i] = i % 2 == 0 ? BitConverter.Int32BitsToSingle(bits) : random.NextSingle() * 3 - 1.5f;
        }
        byte[] bytes = Encode(WavSampleFormat.Pcm16, samples);
        for (int i = 0; i < samples.Length; i++)
        {
            double sample = float.IsNaN(samples[i]) ? 0 : samples[i];
            short expected = (short)Math.Clamp(Math.Round(sample * 32768), -32768, 32767);
            Assert.Equal(expected, WavEncoder.ToInt16(samples[i]));
            Assert.Equal(expected, BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(i * 2)));
        }
    }

    [Fact]
    public void Floats_keep_their_value_and_lose_their_NaNs()
    {
        float[] values = [1.5f, float.NaN, -0f, float.MaxValue, float.NegativeInfinity];
        float[] samples = [.. Enumerable.Range(0, 35).Select(i => values[i % values.Length])];
        float[] expected = Array.ConvertAll(samples, sample => float.IsNaN(sample) ? 0 : sample);
        WavTools.AssertSame(expected, WavTools.ToFloats(Encode(WavSampleFormat.Float32, samples)));
    }

    [Fact]
    public void Floats_are_read_as_they_are()
    {
        float[] samples = [1.5f, float.NaN, -0f, float.MaxValue, float.NegativeInfinity, 1e-40f];
        var read = new float[samples.Length];
        WavDecoder.Decode(WavCoding.Float32, WavTools.ToBytes(samples), read);
        WavTools.AssertSame(samples, read);
        double[] doubles = [0.1, -1.0 / 3, 1e300, -1e-300];
        read = new float[doubles.Length];
        WavDecoder.Decode(WavCoding.Float64, WavTools.ToBytes(doubles), read);
        WavTools.AssertSame(Array.ConvertAll(doubles, value => (float)value), read);
    }

    private static byte[] Encode(WavSampleFormat format, float[] samples)
    {
        var bytes = new byte[samples.Length * format.ToCoding().BytesPerSample()];
        WavEncoder.Encode(format, samples, bytes);
        return bytes;
    }
}
