using VoiceKit.Ogg;
using VoiceKit.Tests.Ogg;

namespace VoiceKit.Tests.Support;

/// <summary>Breaks files at random.</summary>
internal static class Mutation
{
    /// <summary>
    /// Bits flipped, bytes cut out, doubled or overwritten. In an Ogg file, half of the time, the checksums are made right again, so that
    /// the layers above get to see the damage.
    /// </summary>
    public static byte[] Of(byte[] whole, Random random)
    {
        var data = whole;
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(data.Length);
            var count = Math.Min(random.Next(1, 400), data.Length - at);
            data = random.Next(5) switch
            {
                0 => [.. data[..at], (byte)(data[at] ^ (1 << random.Next(8))), .. data[(at + 1)..]],
                1 when count < data.Length => [.. data[..at], .. data[(at + count)..]],
                2 => [.. data[..at], .. data.AsSpan(at, count), .. data[at..]],
                3 => [.. data[..at], (byte)random.Next(256), .. data[(at + 1)..]],
                _ => data[..Math.Max(1, data.Length - count)],
            };
        }

        if (random.Next(2) == 0)
            SealPages(data = [.. data]);
        return data;
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
