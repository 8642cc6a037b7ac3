namespace VoiceKit.Benchmarks;

/// <summary>The least that reading or writing Ogg takes: the checksum of RFC 3533 §6, a byte at a time from one table.</summary>
internal static class BareOgg
{
    private const uint Polynomial = 0x04C11DB7;

    private static readonly uint[] Table = MakeTable();

    public static uint Checksum(uint crc, ReadOnlySpan<byte> data)
    {
        var table = Table;
        foreach (var value in data)
            crc = (crc << 8) ^ table[(byte)(crc >> 24) ^ value];
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000_0000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[value] = crc;
        }

        return table;
    }
}
