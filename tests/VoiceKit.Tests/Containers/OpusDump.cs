using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Containers;

/// <summary>All that a reader tells of a file.</summary>
internal sealed class OpusDump
{
    private OpusDump(IOpusPacketReader reader)
    {
        Head = reader.Head;
        for (var link = -1; reader.Read();)
        {
            if (reader.Link != link)
            {
                link = reader.Link;
                Heads.Add(reader.Head);
            }

            Packets.Add(reader.Packet.ToArray());
            Infos.Add(reader.PacketInfo);
        }

        Tags = reader.Tags;
        Defects = reader.Defects;
    }

    /// <summary>The head of the first link.</summary>
    public OpusHead Head { get; }

    /// <summary>The heads of all links with audio.</summary>
    public List<OpusHead> Heads { get; } = [];

    /// <summary>The tags of the last link.</summary>
    public OpusTags Tags { get; }

    public List<byte[]> Packets { get; } = [];

    public List<OpusPacketInfo> Infos { get; } = [];

    public IReadOnlyList<OpusDefect> Defects { get; }

    /// <summary>What is dropped at the start, at 48 kHz.</summary>
    public int TrimStart => Infos.Sum(info => info.TrimStart);

    /// <summary>What is dropped at the end, at 48 kHz.</summary>
    public int TrimEnd => Infos.Sum(info => info.TrimEnd);

    /// <summary>What is heard, at 48 kHz.</summary>
    public long Samples => Infos.Sum(info => (long)info.Playable + info.LostBefore);

    public static OpusDump Of(byte[] file)
    {
        using var reader = OpusContainers.Open(new MemoryStream(file));
        return new OpusDump(reader);
    }

    public static OpusDump Of(IOpusPacketReader reader) => new(reader);

    /// <summary>What a decoder makes of the packets when nothing is dropped: of a single link in mono or stereo.</summary>
    public float[] DecodeAll()
    {
        using var decoder = LibOpusCodec.Default.CreateDecoder(OpusRates.Full, Head.Channels);
        var pcm = new float[Infos.Sum(info => info.Duration) * Head.Channels];
        var at = 0;
        foreach (var packet in Packets)
            at += decoder.Decode(packet, pcm.AsSpan(at)) * Head.Channels;
        return pcm;
    }
}
