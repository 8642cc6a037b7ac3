using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Decoding.Tests.Range;

/// <summary>
/// The range decoder against the one that RFC 6716 writes down, by whatever is asked of them, in frames of any bytes.
/// </summary>
public class RangeDecoderTests
{
    private static readonly byte[][] Tables =
    [
        [192, 128, 64, 0], [255, 1, 0], [130, 0], [125, 51, 26, 18, 15, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];

    [Fact]
    public void Reads_what_the_plain_one_reads()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var frame = new byte[random.Next(100)];
            random.NextBytes(frame);
            if (seed % 7 == 0)
                frame.AsSpan(frame.Length / 2).Fill((byte)(seed % 2 == 0 ? 0 : 255));
            Compare(random, frame, seed);
        }
    }

    // Beyond the end of the frame too, where all bits are 0.
    private static void Compare(Random random, byte[] frame, int seed)
    {
        var plain = new PlainRangeDecoder(frame);
        var range = new RangeDecoder(frame);
        var length = frame.Length;
        var mayReadRaw = seed % 2 == 0;
        for (var step = 0; step < 400; step++)
        {
            var (expected, actual) = Ask(plain, ref range, random.Next(mayReadRaw ? 8 : 7), random);
            Assert.Equal(expected, actual);
            Assert.Equal((plain.Range, plain.Tell), (range.FinalRange, range.Tell()));
            if (!mayReadRaw && random.Next(100) == 0)
            {
                length = random.Next(length + 1);
                plain.Shrink(length);
                range.Shrink(length);
            }
        }
    }

    private static (long Expected, long Actual) Ask(
        PlainRangeDecoder plain, ref RangeDecoder range, int choice, Random random)
    {
        switch (choice)
        {
            case 0:
                var bits = 1 + random.Next(15);
                return (DecodeFlag(plain, 1, bits) ? 1 : 0, range.DecodeBit(bits) ? 1 : 0);
            case 1:
                var second = 1 + random.Next(255);
                return (DecodeFlag(plain, second, 8) ? 1 : 0, range.DecodeFlag(second) ? 1 : 0);
            case 2:
                var table = Tables[random.Next(Tables.Length)];
                return (plain.DecodeSymbol(table, 8), range.DecodeSymbol(table));
            case 3:
                return (plain.DecodeSymbol([2, 1, 0], 2), range.DecodeSymbol([2, 1, 0], 2));
            case 4:
                var (places, likely) = (random.Next(1 << 16), 1 + random.Next(255));
                return (DecodeFlags(plain, places, likely), range.DecodeFlags((uint)places, likely));
            case 5:
                byte[] seconds = [130, 129, 1, 255];
                var expected = seconds.Aggregate(0, (before, next) => 2 * before + (DecodeFlag(plain, next, 8) ? 1 : 0));
                return (expected, range.DecodeFlags(seconds));
            case 6:
                var total = (uint)random.Next(2, 1 << 15);
                var (symbol, found) = (plain.Decode(total), range.Decode(total));
                plain.Update(symbol, symbol + 1, total);
                range.Update(found, found + 1, total);
                return (symbol, found);
            default:
                var count = random.Next(26);
                return (plain.DecodeRaw(count), range.DecodeRaw(count));
        }
    }

    private static long DecodeFlags(PlainRangeDecoder range, int places, int second)
    {
        var seconds = 0L;
        for (var place = 0; place < 16; place++)
        {
            if ((places >> place & 1) != 0 && DecodeFlag(range, second, 8))
                seconds |= 1L << place;
        }

        return seconds;
    }

    private static bool DecodeFlag(PlainRangeDecoder range, int second, int bits) =>
        range.DecodeSymbol([(byte)second, 0], bits) == 1;
}
