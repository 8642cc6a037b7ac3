using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebM;

namespace VoiceKit.Tests.Containers;

/// <summary>Seeking in any container gives what reading from the start gives there, waiting for the input or not.</summary>
public class PacketReaderSeekTests
{
    private static readonly Dictionary<string, Func<byte[]>> Cases = new()
    {
        ["long CAF"] = () =>
            Write(
                30_000, stream => new CafOpusWriter(stream, new OpusHead(1, 312, 48_000), new OpusTags("test"), leaveOpen: true)),
        ["long WebM"] = () =>
            Write(
                30_000, stream =>
                    new WebMOpusWriter(stream, new OpusHead(1, 312, 48_000), new OpusTags("test"), leaveOpen: true)),
        ["two WebM"] = () =>
        [
            .. Write(
                3000, stream => new WebMOpusWriter(stream, new OpusHead(1, 312, 48_000), new OpusTags("test"), leaveOpen: true)),
            .. Write(
                2000, stream => new WebMOpusWriter(stream, new OpusHead(1, 312, 48_000), new OpusTags("test"), leaveOpen: true)),
        ],
        ["cut-off WebM"] = () =>
            Write(
                3000, stream =>
                    new WebMOpusWriter(stream, new OpusHead(1, 312, 48_000), new OpusTags("test"), leaveOpen: true))[..^700],
    };

    public static TheoryData<string> Files =>
    [
        .. Cases.Keys,
        "ffmpeg WebM -cluster_time_limit 300 (mono)", "chromium-mono.webm (short)", "ffmpeg Mp4 -movflags +faststart (mono)",
        "ffmpeg Mp4 (stereo)", "chromium-mono.mp4 (short)", "ffmpeg Caf (stereo)", "opusenc (mono)",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Seeking_gives_the_packets_that_reading_from_the_start_gives_there(string name)
    {
        var data = Get(name);
        var (all, defects) = ReadAll(data);
        var length = all[^1].Info.Position + all[^1].Info.Playable;
        using var reader = OpusContainers.Open(new MemoryStream(data));
        Assert.True(reader.CanSeek);
        foreach (var target in Targets(length))
        {
            reader.Seek(target);
            Assert.True(reader.Packet.IsEmpty);
            var first = Array.FindIndex(all, packet => packet.Info.Position + packet.Info.Playable > target);
            CheckPreRoll(reader, all, target, first);
            for (var i = first; i < Math.Min(first + 3, all.Length) && i >= 0; i++)
            {
                Assert.Equal(all[i].Packet, reader.Packet.ToArray());
                Assert.Equal(HeardFrom(all[i].Info, target), reader.PacketInfo);
                Assert.Equal(all[i].Info.Position + all[i].Info.Playable, reader.Position);
                Assert.Equal(i + 1 < all.Length, reader.Read());
            }
        }

        reader.Seek(0);
        while (reader.Read())
            ;
        Assert.Equal(defects, reader.Defects);
        Assert.Equal(length, reader.Duration);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Nothing_blocks_where_it_is_awaited(string name)
    {
        var data = Get(name);
        var (all, defects) = ReadAll(data);
        var stream = new AsyncOnlyStream(new MemoryStream(data));
        var reader = await OpusContainers.OpenAsync(stream);
        await using (reader)
        {
            foreach (var packet in all)
            {
                Assert.True(await reader.ReadAsync());
                Assert.Equal(packet.Packet, reader.Packet.ToArray());
                Assert.Equal(packet.Info, reader.PacketInfo);
            }

            Assert.False(await reader.ReadAsync());
            Assert.Equal(defects, reader.Defects);
            foreach (var target in new[] { 50_000L, 0, all[^1].Info.Position, 20_000 })
            {
                await reader.SeekAsync(target);
                var first = Array.FindIndex(all, packet => packet.Info.Position + packet.Info.Playable > target);
                do
                    Assert.Equal(first >= 0, await reader.ReadAsync());
                while (first >= 0 && reader.PacketInfo.Playable == 0);
                if (first >= 0)
                    Assert.Equal(HeardFrom(all[first].Info, target), reader.PacketInfo);
            }

            Assert.Equal(defects, reader.Defects);
        }

        Assert.True(stream.IsDisposed);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Reading_with_and_without_waiting_can_be_mixed(string name)
    {
        var data = Get(name);
        var (all, _) = ReadAll(data);
        await using var reader = await OpusContainers.OpenAsync(new MemoryStream(data));
        for (var i = 0; i < all.Length; i++)
        {
            Assert.True(i % 3 == 0 ? reader.Read() : await reader.ReadAsync());
            Assert.Equal(all[i].Packet, reader.Packet.ToArray());
            Assert.Equal(all[i].Info, reader.PacketInfo);
        }
    }

    [Fact]
    public async Task Cancelled_wait_loses_no_packet()
    {
        var data = Get("ffmpeg Mp4 (stereo)");
        var (all, _) = ReadAll(data);
        await using var reader = await OpusContainers.OpenAsync(new AsyncOnlyStream(new MemoryStream(data)));
        foreach (var packet in all)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await reader.ReadAsync(new CancellationToken(true)));
            Assert.True(await reader.ReadAsync());
            Assert.Equal(packet.Info, reader.PacketInfo);
        }
    }

    private static byte[] Get(string name) => Cases.TryGetValue(name, out var make) ? make() : Corpus.Get(name).Data;

    private static byte[] Write(int count, Func<Stream, IOpusPacketWriter> create)
    {
        var bytes = new MemoryStream();
        using var writer = create(bytes);
        var random = new Random(count);
        for (var i = 0; i < count; i++)
            writer.WritePacket(NumberedPackets.Make(i, random.Next(20, 100)));
        writer.Finish(trimEnd: 100);
        return bytes.ToArray();
    }

    private static (Sent[] All, OpusDefect[] Defects) ReadAll(byte[] data)
    {
        using var reader = OpusContainers.Open(new MemoryStream(data));
        var packets = new List<Sent>();
        while (reader.Read())
            packets.Add(new Sent(reader.Packet.ToArray(), reader.PacketInfo));
        return ([.. packets], [.. reader.Defects]);
    }

    private static IEnumerable<long> Targets(long length)
    {
        var random = new Random(7);
        long[] fixedTargets = [0, 1, length - 1, length, length + 1_000_000, 3000, length / 2, 0];
        return fixedTargets.Concat(Enumerable.Range(0, 25).Select(_ => random.NextInt64(length)));
    }

    private static OpusPacketInfo HeardFrom(OpusPacketInfo info, long target)
    {
        var before = Math.Max(0, (int)(target - info.Position));
        return info with { Position = info.Position + before, TrimStart = info.TrimStart + before, LostBefore = 0 };
    }

    // What is heard of none is given so that a decoder converges: 80 ms or all there is.
    private static void CheckPreRoll(IOpusPacketReader reader, Sent[] all, long target, int first)
    {
        var given = 0;
        while (reader.Read())
        {
            if (reader.PacketInfo.Playable > 0)
                break;
            given += reader.PacketInfo.Duration;
        }

        if (first < 0)
        {
            Assert.True(reader.Packet.IsEmpty);
            return;
        }

        var available = all[..first].Sum(packet => packet.Info.Duration);
        var into = Math.Max(0, target - all[first].Info.Position);
        Assert.InRange(given + into, Math.Min(OpusPreRoll.Least, available), long.MaxValue);
    }

    private sealed record Sent(byte[] Packet, OpusPacketInfo Info);
}
