using System.Text;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Ogg;

public class OggPageTests
{
    [Fact]
    public void Checksum_of_the_check_string_is_that_of_CRC_32_POSIX_without_length_and_inversion() =>
        // The catalogue's check value of CRC-32/MPEG-2 differs by its start; from 0 the remainder of "123456789" is 0x89A1897F.
        Assert.Equal(0x89A1897Fu, OggCrc.Update(0, Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Checksum_in_slices_equals_the_definition_bit_by_bit()
    {
        var random = new Random(1);
        for (var length = 0; length < 100; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(BitByBit(data), OggCrc.Update(0, data));
            var half = length / 2;
            Assert.Equal(BitByBit(data), OggCrc.Update(OggCrc.Update(0, data.AsSpan(0, half)), data.AsSpan(half)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(510)]
    [InlineData(65_024)]
    [InlineData(65_025)]
    [InlineData(65_026)]
    [InlineData(200_000)]
    public void Packet_of_any_size_comes_back_whole(int size)
    {
        var packet = new byte[size];
        new Random(size).NextBytes(packet);
        var pages = Split(packet);

        var defects = new OpusDefectLog(isStrict: true);
        using var sync = new OggPageSync(defects);
        using var assembler = new OggPacketAssembler(defects);
        var found = new List<byte[]>();
        var position = 0;
        while (true)
        {
            var status = sync.Next();
            if (status == OggSyncStatus.End)
                break;
            if (status == OggSyncStatus.NeedData)
            {
                var count = Math.Min(1000, pages.Length - position);
                pages.AsMemory(position, count).CopyTo(sync.GetFreeSpace());
                sync.Advance(count);
                position += count;
                continue;
            }

            assembler.Push(sync.Page, sync.PageOffset);
            for (var i = 0; i < assembler.Count; i++)
                found.Add(assembler.GetPacket(sync.Page, i).ToArray());
        }

        Assert.Equal(2, found.Count);
        Assert.Equal(packet, found[0]);
        Assert.Equal([7], found[1]);
    }

    // The packet, and one of a byte behind it.
    private static byte[] Split(byte[] packet)
    {
        var bytes = new MemoryStream();
        var builder = new OggPageBuilder(5);
        foreach (var next in new[] { packet, [7] })
        {
            var rest = next;
            while (true)
            {
                var (taken, isWhole) = builder.Add(rest);
                if (isWhole)
                    break;
                rest = rest[taken..];
                bytes.Write(builder.End(OggPage.NoGranule, OggPageFlags.None, nextIsContinued: true));
            }

            if (!builder.Fits(1))
                bytes.Write(builder.End(0, OggPageFlags.None));
        }

        bytes.Write(builder.End(0, OggPageFlags.EndOfStream));
        return bytes.ToArray();
    }

    private static uint BitByBit(byte[] data)
    {
        uint crc = 0;
        foreach (var value in data)
        {
            for (var bit = 7; bit >= 0; bit--)
            {
                var carry = (crc >> 31) ^ (uint)(value >> bit & 1);
                crc = (crc << 1) ^ (carry * 0x04C11DB7);
            }
        }

        return crc;
    }
}
