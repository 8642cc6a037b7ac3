using FsCheck;
using FsCheck.Fluent;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Opus;

/// <summary>Packets to test with: of the encoder, and of made-up frames.</summary>
internal static class OpusSamples
{
    /// <summary>Encodes a voice with pauses.</summary>
    public static List<byte[]> Encode(OpusEncoderOptions options, int milliseconds)
    {
        using var encoder = LibOpusCodec.Default.CreateEncoder(options);
        var frames = (int)((long)milliseconds * options.SampleRate / 1000);
        var pcm = Signals.Voice(frames, options.SampleRate, options.Channels);
        var step = encoder.FrameSize * encoder.Channels;
        var buffer = new byte[OpusPacket.MaxEncodedSize];
        var packets = new List<byte[]>();
        for (var at = 0; at + step <= pcm.Length; at += step)
            packets.Add(buffer[..encoder.Encode(pcm.AsSpan(at, step), buffer)]);
        return packets;
    }

    public static float[] Decode(IEnumerable<byte[]> packets, int channels = 1)
    {
        using var decoder = LibOpusCodec.Default.CreateDecoder(48_000, channels);
        var buffer = new float[OpusPacket.MaxDuration * channels];
        var pcm = new List<float>();
        foreach (var packet in packets)
            pcm.AddRange(buffer[..(decoder.Decode(packet, buffer) * channels)]);
        return [.. pcm];
    }

    /// <summary>Packets of every code, flag and padding, valid all, with frames of any size.</summary>
    public static Gen<byte[]> AnyPacket { get; } =
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select Make(new Random(seed));

    /// <summary>A valid packet, not only in the shape that an encoder would choose.</summary>
    public static byte[] Make(Random random, int? toc = null)
    {
        var first = (byte)(toc ?? random.Next(256));
        var frameDuration = new OpusToc(first).FrameDuration;
        var most = OpusPacket.MaxDuration / frameDuration;
        var code = most == 1 && (first & 3) is 1 or 2 ? 3 : first & 3;
        var count = code switch { 0 => 1, 3 => random.Next(1, most + 1), _ => 2 };
        var isEqual = code == 1 || random.Next(2) == 0;
        var size = Size(random);
        var frames = Enumerable.Range(0, count).Select(_ => new byte[isEqual ? size : Size(random)]).ToArray();
        Array.ForEach(frames, random.NextBytes);

        var packet = new List<byte> { (byte)(first & ~3 | code) };
        var padding = 0;
        if (code == 3)
        {
            var isVariable = !isEqual || random.Next(2) == 0;
            padding = random.Next(2) == 0 ? -1 : Padding(random);
            packet.Add((byte)(count | (isVariable ? 0x80 : 0) | (padding >= 0 ? 0x40 : 0)));
            for (var rest = padding; rest >= 0; rest -= 254)
            {
                packet.Add((byte)Math.Min(rest, 255));
                if (rest < 255)
                    break;
            }

            if (isVariable)
                packet.AddRange(frames[..^1].SelectMany(frame => Length(frame.Length)));
        }
        else if (code == 2)
        {
            packet.AddRange(Length(frames[0].Length));
        }

        packet.AddRange(frames.SelectMany(frame => frame));
        packet.AddRange(new byte[Math.Max(0, padding)]);
        return [.. packet];
    }

    public static byte[] Length(int length)
    {
        if (length < 252)
            return [(byte)length];
        var first = 252 + length % 4;
        return [(byte)first, (byte)((length - first) / 4)];
    }

    private static int Size(Random random) => random.Next(5) switch
    {
        0 => 0,
        1 => random.Next(250, 258),
        2 => random.Next(1270, 1276),
        3 => random.Next(1276),
        _ => random.Next(60),
    };

    private static int Padding(Random random) => random.Next(3) switch
    {
        0 => random.Next(3),
        1 => random.Next(250, 260) * random.Next(1, 4),
        _ => random.Next(2000),
    };
}
