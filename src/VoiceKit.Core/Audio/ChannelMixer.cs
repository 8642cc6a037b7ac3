using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>Changes the number of channels of interleaved PCM. No rule here makes a sample louder than full scale.</summary>
internal static class ChannelMixer
{
    // ITU-R BS.775-4, table 2: centre and surrounds at −3 dB. The sum of the three weights is brought back to 1.
    private const float FrontWeight = 1 / (1 + 2 * Minus3Decibels);
    private const float SideWeight = Minus3Decibels / (1 + 2 * Minus3Decibels);
    private const float Minus3Decibels = 0.70710678f;

    /// <summary>Makes mono of stereo: each sample is (left + right) / 2.</summary>
    /// <param name="stereo">Interleaved stereo, whole frames.</param>
    /// <param name="mono">Where the mono samples go: half as many or more; must not overlap the input.</param>
    /// <exception cref="ArgumentException">The input is not whole frames, or the output is too short.</exception>
    public static void MixDown(ReadOnlySpan<float> stereo, Span<float> mono)
    {
        int frames = CheckLengths(stereo, 2, mono, 1);
        int width = Vector<float>.Count;
        ref float from = ref MemoryMarshal.GetReference(stereo);
        ref float to = ref MemoryMarshal.GetReference(mono);
        int i = 0;
        for (; i <= frames - width; i += width)
        {
            // A frame is 64 bits with a channel in either half: narrowing picks one, a shift before it the other.
            Vector<ulong> first = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref from, (nuint)(2 * i)));
            Vector<ulong> second = Vector.AsVectorUInt64(Vector.LoadUnsafe(ref from, (nuint)(2 * i + width)));
            Vector<float> low = Vector.AsVectorSingle(Vector.Narrow(first, second));
            Vector<float> high = Vector.AsVectorSingle(Vector.Narrow(first >>> 32, second >>> 32));
            ((low + high) * 0.5f).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < frames; i++)
            mono[i] = (stereo[2 * i] + stereo[2 * i + 1]) * 0.5f;
    }

    /// <summary>Makes stereo of mono: both channels are the same.</summary>
    /// <param name="mono">The mono samples.</param>
    /// <param name="stereo">Where the interleaved stereo goes: twice as many or more; must not overlap the input.</param>
    /// <exception cref="ArgumentException">The output is too short.</exception>
    public static void MixUp(ReadOnlySpan<float> mono, Span<float> stereo)
    {
        int frames = CheckLengths(mono, 1, stereo, 2);
        int width = Vector<float>.Count;
        ref float from = ref MemoryMarshal.GetReference(mono);
        ref float to = ref MemoryMarshal.GetReference(stereo);
        int i = 0;
        for (; i <= frames - width; i += width)
        {
            Vector<uint> samples = Vector.AsVectorUInt32(Vector.LoadUnsafe(ref from, (nuint)i));
            Vector.Widen(samples, out Vector<ulong> first, out Vector<ulong> second);
            Vector.AsVectorSingle(first | first << 32).StoreUnsafe(ref to, (nuint)(2 * i));
            Vector.AsVectorSingle(second | second << 32).StoreUnsafe(ref to, (nuint)(2 * i + width));
        }

        for (; i < frames; i++)
            stereo[2 * i] = stereo[2 * i + 1] = mono[i];
    }

    /// <summary>Changes the number of channels to 1 or 2.</summary>
    /// <remarks>
    /// Equal counts copy. 1 → 2 copies to both sides. Any number → 1 is the average of all. 6 → 2 takes the order of WAV
    /// (left, right, centre, LFE, left and right surround) and follows ITU-R BS.775-4, table 2: centre and surrounds at
    /// −3 dB, no LFE, all scaled by 1 / (1 + √2) against clipping. Any other number → 2 puts the average of the channels
    /// 0, 2, 4 … on the left and that of 1, 3, 5 … on the right.
    /// </remarks>
    /// <param name="input">Interleaved samples, whole frames.</param>
    /// <param name="inputChannels">Channels of the input, 1…<see cref="AudioFormat.MaxChannels"/>.</param>
    /// <param name="output">Where as many frames go, interleaved; may be longer; must not overlap the input.</param>
    /// <param name="outputChannels">Channels of the output: 1, 2, or as many as the input has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of channels is out of its range.</exception>
    /// <exception cref="ArgumentException">The input is not whole frames, or the output is too short.</exception>
    public static void Mix(ReadOnlySpan<float> input, int inputChannels, Span<float> output, int outputChannels)
    {
        CheckChannels(inputChannels, outputChannels);
        int frames = CheckLengths(input, inputChannels, output, outputChannels);
        if (inputChannels == outputChannels)
            input.CopyTo(output);
        else if (inputChannels == 1)
            MixUp(input, output);
        else if (inputChannels == 2)
            MixDown(input, output);
        else if (outputChannels == 1)
            Average(input, inputChannels, output[..frames]);
        else if (inputChannels == 6)
            FoldSurround(input, output[..(2 * frames)]);
        else
            SplitEvenOdd(input, inputChannels, output[..(2 * frames)]);
    }

    /// <summary>Throws unless <see cref="Mix"/> takes this pair of channel counts.</summary>
    internal static void CheckChannels(int inputChannels, int outputChannels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputChannels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputChannels, AudioFormat.MaxChannels);
        if (outputChannels is not (1 or 2) && outputChannels != inputChannels)
            throw new ArgumentOutOfRangeException(
                nameof(outputChannels), outputChannels, "The output has 1 or 2 channels, or as many as the input.");
    }

    private static int CheckLengths(
        ReadOnlySpan<float> input, int inputChannels, Span<float> output, int outputChannels)
    {
        (int frames, int rest) = Math.DivRem(input.Length, inputChannels);
        if (rest != 0)
            throw new ArgumentException("The input is not whole frames.", nameof(input));
        if (output.Length / outputChannels < frames)
            throw new ArgumentException("The output is shorter than the input.", nameof(output));
        return frames;
    }

    private static void Average(ReadOnlySpan<float> input, int channels, Span<float> output)
    {
        for (int i = 0; i < output.Length; i++)
            output[i] = AverageOf(input.Slice(i * channels, channels), 0, 1);
    }

    private static void SplitEvenOdd(ReadOnlySpan<float> input, int channels, Span<float> output)
    {
        for (int i = 0; i < output.Length; i++)
            output[i] = AverageOf(input.Slice(i / 2 * channels, channels), i % 2, 2);
    }

    private static float AverageOf(ReadOnlySpan<float> frame, int first, int step)
    {
        float sum = 0;
        int count = 0;
        for (int channel = first; channel < frame.Length; channel += step, count++)
            sum += frame[channel];
        return sum / count;
    }

    private static void FoldSurround(ReadOnlySpan<float> input, Span<float> output)
    {
        for (int i = 0; i < output.Length; i += 2)
        {
            ReadOnlySpan<float> frame = input.Slice(3 * i, 6);
            output[i] = FrontWeight * frame[0] + SideWeight * (frame[2] + frame[4]);
            output[i + 1] = FrontWeight * frame[1] + SideWeight * (frame[2] + frame[5]);
        }
    }
}
