using VoiceKit.Ogg;

namespace VoiceKit.Tests.Ogg;

/// <summary>Each way to compute the checksum against its definition, bit by bit.</summary>
public class OggCrcTests
{
    private static readonly byte[] Bytes = MakeBytes();

    [Fact]
    public void Every_way_gives_the_checksum()
    {
        GivesTheChecksum(OggCrc.UpdateByTables, 0);
        GivesTheChecksum(OggCrc.Update, 0);
        if (OggCrc.CanFold)
            GivesTheChecksum(OggCrc.UpdateByFolding, 64);
    }

    [Fact]
    public void Every_single_bit_tells()
    {
        var sums = new HashSet<uint> { OggCrc.Update(0, new byte[300]) };
        for (var bit = 0; bit < 300 * 8; bit++)
        {
            var bytes = new byte[300];
            bytes[bit / 8] = (byte)(1 << (bit % 8));
            Assert.True(sums.Add(OggCrc.Update(0, bytes)), $"bit {bit}");
        }
    }

    private delegate uint Checksum(uint crc, ReadOnlySpan<byte> data);

    private static void GivesTheChecksum(Checksum update, int shortest)
    {
        for (var length = shortest; length < 700; length++)
        {
            foreach (var start in new[] { 0, 1, 7 })
            {
                var data = Bytes.AsSpan(start, length);
                foreach (var crc in new[] { 0u, 1u, 0x8000_0000u, 0xDEAD_BEEFu, uint.MaxValue })
                    Assert.Equal((length, Define(crc, data)), (length, update(crc, data)));
            }
        }

        Assert.Equal(Define(0, Bytes), update(0, Bytes));
    }

    // RFC 3533 §6: polynomial 0x04C11DB7, the most significant bit first.
    private static uint Define(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc << 1) ^ ((crc >> 31) * 0x04C11DB7u);
        }

        return crc;
    }

    private static byte[] MakeBytes()
    {
        var bytes = new byte[70_000];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
