using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Opus;

public class OpusRepacketizerTests
{
    private static readonly OpusEncoderOptions Wideband = new() { SampleRate = 16_000, Bitrate = 16_000 };

    private readonly byte[] _buffer = new byte[OpusRepacketizer.MaxSize];
    private readonly OpusRepacketizer _repacketizer = new();

    public OpusRepacketizerTests() => Requires.Library(LibOpus.Library);

    [Fact]
    public void Three_packets_of_20_ms_become_one_of_60_as_libopus_makes_it_and_sound_the_same()
    {
        var packets = OpusSamples.Encode(Wideband, 6000);
        var joined = new List<byte[]>();
        foreach (var three in packets.Chunk(3))
        {
            _repacketizer.Clear();
            Assert.All(three, packet => Assert.True(_repacketizer.TryAdd(packet)));
            Assert.Equal(2880, _repacketizer.Duration);
            joined.Add(_buffer[.._repacketizer.Write(_buffer)]);
            Assert.Equal(LibOpus.Join(three), joined[^1]);
            Assert.Equal(3, joined[^1][0] & 3);
        }

        Assert.Equal(OpusSamples.Decode(packets), OpusSamples.Decode(joined));
    }

    [Fact]
    public void Joined_packets_split_into_the_packets_they_were_made_of()
    {
        var packets = OpusSamples.Encode(Wideband, 600);
        foreach (var six in packets.Chunk(6))
        {
            _repacketizer.Clear();
            Assert.True(_repacketizer.TryAdd(LibOpus.Join(six)!));
            Assert.Equal(six.Length, _repacketizer.FrameCount);
            for (var i = 0; i < six.Length; i++)
                Assert.Equal(six[i], _buffer[.._repacketizer.Write(_buffer, i, 1)]);
        }
    }

    [Fact]
    public void Any_frames_are_joined_byte_for_byte_as_libopus_joins_them()
    {
        var joins = 0;
        var refusals = 0;
        Fx.Check(Gen.Choose(0, 1_000_000), seed =>
        {
            var random = new Random(seed);
            var toc = random.Next(64) * 4;
            var packets = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => OpusSamples.Make(random, random.Next(8) == 0 ? random.Next(256) : toc | random.Next(4)))
                .ToArray();
            _repacketizer.Clear();
            var taken = packets.All(packet => _repacketizer.TryAdd(packet));
            var expected = LibOpus.Join(packets);
            Assert.Equal(expected is not null, taken);
            if (!taken)
            {
                refusals++;
                return;
            }

            joins++;
            Assert.Equal(expected!.Length, _repacketizer.GetSize());
            Assert.Equal(expected, _buffer[.._repacketizer.Write(_buffer)]);
            var first = random.Next(_repacketizer.FrameCount);
            var count = random.Next(1, _repacketizer.FrameCount - first + 1);
            Assert.Equal(LibOpus.Join(packets, first, count), _buffer[.._repacketizer.Write(_buffer, first, count)]);
        }, 3000);
        Assert.InRange(joins, 500, 2500);
        Assert.InRange(refusals, 500, 2500);
    }

    [Fact]
    public void Forced_code_3_keeps_the_frames_and_the_smallest_code_comes_back()
    {
        Fx.Check(OpusSamples.AnyPacket, packet =>
        {
            var repacketizer = new OpusRepacketizer { ForceCode3 = true };
            Assert.True(repacketizer.TryAdd(packet));
            Assert.Equal(repacketizer.GetSize(), repacketizer.Write(_buffer));
            var written = OpusPacket.Parse(_buffer.AsSpan(0, repacketizer.GetSize()));
            Assert.Equal(3, written.Toc.Code);
            Assert.Equal(0, written.PaddingSize);
            AssertSameFrames(packet, written.Data.ToArray());
            Assert.Equal(LibOpus.Unpad(packet), _buffer[..OpusRepacketizer.Unpad(written.Data, _buffer)]);
        }, 1000);
    }

    [Fact]
    public void Padding_of_any_length_is_what_libopus_writes_and_comes_off_again()
    {
        var lengths = Gen.OneOf(Gen.Choose(0, 600), Gen.Choose(0, 6000));
        Fx.Check(Gen.Zip(OpusSamples.AnyPacket, lengths), pair =>
        {
            var (packet, more) = pair;
            var buffer = new byte[packet.Length + more + 7];
            packet.CopyTo(buffer, 0);
            buffer.AsSpan(packet.Length).Fill(0xAA);
            var padded = buffer[..OpusRepacketizer.Pad(buffer, packet.Length, packet.Length + more)];
            Assert.Equal(LibOpus.Pad(packet, packet.Length + more), padded);
            AssertSameFrames(packet, padded);
            Assert.All(buffer[^7..], value => Assert.Equal(0xAA, value));

            var unpadded = _buffer[..OpusRepacketizer.Unpad(padded, _buffer)];
            Assert.Equal(LibOpus.Unpad(packet), unpadded);
            Assert.Equal(unpadded, padded[..OpusRepacketizer.Unpad(padded, padded)]);
        }, 2000);
    }

    [Fact]
    public void Every_length_of_padding_up_to_three_length_bytes_is_reached()
    {
        byte[] packet = [0x48, 1, 2, 3];
        for (var length = packet.Length; length < 800; length++)
        {
            var buffer = new byte[length];
            packet.CopyTo(buffer, 0);
            Assert.Equal(length, OpusRepacketizer.Pad(buffer, packet.Length, length));
            Assert.Equal(packet[1..], OpusPacket.Parse(buffer).GetFrame(0).ToArray());
            Assert.Equal(length == packet.Length ? 0 : 3, buffer[0] & 3);
        }
    }

    [Fact]
    public void Padded_packets_sound_the_same()
    {
        var packets = OpusSamples.Encode(Wideband, 1000);
        var padded = packets.Select((packet, i) =>
        {
            Array.Resize(ref packet, packet.Length + 17 * i);
            OpusRepacketizer.Pad(packet, packets[i].Length, packet.Length);
            return packet;
        });
        Assert.Equal(OpusSamples.Decode(packets), OpusSamples.Decode(padded));
    }

    [Fact]
    public void Frames_that_were_not_sent_are_kept_as_such()
    {
        var options = new OpusEncoderOptions { SampleRate = 16_000, UseDtx = true };
        using var encoder = VoiceKit.LibOpus.LibOpusCodec.Default.CreateEncoder(options);
        var buffer = new byte[OpusPacket.MaxEncodedSize];
        var packets = Enumerable.Range(0, 90).Select(_ => buffer[..encoder.Encode(new float[320], buffer)]).ToList();
        Assert.Contains(packets, packet => packet.Length == 1);
        var joined = packets.Chunk(3).Select(three =>
        {
            _repacketizer.Clear();
            Assert.All(three, packet => Assert.True(_repacketizer.TryAdd(packet)));
            return _buffer[.._repacketizer.Write(_buffer)];
        }).ToList();
        Assert.Contains(joined, packet => packet.Length == 2);
        Assert.Equal(OpusSamples.Decode(packets), OpusSamples.Decode(joined));
    }

    [Fact]
    public void What_does_not_go_together_is_left_out()
    {
        Assert.True(_repacketizer.TryAdd([0x48, 1]));
        Assert.False(_repacketizer.TryAdd([0x4C, 1]));
        Assert.False(_repacketizer.TryAdd([0x50, 1]));
        Assert.False(_repacketizer.TryAdd([0x4B, 0x06, 1, 2, 3, 4, 5, 6]));
        Assert.True(_repacketizer.TryAdd([0x4B, 0x05, 1, 2, 3, 4, 5]));
        Assert.Equal(6, _repacketizer.FrameCount);
        Assert.Equal(5760, _repacketizer.Duration);
        _repacketizer.Clear();
        Assert.Equal(0, _repacketizer.Duration);
        Assert.True(_repacketizer.TryAdd([0x4C, 1]));
    }

    [Fact]
    public void The_longest_packet_fits_the_bound()
    {
        var packet = new byte[1276];
        packet[0] = 0xE0;
        for (var i = 0; i < 48; i++)
            Assert.True(_repacketizer.TryAdd(i == 47 ? packet.AsSpan(0, 1275) : packet));
        Assert.False(_repacketizer.TryAdd(packet));
        Assert.Equal(OpusRepacketizer.MaxSize - 1, _repacketizer.Write(_buffer));
        Assert.Equal(5760, OpusPacket.Parse(_buffer.AsSpan(0, OpusRepacketizer.MaxSize - 1)).Duration);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<InvalidOperationException>(() => _repacketizer.Write(_buffer));
        Assert.Throws<VoiceFormatException>(() => _repacketizer.TryAdd([]));
        Assert.Throws<VoiceFormatException>(() => _repacketizer.TryAdd([0x49, 1]));
        _repacketizer.TryAdd([0x48, 1, 2]);
        Assert.Throws<ArgumentException>(() => _repacketizer.Write(new byte[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _repacketizer.Write(_buffer, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _repacketizer.Write(_buffer, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _repacketizer.Write(_buffer, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _repacketizer.Write(_buffer, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => OpusRepacketizer.Pad(new byte[9], 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => OpusRepacketizer.Pad(new byte[9], 5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => OpusRepacketizer.Pad(new byte[9], 5, 10));
        Assert.Throws<VoiceFormatException>(() => OpusRepacketizer.Pad(new byte[9], 0, 9));
        Assert.Throws<ArgumentException>(() => OpusRepacketizer.Unpad([0x48, 1], new byte[1]));
        Assert.Throws<VoiceFormatException>(() => OpusRepacketizer.Unpad([], new byte[1]));
    }

    [Fact]
    public void Broken_packets_give_the_format_error_and_nothing_else()
    {
        var random = new Random(6716);
        var refused = 0;
        for (var i = 0; i < 5000; i++)
        {
            var packet = OpusSamples.Make(random);
            packet[random.Next(Math.Min(4, packet.Length))] = (byte)random.Next(256);
            packet = packet[..random.Next(packet.Length / 2, packet.Length + 1)];
            var buffer = new byte[packet.Length + random.Next(600)];
            packet.CopyTo(buffer, 0);
            try
            {
                OpusRepacketizer.Pad(buffer, packet.Length, buffer.Length);
                AssertSameFrames(packet, buffer);
            }
            catch (VoiceFormatException)
            {
                refused++;
                Assert.Throws<VoiceFormatException>(() => OpusRepacketizer.Unpad(packet, new byte[packet.Length]));
            }
        }

        Assert.InRange(refused, 500, 4500);
    }

    [Fact]
    public void Steady_state_allocates_nothing()
    {
        var packets = OpusSamples.Encode(Wideband, 3000);
        var padding = new byte[4000];
        JoinAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        JoinAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void JoinAll()
        {
            foreach (var packet in packets)
            {
                if (!_repacketizer.TryAdd(packet))
                {
                    var size = _repacketizer.Write(padding);
                    OpusRepacketizer.Pad(padding, size, size + 300);
                    OpusRepacketizer.Unpad(padding.AsSpan(0, size + 300), padding);
                    _repacketizer.Clear();
                }
            }
        }
    }

    private static void AssertSameFrames(byte[] expected, byte[] actual)
    {
        var left = OpusPacket.Parse(expected);
        var right = OpusPacket.Parse(actual);
        Assert.Equal(left.Toc.Value & ~3, right.Toc.Value & ~3);
        Assert.Equal(left.FrameCount, right.FrameCount);
        for (var i = 0; i < left.FrameCount; i++)
            Assert.True(left.GetFrame(i).SequenceEqual(right.GetFrame(i)));
    }
}
