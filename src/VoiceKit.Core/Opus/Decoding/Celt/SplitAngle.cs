using System.Numerics;
using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The angle between the halves of a split vector, or between mid and side (RFC 6716 §4.3.4.4): its tangent is the relation of
/// their lengths. All of this is done in whole numbers, because the allocation of bits follows from it.
/// </summary>
/// <param name="Angle">The angle, from 0 to 16384 for a right angle.</param>
/// <param name="Cost">The eighths of a bit that it took.</param>
/// <param name="IsInverted">Whether the side of intensity stereo has the opposite sign.</param>
internal readonly record struct SplitAngle(int Angle, int Cost, bool IsInverted)
{
    /// <summary>A right angle: all in the second half.</summary>
    public const int Right = 16384;

    private const int FractionBits = RangeDecoder.FractionBits;
    private const int Offset = 4;
    private const int OffsetOfPair = 16;

    /// <summary>The length of the first half or mid, of 32768.</summary>
    public int First => Angle == 0 ? 32767 : Angle == Right ? 0 : Cosine(Angle);

    /// <summary>The length of the second half or side, of 32768.</summary>
    public int Second => Angle == 0 ? 0 : Angle == Right ? 32767 : Cosine(Right - Angle);

    /// <summary>How many eighths of a bit the first half gets more than the second, for the least error.</summary>
    /// <param name="size">The size of each half.</param>
    public int Delta(int size) =>
        Angle == 0 ? -Right : Angle == Right ? Right : Multiply((size - 1) << 7, LogOfTangent(Second, First));

    /// <summary>Reads the angle between two halves of a vector.</summary>
    /// <param name="range">The range decoder.</param>
    /// <param name="size">The size of each half.</param>
    /// <param name="bits">The eighths of a bit for both.</param>
    /// <param name="widthLog">The logarithm of the width of a half, in eighths.</param>
    /// <param name="isInTime">Whether the halves are different times.</param>
    public static SplitAngle DecodeHalves(ref RangeDecoder range, int size, int bits, int widthLog, bool isInTime)
    {
        var before = (int)range.TellFraction();
        var steps = Steps(2 * size - 1, bits, (widthLog >> 1) - Offset, widthLog);
        var step = steps == 1 ? 0
            : isInTime ? (int)range.DecodeUniform((uint)steps + 1)
            : DecodeTriangular(ref range, steps);
        return Create(ref range, step, steps, before);
    }

    /// <summary>The steps of the angle between mid and side; 1 if there are no bits for it.</summary>
    /// <param name="size">The size of the band in one channel.</param>
    /// <param name="bits">The eighths of a bit for both.</param>
    /// <param name="widthLog">The logarithm of the band's width, in eighths.</param>
    public static int StereoSteps(int size, int bits, int widthLog)
    {
        var isPair = size == 2;
        return Steps(2 * size - (isPair ? 2 : 1), bits, (widthLog >> 1) - (isPair ? OffsetOfPair : Offset), widthLog);
    }

    /// <summary>Reads the angle between mid and side.</summary>
    public static SplitAngle DecodeStereo(ref RangeDecoder range, int size, int steps)
    {
        var before = (int)range.TellFraction();
        var step = size == 2 ? (int)range.DecodeUniform((uint)steps + 1) : DecodeStepped(ref range, steps);
        return Create(ref range, step, steps, before);
    }

    /// <summary>Reads whether the side of intensity stereo is inverted; its angle is 0.</summary>
    public static SplitAngle DecodeInversion(ref RangeDecoder range)
    {
        var before = (int)range.TellFraction();
        var isInverted = range.DecodeBit(2);
        return new(0, (int)range.TellFraction() - before, isInverted);
    }

    private static SplitAngle Create(ref RangeDecoder range, int step, int steps, int before) =>
        new((int)((uint)(step * Right) / (uint)steps), (int)range.TellFraction() - before, false);

    /// <summary>The number of steps from 0 to a right angle: 1 if there are no bits for it, otherwise even, up to 256.</summary>
    private static int Steps(int freedoms, int bits, int offset, int widthLog)
    {
        // What is kept back suffices for one pulse in a side that has all the energy.
        var share = (bits + freedoms * offset) / freedoms;
        share = Math.Min(bits - widthLog - (4 << FractionBits), share);
        share = Math.Min(8 << FractionBits, share);
        if (share < 1 << FractionBits >> 1)
            return 1;
        var steps = Powers[share & 7] >> (14 - (share >> FractionBits));
        return (steps + 1) >> 1 << 1;
    }

    /// <summary>2^(14 + i / 8).</summary>
    private static ReadOnlySpan<short> Powers => [16384, 17866, 19483, 21247, 23170, 25267, 27554, 30048];

    /// <summary>An angle that is likelier the nearer it is to the middle.</summary>
    private static int DecodeTriangular(ref RangeDecoder range, int steps)
    {
        var half = steps >> 1;
        var total = (half + 1) * (half + 1);
        var target = (int)range.Decode((uint)total);
        int step, low, frequency;
        if (target < half * (half + 1) >> 1)
        {
            step = (SquareRoot(8 * target + 1) - 1) >> 1;
            frequency = step + 1;
            low = step * (step + 1) >> 1;
        }
        else
        {
            step = (2 * (steps + 1) - SquareRoot(8 * (total - target - 1) + 1)) >> 1;
            frequency = steps + 1 - step;
            low = total - ((steps + 1 - step) * (steps + 2 - step) >> 1);
        }

        range.Update((uint)low, (uint)(low + frequency), (uint)total);
        return step;
    }

    /// <summary>An angle that is three times as likely up to the middle as beyond.</summary>
    private static int DecodeStepped(ref RangeDecoder range, int steps)
    {
        const int Likely = 3;
        var half = steps / 2;
        var likelyTotal = Likely * (half + 1);
        var total = likelyTotal + half;
        var target = (int)range.Decode((uint)total);
        if (target < likelyTotal)
        {
            var likely = target / Likely;
            range.Update((uint)(Likely * likely), (uint)(Likely * (likely + 1)), (uint)total);
            return likely;
        }

        range.Update((uint)target, (uint)target + 1, (uint)total);
        return half + 1 + target - likelyTotal;
    }

    // Numbers up to 132000 have exact square roots in double precision, and so have what is between them.
    private static int SquareRoot(int value) => (int)Math.Sqrt(value);

    /// <summary>The cosine as all decoders have to compute it.</summary>
    private static int Cosine(int angle)
    {
        var square = (4096 + angle * angle) >> 13;
        return 1 + 32767 - square + Multiply(square, -7651 + Multiply(square, 8277 + Multiply(-626, square)));
    }

    /// <summary>The logarithm of a tangent, in 1/2048, as all decoders have to compute it.</summary>
    private static int LogOfTangent(int sine, int cosine)
    {
        var cosineLength = 32 - BitOperations.LeadingZeroCount((uint)cosine);
        var sineLength = 32 - BitOperations.LeadingZeroCount((uint)sine);
        cosine <<= 15 - cosineLength;
        sine <<= 15 - sineLength;
        return (sineLength - cosineLength) * (1 << 11)
            + Multiply(sine, Multiply(sine, -2597) + 7932)
            - Multiply(cosine, Multiply(cosine, -2597) + 7932);
    }

    private static int Multiply(int a, int b) => (16384 + (short)a * (short)b) >> 15;
}
