using VoiceKit.Ogg;
using VoiceKit.Tests.Ogg;

namespace VoiceKit.Tests.Support;

/// <summary>Breaks files at random.</summary>
internal static class Mutation
{
    private const int Headers = 600;

    /// <summary>
    /// Bits flipped, bytes cut out, doubled, overwritten or cut off. In an Ogg file, half of the time, the checksums are made
    /// right again, so that the layers above get to see the damage.
    /// </summary>
    /// <param name="whole">The file.</param>
    /// <param name="random">What chooses.</param>
    /// <param name="most">How often it is damaged at most.</param>
    /// <param name="longest">How many bytes are cut out or doubled at most.</param>
    /// <param name="isAtHeaders">Whether half of the damage is near the start, where the headers are.</param>
    public static byte[] Of(byte[] whole, Random random, int most = 4, int longest = 399, bool isAtHeaders = false)
    {
        var data = Break(whole, random, most, longest, isAtHeaders, hasSizes: false);
        if (random.Next(2) == 0)
            SealPages(data);
        return data;
    }

    /// <summary>The same for a file without checksums, and also with the numbers that tables of sizes fear.</summary>
    public static byte[] OfTables(byte[] whole, Random random, int most, int longest) =>
        Break(whole, random, most, longest, isAtHeaders: false, hasSizes: true);

    private static byte[] Break(byte[] whole, Random random, int most, int longest, bool isAtHeaders, bool hasSizes)
    {
        var data = whole.ToList();
        for (var n = random.Next(1, most + 1); n > 0; n--)
        {
            var at = random.Next(isAtHeaders && random.Next(2) == 0 ? Math.Min(Headers, data.Count) : data.Count);
            var count = Math.Min(random.Next(1, longest + 1), data.Count - at);
            switch (random.Next(hasSizes ? 6 : 5))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data.RemoveRange(at, Math.Min(count, data.Count - 1));
                    break;
                case 2:
                    data.InsertRange(at, data.GetRange(at, count));
                    break;
                case 3:
                    data[at] = (byte)random.Next(256);
                    break;
                case 4:
                    data.RemoveRange(Math.Max(1, data.Count - count), Math.Min(count, data.Count - 1));
                    break;
                default:
                    for (var i = 0; i < Math.Min(4, data.Count - at); i++)
                        data[at + i] = (byte)(i == 0 ? random.Next(2) * 0x7F : 0xFF);
                    break;
            }
        }

        return [.. data];
    }

    private static void SealPages(byte[] data)
    {
        for (var at = 0; at + OggPage.HeaderSize < data.Length; at++)
        {
            if (!data.AsSpan(at).StartsWith(OggPage.CapturePattern))
                continue;
            int segments = data[at + OggPage.SegmentCountAt];
            var headerSize = OggPage.HeaderSize + segments;
            if (at + headerSize > data.Length)
                continue;
            var size = headerSize + data.AsSpan(at + OggPage.HeaderSize, segments).ToArray().Sum(value => value);
            if (at + size <= data.Length)
                OggBytes.Seal(data[at..(at + size)]).CopyTo(data, at);
        }
    }
}
