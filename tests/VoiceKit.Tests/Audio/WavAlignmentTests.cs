using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>24 bits in four bytes, wherever recorders put them.</summary>
public class WavAlignmentTests
{
    private static readonly float[] Speech = [.. Signals.Voice(16_000, 16_000).Select(sample => sample * 1.5f)];

    [Theory]
    [InlineData(24, "lower", 16)]
    [InlineData(24, "lower", 24)]
    [InlineData(24, "junk", 24)]
    [InlineData(24, "upper", 16)]
    [InlineData(24, "upper", 24)]
    [InlineData(32, "lower", 16)]
    [InlineData(32, "lower", 24)]
    [InlineData(32, "upper", 16)]
    [InlineData(32, "upper", 24)]
    public void The_samples_tell_which_bytes_are_used(int statedBits, string place, int usedBits)
    {
        var file = Make(Speech, statedBits, place, usedBits);
        foreach (var stream in Streams(file, statedBits == 24))
        {
            using var reader = new WavReader(stream);
            var read = ReadAll(reader);
            Assert.Equal(Speech.Length, read.Length);
            for (var i = 0; i < read.Length; i++)
                Assert.InRange(read[i] - Speech[i], -1f / 16_000, 1f / 16_000);
        }
    }

    [Theory]
    [InlineData(32, 20, 20, 0)]
    [InlineData(32, 20, 20, 12)]
    [InlineData(32, 16, 16, 0)]
    [InlineData(32, 16, 16, 16)]
    [InlineData(32, 24, 24, 0)]
    [InlineData(32, 24, 24, 8)]
    [InlineData(32, 0, 16, 0)]
    [InlineData(24, 0, 24, 8)]
    [InlineData(20, 0, 20, 0)]
    [InlineData(20, 0, 20, 12)]
    public void Valid_bits_may_be_at_either_end(int bits, int validBits, int usedBits, int shift)
    {
        var data = new byte[4 * Speech.Length];
        for (var i = 0; i < Speech.Length; i++)
        {
            var value = (int)Math.Round(Speech[i] * (1 << (usedBits - 1)));
            BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(4 * i), value << shift);
        }

        var file = new WavBytes
        {
            Tag = (ushort)(validBits == 0 ? 1 : 0xFFFE),
            Rate = 16_000,
            Bits = (ushort)bits,
            BlockAlign = 4,
            FmtTail = validBits == 0 ? [] : WavBytes.ExtensibleTail((ushort)validBits, WavBytes.PcmGuid),
            Data = data,
        }.Build();
        using var reader = new WavReader(new MemoryStream(file));
        var read = ReadAll(reader);
        Assert.Equal(Speech.Length, read.Length);
        for (var i = 0; i < read.Length; i++)
            Assert.InRange(read[i] - Speech[i], -1f / 16_000, 1f / 16_000);
    }

    [Theory]
    [InlineData("-b", "8", "-e", "unsigned-integer")]
    [InlineData("-b", "16", "-e", "signed-integer")]
    [InlineData("-b", "24", "-e", "signed-integer")]
    [InlineData("-b", "32", "-e", "signed-integer")]
    [InlineData("-b", "32", "-e", "floating-point")]
    [InlineData("-b", "64", "-e", "floating-point")]
    [InlineData("-b", "8", "-e", "mu-law")]
    public void Big_endian_files_of_SoX_are_read_as_the_others(params string[] coding)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(16_000, 1), WavSampleFormat.Float32))
            writer.Write(Speech);
        Oracle.Run("sox", ["-D", folder["in.wav"], .. coding, folder["small.wav"]]);
        Oracle.Run("sox", ["-D", folder["in.wav"], .. coding, "-B", folder["big.wav"]]);
        Assert.Equal("RIFX"u8, File.ReadAllBytes(folder["big.wav"]).AsSpan(0, 4));
        using var small = AudioFiles.Open(folder["small.wav"]);
        using var big = AudioFiles.Open(folder["big.wav"]);
        var expected = ReadAll(small);
        Assert.NotEmpty(expected);
        Assert.True(expected.AsSpan().SequenceEqual(ReadAll(big)), "The samples differ.");
    }

    [Fact]
    public void Soft_noise_of_32_bits_stays_soft()
    {
        var random = new Random(5);
        var noise = new float[48_000];
        for (var i = 0; i < noise.Length; i++)
            noise[i] = 0.0003f * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        using var reader = new WavReader(new MemoryStream(Make(noise, 32, "upper", 32)));
        Assert.InRange(ReadAll(reader).Max(Math.Abs), 0.0001f, 0.001f);
    }

    [Fact]
    public void A_rate_that_is_not_encoded_is_told_with_its_place()
    {
        var file = Make(Speech, 24, "lower", 16);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 100);
        using var reader = new WavReader(new MemoryStream(file));
        var refusal = Assert.Throws<VoiceFormatException>(
            () => { new VoiceEncoder(LibOpus.LibOpusCodec.Default).Encode(reader, Stream.Null); });
        Assert.Equal(24, refusal.Offset);
        Assert.Contains("100 Hz", refusal.Message);
    }

    private static IEnumerable<Stream> Streams(byte[] file, bool withPipe)
    {
        yield return new MemoryStream(file);
        if (withPipe)
            yield return new TrickleStream(file, 4000);
    }

    private static byte[] Make(float[] samples, int statedBits, string place, int usedBits)
    {
        var file = new byte[44 + 4 * samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        file[16] = 16;
        file[20] = file[22] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 16_000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 64_000);
        file[32] = 4;
        file[34] = (byte)statedBits;
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), file.Length - 44);
        var random = new Random(1);
        for (var i = 0; i < samples.Length; i++)
        {
            var step = 1 << Math.Max(0, 24 - usedBits);
            var value = usedBits == 32
                ? (int)(samples[i] * int.MaxValue)
                : (int)Math.Round(samples[i] * 8_388_608 / step) * step;
            var stored = usedBits == 32 ? value : place switch
            {
                "upper" => value << 8,
                "junk" => value & 0xFF_FFFF | random.Next(256) << 24,
                _ => value,
            };
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(44 + 4 * i), stored);
        }

        return file;
    }

    private static float[] ReadAll(IAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[1000];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }
}
