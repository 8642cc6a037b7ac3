using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// A packet of one or more streams. What one way takes, the others take; its frames are those of the packet that the
/// repacketizer, padding, the regrouper and the split of streams make of it.
/// </summary>
public sealed class OpusPacketTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    protected override int Runs => 30_000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Packets;

    protected override void Read(byte[] input)
    {
        new OpusRepacketizer().TryAdd(input);
        new OpusMultistreamPacket(1 + input.Length % 4).Split(input);
    }

    protected override void Check(byte[] input)
    {
        CheckStreams(input);
        var isValid = OpusPacket.TryParse(input, out var packet);
        var fault = OpusPacketLayout.ReadDuration(input, 1, out var duration);
        Assert.Equal(isValid, fault == OpusPacketFault.None);
        if (!isValid)
        {
            Assert.Throws<VoiceFormatException>(() => OpusPacket.Parse(input));
            Assert.Throws<VoiceFormatException>(() => new OpusRepacketizer().TryAdd(input));
            return;
        }

        Assert.Equal(packet.Duration, duration);
        Assert.InRange(duration, 120, OpusPacket.MaxDuration);
        var frames = FramesOf(input);
        CheckRepacketizer(input, frames);
        CheckPadding(input, frames);
        CheckRegrouper(input, frames);
    }

    private static void CheckRepacketizer(byte[] input, byte[][] frames)
    {
        var repacketizer = new OpusRepacketizer { ForceCode3 = input.Length % 2 == 0 };
        Assert.True(repacketizer.TryAdd(input));
        var packet = new byte[repacketizer.GetSize()];
        Assert.Equal(packet.Length, repacketizer.Write(packet));
        Same.Check(frames, FramesOf(packet));
    }

    private static void CheckPadding(byte[] input, byte[][] frames)
    {
        var unpadded = new byte[input.Length];
        unpadded = unpadded[..OpusRepacketizer.Unpad(input, unpadded)];
        Same.Check(frames, FramesOf(unpadded));
        var newLength = input.Length + input.Length * 7 % 600;
        var padded = new byte[newLength];
        input.CopyTo(padded, 0);
        Assert.Equal(newLength, OpusRepacketizer.Pad(padded, input.Length, newLength));
        Same.Check(frames, FramesOf(padded));
    }

    private static void CheckRegrouper(byte[] input, byte[][] frames)
    {
        var regrouper = new OpusPacketRegrouper(TimeSpan.FromMilliseconds(20));
        var found = new List<byte[]>();
        regrouper.Push(input);
        while (regrouper.Read())
            found.AddRange(FramesOf(regrouper.Packet));
        regrouper.Complete();
        while (regrouper.Read())
            found.AddRange(FramesOf(regrouper.Packet));
        Same.Check(frames, found);
    }

    private static void CheckStreams(byte[] input)
    {
        for (var count = 1; count <= 4; count++)
        {
            var streams = new OpusMultistreamPacket(count);
            var fault = streams.Split(input);
            Assert.Equal(OpusPacketLayout.ReadDuration(input, count, out var duration), fault);
            if (fault != OpusPacketFault.None)
                continue;
            for (var stream = 0; stream < count; stream++)
            {
                Assert.Equal(OpusPacketFault.None, OpusPacketLayout.ReadDuration(streams.GetStream(stream), 1, out var own));
                Assert.Equal(duration, own);
            }
        }
    }

    private static byte[][] FramesOf(ReadOnlySpan<byte> data)
    {
        var packet = OpusPacket.Parse(data);
        var frames = new byte[packet.FrameCount][];
        for (var i = 0; i < frames.Length; i++)
            frames[i] = packet.GetFrame(i).ToArray();
        return frames;
    }
}
