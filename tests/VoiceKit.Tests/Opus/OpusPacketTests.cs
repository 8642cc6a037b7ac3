using FsCheck.Fluent;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Opus;

public class OpusPacketTests
{
    // 0x48: SILK wideband, 20 ms, mono; the low two bits are the code.
    private const byte Toc = 0x48;

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "R1" },
        { "48" + Bytes(1276), "R2" },
        { "49" + Bytes(2552), "R2" },
        { "4A01" + Bytes(1277), "R2" },
        { "4B02" + Bytes(2552), "R2" },
        { "4901", "R3" },
        { "49010203", "R3" },
        { "4A", "R4" },
        { "4AFC", "R4" },
        { "4A05010203", "R4" },
        { "4AFFFF" + Bytes(1274), "R4" },
        { "4B00", "R5" },
        { "4B07" + Bytes(7), "R5" },
        { "1B03" + Bytes(3), "R5" },
        { "4B", "R6" },
        { "4B0201", "R6" },
        { "4B4202FF", "R6" },
        { "4B42FF", "R6" },
        { "4B420501", "R6" },
        { "4B82", "R7" },
        { "4B82FC", "R7" },
        { "4B820401", "R7" },
        { "4BC2", "R7" },
        { "4BC203010000", "R7" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_packet_names_the_rule_it_breaks(string hex, string rule)
    {
        var bytes = Convert.FromHexString(hex);
        var exception = Assert.Throws<VoiceFormatException>(() => OpusPacket.Parse(bytes));
        Assert.Contains(rule + ")", exception.Message);
        Assert.False(OpusPacket.TryParse(bytes, out _));
    }

    public static TheoryData<string, int[], int> Valid => new()
    {
        { "48", [0], 0 },
        { "48AABB", [2], 0 },
        { "49", [0, 0], 0 },
        { "490102", [1, 1], 0 },
        { "4A00", [0, 0], 0 },
        { "4A01AABBCC", [1, 2], 0 },
        { "4AFC00" + Bytes(252), [252, 0], 0 },
        { "4AFFFF" + Bytes(1275), [1275, 0], 0 },
        { "4B01AA", [1], 0 },
        { "4B03010203", [1, 1, 1], 0 },
        { "4B4200", [0, 0], 0 },
        { "4B420201020000", [1, 1], 2 },
        { "4B41FF00" + Bytes(254), [0], 254 },
        { "4B8301000102", [1, 0, 1], 0 },
        { "4BC20101AABBCC00", [1, 2], 1 },
        { "E330" + Bytes(48), [.. Enumerable.Repeat(1, 48)], 0 },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Frames_of_every_code_are_found(string hex, int[] sizes, int padding)
    {
        var packet = OpusPacket.Parse(Convert.FromHexString(hex));
        var found = new List<int>();
        for (var i = 0; i < packet.FrameCount; i++)
            found.Add(packet.GetFrame(i).Length);
        Assert.Equal(sizes, found);
        Assert.Equal(padding, packet.PaddingSize);
        Assert.Equal(sizes.Length * packet.Toc.FrameDuration, packet.Duration);
    }

    [Fact]
    public void Frame_beyond_the_last_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OpusPacket.Parse([Toc]).GetFrame(1));

    [Fact]
    public void Toc_follows_table_2_of_the_RFC()
    {
        // Mode, bandwidth and frame sizes in ms, four or two configurations at a time (RFC 6716 §3.1).
        (OpusMode Mode, OpusBandwidth Bandwidth, double[] Sizes)[] table =
        [
            (OpusMode.Silk, OpusBandwidth.Narrowband, [10, 20, 40, 60]),
            (OpusMode.Silk, OpusBandwidth.Mediumband, [10, 20, 40, 60]),
            (OpusMode.Silk, OpusBandwidth.Wideband, [10, 20, 40, 60]),
            (OpusMode.Hybrid, OpusBandwidth.Superwideband, [10, 20]),
            (OpusMode.Hybrid, OpusBandwidth.Fullband, [10, 20]),
            (OpusMode.Celt, OpusBandwidth.Narrowband, [2.5, 5, 10, 20]),
            (OpusMode.Celt, OpusBandwidth.Wideband, [2.5, 5, 10, 20]),
            (OpusMode.Celt, OpusBandwidth.Superwideband, [2.5, 5, 10, 20]),
            (OpusMode.Celt, OpusBandwidth.Fullband, [2.5, 5, 10, 20]),
        ];
        var configuration = 0;
        foreach (var (mode, bandwidth, sizes) in table)
        {
            foreach (var size in sizes)
            {
                var toc = new OpusToc((byte)(configuration << 3 | 0b101));
                Assert.Equal(configuration, toc.Configuration);
                Assert.Equal(mode, toc.Mode);
                Assert.Equal(bandwidth, toc.Bandwidth);
                Assert.Equal((int)(size * 48), toc.FrameDuration);
                Assert.True(toc.IsStereo);
                Assert.Equal(1, toc.Code);
                configuration++;
            }
        }

        Assert.Equal(32, configuration);
    }

    [Fact]
    public void Any_bytes_are_either_refused_or_laid_out_within_themselves()
    {
        var bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        var sized = Gen.Choose(0, 300).SelectMany(size => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(size));
        Fx.Check(Gen.OneOf(bytes, sized), data =>
        {
            if (!OpusPacket.TryParse(data, out var packet))
                return;
            var total = packet.PaddingSize + 1;
            for (var i = 0; i < packet.FrameCount; i++)
            {
                Assert.InRange(packet.GetFrame(i).Length, 0, OpusPacket.MaxFrameSize);
                total += packet.GetFrame(i).Length;
            }

            Assert.InRange(total, 1, data.Length);
            Assert.InRange(packet.Duration, 120, OpusPacket.MaxDuration);
        }, 5000);
    }

    [Fact]
    public void Duration_and_fault_are_those_of_the_packet_laid_out_for_every_first_byte_and_size_around_each_limit()
    {
        int[] sizes = [0, 1, 2, 3, 254, 255, 256, 1275, 1276, 1277, 1278, 2551, 2552, 2553];
        var random = new Random(6716);
        foreach (var size in sizes)
        {
            var data = new byte[size];
            random.NextBytes(data);
            for (var toc = 0; toc < (size == 0 ? 1 : 256); toc++)
            {
                if (size > 0)
                    data[0] = (byte)toc;
                var expected = OpusPacketLayout.Read(data, out var layout);
                Assert.Equal(expected, OpusPacketLayout.ReadDuration(data, 1, out var duration));
                var frame = expected == OpusPacketFault.None ? new OpusToc((byte)toc).FrameDuration : 0;
                Assert.Equal(layout.FrameCount * frame, duration);
            }
        }
    }

    private static string Bytes(int count) => new('0', 2 * count);
}
