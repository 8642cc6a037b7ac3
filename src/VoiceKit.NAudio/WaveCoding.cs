using System.Buffers.Binary;
using NAudio.Codecs;
using NAudio.Wave;

namespace VoiceKit.NAudio;

/// <summary>
/// How the samples of a <see cref="WaveFormat"/> are coded. Full scale of every format is 1; bytes are little-endian.
/// </summary>
internal enum WaveCoding
{
    UInt8,
    Int16,
    Int24,
    Int32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}

internal static class WaveCodings
{
    // KSDATAFORMAT_SUBTYPE_PCM and its kin: xxxxxxxx-0000-0010-8000-00AA00389B71, the tag in front.
    private static readonly Guid SubFormatFamily = new("00000000-0000-0010-8000-00AA00389B71");

    /// <summary>The coding of a format, extensible ones included. Samples with fewer valid bits are left-justified.</summary>
    /// <exception cref="ArgumentException">
    /// The format is neither PCM of 8, 16, 24 or 32 bits, float of 32 or 64, A-law nor mu-law.
    /// </exception>
    public static WaveCoding Of(WaveFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Find(format) ?? throw new ArgumentException(
            $"{format} is not taken: PCM of 8, 16, 24 and 32 bits, float, A-law and mu-law are.", nameof(format));
    }

    /// <summary>Whether a format's samples are floats of 32 bits.</summary>
    public static bool IsFloat(WaveFormat format) => Find(format) == WaveCoding.Float32;

    public static int BytesPerSample(this WaveCoding coding) => coding switch
    {
        WaveCoding.Int16 => 2,
        WaveCoding.Int24 => 3,
        WaveCoding.Int32 or WaveCoding.Float32 => 4,
        WaveCoding.Float64 => 8,
        _ => 1,
    };

    /// <summary>Reads as many samples as the destination holds.</summary>
    public static void Decode(this WaveCoding coding, ReadOnlySpan<byte> source, Span<float> destination)
    {
        var size = coding.BytesPerSample();
        for (var i = 0; i < destination.Length; i++)
        {
            var at = source[(i * size)..];
            destination[i] = coding switch
            {
                WaveCoding.UInt8 => (at[0] - 128) / 128f,
                WaveCoding.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768f,
                WaveCoding.Int24 => ((at[0] << 8 | at[1] << 16 | at[2] << 24) >> 8) / 8388608f,
                WaveCoding.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648f,
                WaveCoding.Float32 => BinaryPrimitives.ReadSingleLittleEndian(at),
                WaveCoding.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                WaveCoding.ALaw => ALawDecoder.ALawToLinearSample(at[0]) / 32768f,
                _ => MuLawDecoder.MuLawToLinearSample(at[0]) / 32768f,
            };
        }
    }

    /// <summary>Writes samples, rounded to the nearest. Integers are clipped at full scale.</summary>
    public static void Encode(this WaveCoding coding, ReadOnlySpan<float> source, Span<byte> destination)
    {
        var size = coding.BytesPerSample();
        for (var i = 0; i < source.Length; i++)
        {
            var at = destination.Slice(i * size, size);
            var sample = source[i];
            switch (coding)
            {
                case WaveCoding.UInt8:
                    at[0] = (byte)(Integer(sample, 8) + 128);
                    break;
                case WaveCoding.Int16:
                    BinaryPrimitives.WriteInt16LittleEndian(at, (short)Integer(sample, 16));
                    break;
                case WaveCoding.Int24:
                    var value = Integer(sample, 24);
                    (at[0], at[1], at[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
                    break;
                case WaveCoding.Int32:
                    BinaryPrimitives.WriteInt32LittleEndian(at, Integer(sample, 32));
                    break;
                case WaveCoding.Float32:
                    BinaryPrimitives.WriteSingleLittleEndian(at, sample);
                    break;
                case WaveCoding.Float64:
                    BinaryPrimitives.WriteDoubleLittleEndian(at, sample);
                    break;
                case WaveCoding.ALaw:
                    at[0] = ALawEncoder.LinearToALawSample((short)Integer(sample, 16));
                    break;
                default:
                    at[0] = MuLawEncoder.LinearToMuLawSample((short)Integer(sample, 16));
                    break;
            }
        }
    }

    private static int Integer(float sample, int bits)
    {
        var scale = (double)(1L << (bits - 1));
        return float.IsNaN(sample) ? 0 : (int)Math.Clamp(Math.Round(sample * scale), -scale, scale - 1);
    }

    private static WaveCoding? Find(WaveFormat format)
    {
        WaveCoding? coding = (TagOf(format), format.BitsPerSample) switch
        {
            (WaveFormatEncoding.Pcm, 8) => WaveCoding.UInt8,
            (WaveFormatEncoding.Pcm, 16) => WaveCoding.Int16,
            (WaveFormatEncoding.Pcm, 24) => WaveCoding.Int24,
            (WaveFormatEncoding.Pcm, 32) => WaveCoding.Int32,
            (WaveFormatEncoding.IeeeFloat, 32) => WaveCoding.Float32,
            (WaveFormatEncoding.IeeeFloat, 64) => WaveCoding.Float64,
            (WaveFormatEncoding.ALaw, 8) => WaveCoding.ALaw,
            (WaveFormatEncoding.MuLaw, 8) => WaveCoding.MuLaw,
            _ => null,
        };
        return coding is { } known && format.BlockAlign == format.Channels * known.BytesPerSample() ? known : null;
    }

    private static WaveFormatEncoding TagOf(WaveFormat format)
    {
        if (format.Encoding != WaveFormatEncoding.Extensible)
            return format.Encoding;
        var subFormat = format switch
        {
            WaveFormatExtensible extensible => extensible.SubFormat,

            // As read from a file: two bytes of valid bits and four of the channel mask, then the sub-format.
            WaveFormatExtraData { ExtraSize: >= 22 } extra => new Guid(extra.ExtraData.AsSpan(6, 16)),
            _ => Guid.Empty,
        };
        Span<byte> bytes = stackalloc byte[16];
        subFormat.TryWriteBytes(bytes);
        var tag = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bytes[..4].Clear();
        return new Guid(bytes) == SubFormatFamily ? (WaveFormatEncoding)tag : WaveFormatEncoding.Extensible;
    }
}
