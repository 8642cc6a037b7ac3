using System.Buffers.Binary;
using VoiceKit.IO;

namespace VoiceKit.Ogg;

/// <summary>Tells the mistakes that muxers make with checksums from damage.</summary>
internal static class OggCrcMistakes
{
    private static readonly OggCrcMistake[] All = Enum.GetValues<OggCrcMistake>();

    /// <summary>Which mistake makes a page's checksum what it is.</summary>
    /// <param name="page">A whole page whose checksum is wrong.</param>
    /// <returns><see cref="OggCrcMistake.None"/> where it is none of the known ones.</returns>
    public static OggCrcMistake Find(OggPage page)
    {
        foreach (var mistake in All)
        {
            if (mistake != OggCrcMistake.None && IsOf(page, mistake))
                return mistake;
        }

        return OggCrcMistake.None;
    }

    /// <summary>Whether a page's checksum is what a mistake makes of it.</summary>
    /// <param name="page">A whole page.</param>
    /// <param name="mistake">The mistake.</param>
    public static bool IsOf(OggPage page, OggCrcMistake mistake) =>
        mistake != OggCrcMistake.None && page.Checksum == Compute(page.Data, page.BodyAt, mistake);

    /// <summary>Whether checksums that are wrong in this way say nothing of their pages.</summary>
    /// <param name="mistake">The mistake.</param>
    public static bool IsNone(OggCrcMistake mistake) => mistake is OggCrcMistake.Zero or OggCrcMistake.Ones;

    /// <summary>Whether a page seems to have no checksum.</summary>
    /// <param name="page">A whole page whose checksum is wrong.</param>
    public static bool HasNone(OggPage page) => page.Checksum is 0 or uint.MaxValue;

    /// <summary>What to say of a stream whose checksums are all wrong in this way.</summary>
    /// <param name="mistake">The mistake.</param>
    public static string Describe(OggCrcMistake mistake) => mistake switch
    {
        OggCrcMistake.Zero => "There are no checksums: all are 0. Damage is not seen.",
        OggCrcMistake.Ones => "There are no checksums: all their bits are set. Damage is not seen.",
        OggCrcMistake.Swapped => "The bytes of all checksums stand in the wrong order.",
        OggCrcMistake.Zip => "All checksums are CRC-32 as in zip files, not those of Ogg (RFC 3533 §6).",
        OggCrcMistake.BodyOnly => "All checksums leave out the header of the page (RFC 3533 §6).",
        _ => "All checksums begin or end with the wrong bits (RFC 3533 §6).",
    };

    private static uint Compute(ReadOnlySpan<byte> page, int bodyAt, OggCrcMistake mistake) => mistake switch
    {
        OggCrcMistake.Ones => uint.MaxValue,
        OggCrcMistake.Swapped => BinaryPrimitives.ReverseEndianness(OggPage.ComputeChecksum(page)),
        OggCrcMistake.Preset => Sum(uint.MaxValue, page),
        OggCrcMistake.PresetAndFlipped => ~Sum(uint.MaxValue, page),
        OggCrcMistake.Flipped => ~OggPage.ComputeChecksum(page),
        OggCrcMistake.Zip => Zip(page),
        OggCrcMistake.BodyOnly => OggCrc.Update(0, page[bodyAt..]),
        _ => 0,
    };

    private static uint Sum(uint crc, ReadOnlySpan<byte> page)
    {
        crc = OggCrc.Update(crc, page[..OggPage.ChecksumAt]);
        crc = OggCrc.Update(crc, [0, 0, 0, 0]);
        return OggCrc.Update(crc, page[OggPage.SegmentCountAt..]);
    }

    private static uint Zip(ReadOnlySpan<byte> page)
    {
        var crc = Crc32.Of(page[..OggPage.ChecksumAt]);
        crc = Crc32.Append(crc, [0, 0, 0, 0]);
        return Crc32.Append(crc, page[OggPage.SegmentCountAt..]);
    }
}
