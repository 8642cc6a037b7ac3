using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Audio;

/// <summary>
/// Turns floats into a WAV file's samples: scaled so that 1 is full scale, rounded to the nearest (halves to the even one),
/// clipped at the ends; a NaN becomes silence.
/// </summary>
internal static class WavEncoder
{
    // 1.5 * 2^23: added to and taken from a float below 2^22, it leaves the nearest whole number, halves to the even one.
    private const float Rounder = 12582912f;

    /// <summary>Converts every sample.</summary>
    public static void Encode(WavSampleFormat format, ReadOnlySpan<float> source, Span<byte> destination)
    {
        switch (format)
        {
            case WavSampleFormat.Pcm8:
                for (int i = 0; i < source.Length; i++)
                    destination[i] = (byte)(Quantize(source[i], 7) + 128);
                break;
            case WavSampleFormat.Pcm16:
                EncodeInt16(source, destination);
                break;
            case WavSampleFormat.Pcm24:
                EncodeInt24(source, destination);
                break;
            case WavSampleFormat.Pcm32:
                for (int i = 0; i < source.Length; i++)
                    BinaryPrimitives.WriteInt32LittleEndian(destination[(i * 4)..], Quantize(source[i], 31));
                break;
            default:
                EncodeFloat32(source, destination);
                break;
        }
    }

    /// <summary>One 16-bit sample: what the vectors of <see cref="Encode"/> compute, one at a time.</summary>
    internal static short ToInt16(float sample)
    {
        float scaled = float.IsNaN(sample) ? 0 : Math.Clamp(sample * 32768f, short.MinValue, short.MaxValue);
        return (short)(scaled + Rounder - Rounder);
    }

    // In double: a float has no room for the last bits of 32-bit full scale.
    private static int Quantize(float sample, int bits)
    {
        double fullScale = 1L << bits;
        double scaled = float.IsNaN(sample) ? 0 : Math.Clamp(sample * fullScale, -fullScale, fullScale - 1);
        return (int)Math.Round(scaled);
    }

    private static void EncodeInt24(ReadOnlySpan<float> source, Span<byte> destination)
    {
        foreach (float sample in source)
        {
            int value = Quantize(sample, 23);
            destination[0] = (byte)value;
            destination[1] = (byte)(value >> 8);
            destination[2] = (byte)(value >> 16);
            destination = destination[3..];
        }
    }

    private static void EncodeInt16(ReadOnlySpan<float> source, Span<byte> destination)
    {
        int done = 0;
        if (BitConverter.IsLittleEndian)
        {
            var fours = MemoryMarshal.Cast<float, Vector128<float>>(source);
            var eights = MemoryMarshal.Cast<byte, Vector128<short>>(destination);
            for (; fours.Length >= 4 && eights.Length >= 2; done += 4 * Vector128<float>.Count)
            {
                eights[0] = Vector128.NarrowWithSaturation(ToInt16(fours[0]), ToInt16(fours[1]));
                eights[1] = Vector128.NarrowWithSaturation(ToInt16(fours[2]), ToInt16(fours[3]));
                fours = fours[4..];
                eights = eights[2..];
            }
        }
        for (; done < source.Length; done++)
            BinaryPrimitives.WriteInt16LittleEndian(destination[(done * 2)..], ToInt16(source[done]));
    }

    // What is too low stays so low that it is saturated. The vectors have a size that is known before the program runs: compiled
    // to native code, those of another are slow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ToInt16(Vector128<float> samples)
    {
        Vector128<float> scaled = (samples & Vector128.Equals(samples, samples)) * 32768f;
        scaled = Vector128.MinNative(scaled, Vector128.Create((float)short.MaxValue));
        return Vector128.ConvertToInt32Native(scaled + Vector128.Create(Rounder) - Vector128.Create(Rounder));
    }

    // Only a NaN differs from itself; the comparison's mask clears it.
    private static Vector<float> SilenceNaN(Vector<float> samples) =>
        Vector.AsVectorSingle(Vector.AsVectorInt32(samples) & Vector.Equals(samples, samples));

    private static void EncodeFloat32(ReadOnlySpan<float> source, Span<byte> destination)
    {
        int done = 0;
        if (BitConverter.IsLittleEndian)
        {
            Span<float> samples = MemoryMarshal.Cast<byte, float>(destination);
            for (; done <= source.Length - Vector<float>.Count; done += Vector<float>.Count)
                SilenceNaN(new Vector<float>(source[done..])).CopyTo(samples[done..]);
        }
        for (; done < source.Length; done++)
            BinaryPrimitives.WriteSingleLittleEndian(destination[(done * 4)..], float.IsNaN(source[done]) ? 0 : source[done]);
    }
}
