using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Mp4;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Mp4;

/// <summary>MP4 recordings that were put one behind the other: each is a link of its own.</summary>
public class Mp4ChainTests
{
    public static TheoryData<int?, int?> Fragments => new() { { null, null }, { 200, 200 }, { null, 300 }, { 300, null } };

    [Theory]
    [MemberData(nameof(Fragments))]
    public void All_of_them_are_heard_one_after_the_other(int? first, int? second)
    {
        var (one, two) = (Make(1, 70_001, first), Make(2, 50_000, second));
        byte[] both = [.. one, .. two];
        var info = OpusInfo.Read(new MemoryStream(both));
        Assert.Equal((2, 120_001L), (info.LinkCount, info.Samples));
        Assert.Equal([1, 2], info.Links.Select(link => link.Head.Channels));
        Assert.Equal("Another MP4 file begins: it is a link of its own.", Assert.Single(info.Defects).Message);
        Assert.Equal(one.Length, info.Defects[0].Offset);

        var ogg = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(both), ogg, OpusContainer.Ogg);
        Assert.Equal(PacketsOf(one).Concat(PacketsOf(two)), PacketsOf(ogg.ToArray()));
        Assert.Equal(Pcm.Decode(both), Pcm.Decode(ogg.ToArray()));
        Assert.Throws<VoiceFormatException>(() => OpusInfo.Read(new MemoryStream(both), new OpusReaderOptions { Strict = true }));
    }

    [Theory]
    [MemberData(nameof(Fragments))]
    public async Task It_is_sought_in_and_read_without_waiting(int? first, int? second)
    {
        byte[] both = [.. Make(1, 70_001, first), .. Make(1, 50_000, second), .. Make(1, 30_000, first)];
        var packets = ReadAll(OpusContainers.Open(new MemoryStream(both)));
        Assert.Equal(150_001, packets[^1].Info.Position + packets[^1].Info.Playable);
        await using (var reader = await OpusContainers.OpenAsync(
            new AsyncOnlyStream(new MemoryStream(both)), cancellationToken: TestContext.Current.CancellationToken))
        {
            for (var i = 0; await reader.ReadAsync(TestContext.Current.CancellationToken); i++)
                Assert.Equal(packets[i].Info, reader.PacketInfo);
        }

        var random = new Random(6);
        using var seeker = OpusContainers.Open(new MemoryStream(both));
        for (var i = 0; i < 60; i++)
        {
            var target = random.NextInt64(150_001);
            seeker.Seek(target);
            do
                Assert.True(seeker.Read());
            while (seeker.PacketInfo.Playable == 0);
            Assert.Equal(target, seeker.PacketInfo.Position);
            var expected = packets.First(packet => packet.Info.Position + packet.Info.Playable > target);
            Assert.Equal(expected.Packet, seeker.Packet.ToArray());
            Assert.Equal(expected.Link, seeker.Link);
        }
    }

    [Fact]
    public void What_is_cut_off_or_no_sound_behind_the_first_leaves_the_first_alone()
    {
        var one = Make(1, 70_001, 200);
        foreach (var length in new[] { 4, 12, 60, 300, 600 })
        {
            byte[] both = [.. one, .. one[..length]];
            Assert.Equal(70_001, OpusInfo.Read(new MemoryStream(both)).Samples);
        }
    }

    private static byte[] Make(int channels, int frames, int? fragment)
    {
        var ogg = Pcm.Encode(
            Signals.Voice(frames, channels: channels),
            new AudioFormat(48_000, channels),
            new VoiceEncodingOptions { Channels = channels, Encoder = new() { Channels = channels } });
        return Mp4Bytes.FromOgg(ogg, fragment);
    }

    private static IEnumerable<byte[]> PacketsOf(byte[] file) =>
        ReadAll(OpusContainers.Open(new MemoryStream(file))).Select(packet => packet.Packet);

    private static (byte[] Packet, OpusPacketInfo Info, int Link)[] ReadAll(IOpusPacketReader reader)
    {
        using (reader)
        {
            var all = new List<(byte[], OpusPacketInfo, int)>();
            while (reader.Read())
                all.Add((reader.Packet.ToArray(), reader.PacketInfo, reader.Link));
            return [.. all];
        }
    }
}
