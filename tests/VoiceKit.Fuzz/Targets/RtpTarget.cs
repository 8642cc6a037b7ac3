using VoiceKit.Opus;
using VoiceKit.Rtp;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// RTP packets. What comes out is valid Opus, in the order of time; every packet that went in is accounted for once: delivered,
/// late, a duplicate, malformed or ignored.
/// </summary>
public sealed class RtpTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    protected override int Runs => 5000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Rtp;

    protected override void Read(byte[] input) => Run(input, null, 64);

    protected override void Check(byte[] input)
    {
        Run(input, 96, 1);
        Run(input, null, 1 + input.Length % 7);
    }

    private static void Run(byte[] input, int? payloadType, int window)
    {
        var depacketizer = new RtpOpusDepacketizer(new RtpOpusOptions { PayloadType = payloadType, Window = window });
        long received = 0, delivered = 0, position = 0;
        foreach (var packet in Seeds.Unframe(input))
        {
            received++;
            depacketizer.Push(packet.Span);
            ReadAll(depacketizer, ref delivered, ref position);
        }

        depacketizer.Complete();
        ReadAll(depacketizer, ref delivered, ref position);
        var statistics = depacketizer.Statistics;
        Assert.Equal(received, statistics.Received);
        Assert.Equal(delivered, statistics.Delivered);
        var accounted = delivered + statistics.Late + statistics.Duplicates + statistics.Malformed + statistics.Ignored;
        Assert.Equal(received, accounted);
    }

    private static void ReadAll(RtpOpusDepacketizer depacketizer, ref long delivered, ref long position)
    {
        while (depacketizer.Read())
        {
            delivered++;
            var info = depacketizer.PacketInfo;
            Assert.Equal(OpusPacketFault.None, OpusPacketLayout.ReadDuration(depacketizer.Packet, 1, out var duration));
            Assert.Equal(duration, info.Duration);
            Assert.Equal(position + info.LostBefore, info.Position);
            Assert.True(info.LostBefore >= 0 && depacketizer.LostPackets >= 0);
            position = info.Position + duration;
        }
    }
}
