using System.Buffers.Binary;

namespace VoiceKit.Ogg;

/// <summary>
/// The checksum of an Ogg page (RFC 3533 §6): a CRC-32 of polynomial 0x04C11DB7, not reflected, starting at 0, not inverted.
/// </summary>
internal static class OggCrc
{
    private const uint Polynomial = 0x04C11DB7;
    private const int Slices = 8;

    // Table k holds the effect of a byte that k further bytes follow, so that eight bytes are folded in at once.
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>Continues a checksum over more bytes.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        var tables = Tables;
        uint[] t0 = tables[0], t1 = tables[1], t2 = tables[2], t3 = tables[3];
        uint[] t4 = tables[4], t5 = tables[5], t6 = tables[6], t7 = tables[7];
        while (data.Length >= Slices)
        {
            var high = crc ^ BinaryPrimitives.ReadUInt32BigEndian(data);
            var low = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
            crc = t7[high >> 24] ^ t6[(byte)(high >> 16)] ^ t5[(byte)(high >> 8)] ^ t4[(byte)high]
                ^ t3[low >> 24] ^ t2[(byte)(low >> 16)] ^ t1[(byte)(low >> 8)] ^ t0[(byte)low];
            data = data[Slices..];
        }

        foreach (var value in data)
            crc = (crc << 8) ^ t0[(crc >> 24) ^ value];
        return crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Slices][];
        for (var slice = 0; slice < Slices; slice++)
            tables[slice] = new uint[256];

        for (uint value = 0; value < 256; value++)
        {
            var crc = value << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            tables[0][value] = crc;
        }

        for (var slice = 1; slice < Slices; slice++)
        {
            for (var value = 0; value < 256; value++)
            {
                var previous = tables[slice - 1][value];
                tables[slice][value] = (previous << 8) ^ tables[0][previous >> 24];
            }
        }

        return tables;
    }
}
