using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>Converts between the samples of WAV files and floats.</summary>
internal static class WavSamples
{
    private const float Scale8 = 1f / 128;
    private const float Scale16 = 1f / 32768;
    private const float Scale24 = 1f / 8388608;
    private const double Scale32 = 1.0 / 2147483648;

    // Adding and taking away 1.5 × 2²³ rounds a float below 2²² to the nearest integer, the same in vectors and one by one.
    private const float Rounder = 12582912;

    private static readonly float[] ALawTable = [.. Enumerable.Range(0, 256).Select(value => DecodeALaw((byte)value))];
    private static readonly float[] MuLawTable = [.. Enumerable.Range(0, 256).Select(value => DecodeMuLaw((byte)value))];

    public static int SizeOf(WavEncoding encoding) => encoding switch
    {
        WavEncoding.Signed16 => 2,
        WavEncoding.Signed24 => 3,
        WavEncoding.Signed32 or WavEncoding.Float32 => 4,
        WavEncoding.Float64 => 8,
        _ => 1,
    };

    public static WavEncoding EncodingOf(WavSampleFormat format) => format switch
    {
        WavSampleFormat.Pcm8 => WavEncoding.Unsigned8,
        WavSampleFormat.Pcm16 => WavEncoding.Signed16,
        WavSampleFormat.Pcm24 => WavEncoding.Signed24,
        WavSampleFormat.Pcm32 => WavEncoding.Signed32,
        WavSampleFormat.Float32 => WavEncoding.Float32,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a WAV sample format."),
    };

    public static void ToFloats(ReadOnlySpan<byte> bytes, Span<float> floats, WavEncoding encoding)
    {
        switch (encoding)
        {
            case WavEncoding.Unsigned8:
                for (var i = 0; i < floats.Length; i++)
                    floats[i] = (bytes[i] - 128) * Scale8;
                break;
            case WavEncoding.Signed16:
                From16(bytes, floats);
                break;
            case WavEncoding.Signed24:
                for (var i = 0; i < floats.Length; i++)
                    floats[i] = (bytes[3 * i] | bytes[3 * i + 1] << 8 | (sbyte)bytes[3 * i + 2] << 16) * Scale24;
                break;
            case WavEncoding.Signed32:
                for (var i = 0; i < floats.Length; i++)
                    floats[i] = (float)(BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]) * Scale32);
                break;
            case WavEncoding.Float32:
                for (var i = 0; i < floats.Length; i++)
                    floats[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case WavEncoding.Float64:
                for (var i = 0; i < floats.Length; i++)
                    floats[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
            default:
                var table = encoding == WavEncoding.ALaw ? ALawTable : MuLawTable;
                for (var i = 0; i < floats.Length; i++)
                    floats[i] = table[bytes[i]];
                break;
        }
    }

    public static void FromFloats(ReadOnlySpan<float> floats, Span<byte> bytes, WavEncoding encoding)
    {
        switch (encoding)
        {
            case WavEncoding.Unsigned8:
                for (var i = 0; i < floats.Length; i++)
                    bytes[i] = (byte)(Round(floats[i], 128) + 128);
                break;
            case WavEncoding.Signed16:
                To16(floats, bytes);
                break;
            case WavEncoding.Signed24:
                for (var i = 0; i < floats.Length; i++)
                {
                    var value = Round(floats[i], 8388608);
                    BinaryPrimitives.WriteInt16LittleEndian(bytes[(3 * i)..], (short)value);
                    bytes[3 * i + 2] = (byte)(value >> 16);
                }

                break;
            case WavEncoding.Signed32:
                for (var i = 0; i < floats.Length; i++)
                    BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], Round(floats[i], 2147483648));
                break;
            default:
                for (var i = 0; i < floats.Length; i++)
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], floats[i]);
                break;
        }
    }

    private static int Round(float value, double scale) =>
        float.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Round(value * scale), -scale, scale - 1);

    private static void From16(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            var shorts = MemoryMarshal.Cast<byte, short>(bytes);
            for (; i <= floats.Length - Vector<short>.Count; i += Vector<short>.Count)
            {
                Vector.Widen(new Vector<short>(shorts[i..]), out var low, out var high);
                (Vector.ConvertToSingle(low) * Scale16).CopyTo(floats[i..]);
                (Vector.ConvertToSingle(high) * Scale16).CopyTo(floats[(i + Vector<float>.Count)..]);
            }
        }

        for (; i < floats.Length; i++)
            floats[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) * Scale16;
    }

    private static void To16(ReadOnlySpan<float> floats, Span<byte> bytes)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            var shorts = MemoryMarshal.Cast<byte, short>(bytes);
            for (; i <= floats.Length - Vector<short>.Count; i += Vector<short>.Count)
            {
                var low = RoundTo16(new Vector<float>(floats[i..]));
                var high = RoundTo16(new Vector<float>(floats[(i + Vector<float>.Count)..]));
                Vector.Narrow(low, high).CopyTo(shorts[i..]);
            }
        }

        for (; i < floats.Length; i++)
        {
            var value = float.IsNaN(floats[i]) ? 0 : Math.Clamp(floats[i] * 32768f, -32768f, 32767f);
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(2 * i)..], (short)(value + Rounder - Rounder));
        }
    }

    private static Vector<int> RoundTo16(Vector<float> values)
    {
        var numbers = Vector.ConditionalSelect(Vector.Equals(values, values), values, Vector<float>.Zero) * 32768f;
        var clipped = Vector.Min(Vector.Max(numbers, new Vector<float>(-32768f)), new Vector<float>(32767f));
        return Vector.ConvertToInt32(clipped + new Vector<float>(Rounder) - new Vector<float>(Rounder));
    }

    // ITU-T G.711: sign, three bits of exponent, four of mantissa; even bits inverted.
    private static float DecodeALaw(byte value)
    {
        var code = value ^ 0x55;
        var exponent = code >> 4 & 7;
        var magnitude = (code & 15) * 16 + 8;
        if (exponent > 0)
            magnitude = (magnitude + 256) << (exponent - 1);
        return ((code & 0x80) != 0 ? magnitude : -magnitude) * Scale16;
    }

    // ITU-T G.711: sign, three bits of exponent, four of mantissa; all bits inverted.
    private static float DecodeMuLaw(byte value)
    {
        var code = ~value & 0xFF;
        var magnitude = (((code & 15) * 8 + 132) << (code >> 4 & 7)) - 132;
        return ((code & 0x80) != 0 ? -magnitude : magnitude) * Scale16;
    }
}
