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
            var choice = random.Next(mayReadRaw ? 8 : 7);
            Assert.Equal(Ask(ref range, choice, new Random(step)), Ask(plain, choice, new Random(step)));
            Assert.Equal((plain.Range, plain.Tell), (range.FinalRange, range.Tell()));
            if (!mayReadRaw && random.Next(100) == 0)
            {
                length = random.Next(length + 1);
                plain.Shrink(length);
                range.Shrink(length);
            }
        }
    }

    private static long Ask(ref RangeDecoder range, int choice, Random random)
    {
        switch (choice)
        {
            case 0:
                return range.DecodeBit(1 + random.Next(15)) ? 1 : 0;
            case 1:
                return range.DecodeFlag(1 + random.Next(255)) ? 1 : 0;
            case 2:
                return range.DecodeSymbol(Tables[random.Next(Tables.Length)]);
            case 3:
                return range.DecodeSymbol([2, 1, 0], 2);
            case 4:
                return range.DecodeFlags((uint)random.Next(1 << 16), 1 + random.Next(255));
            case 5:
                return range.DecodeFlags([130, 129, 1, 255]);
            case 6:
                var total = (uint)random.Next(2, 1 << 15);
                var symbol = range.Decode(total);
                range.Update(symbol, symbol + 1, total);
                return symbol;
            default:
                return range.DecodeRaw(random.Next(26));
        }
    }

    private static long Ask(PlainRangeDecoder range, int choice, Random random)
    {
        switch (choice)
        {
            case 0:
                var bits = 1 + random.Next(15);
                return DecodeFlag(range, 1, bits) ? 1 : 0;
            case 1:
                return DecodeFlag(range, 1 + random.Next(255), 8) ? 1 : 0;
            case 2:
                return range.DecodeSymbol(Tables[random.Next(Tables.Length)], 8);
            case 3:
                return range.DecodeSymbol([2, 1, 0], 2);
            case 4:
                return DecodeFlags(range, random.Next(1 << 16), 1 + random.Next(255));
            case 5:
                return new[] { 130, 129, 1, 255 }.Aggregate(
                    0, (before, second) => 2 * before + (DecodeFlag(range, second, 8) ? 1 : 0));
            case 6:
                var total = (uint)random.Next(2, 1 << 15);
                var symbol = range.Decode(total);
                range.Update(symbol, symbol + 1, total);
                return symbol;
            default:
                return range.DecodeRaw(random.Next(26));
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
