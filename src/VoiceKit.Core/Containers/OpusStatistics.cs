using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>Counts what packets are. "Most" is by duration, or by number for the duration itself.</summary>
internal sealed class OpusStatistics(OpusHead head, OpusTags tags, int link)
{
    private readonly long[] _durationByConfiguration = new long[32];
    private readonly long[] _packetsByDuration = new long[OpusPacket.MaxFrameCount + 1];
    private readonly List<OpusLinkInfo> _links = [];
    private OpusHead _head = head;
    private OpusTags _tags = tags;
    private int _link = link;
    private long _linkSamples;

    public long PacketCount { get; private set; }

    public long PacketBytes { get; private set; }

    public long Samples { get; private set; }

    public long LostSamples { get; private set; }

    /// <summary>The links with audio, the last of them whole; one when there is none.</summary>
    /// <param name="trimEnd">How much of the last one is trimmed that was counted.</param>
    public IReadOnlyList<OpusLinkInfo> MakeLinks(int trimEnd = 0) => _links.Count < OpusInfo.MaxLinks
        ? [.. _links, new OpusLinkInfo(_head, _tags, _linkSamples - trimEnd)]
        : _links;

    public OpusMode? Mode => MostOf(toc => toc.Mode);

    public OpusBandwidth? Bandwidth => MostOf(toc => toc.Bandwidth);

    public TimeSpan? PacketDuration => PacketCount == 0
        ? null
        : TimeSpan.FromMilliseconds(2.5 * Array.IndexOf(_packetsByDuration, _packetsByDuration.Max()));

    /// <summary>Adds the reader's current packet.</summary>
    public void Add(IOpusPacketReader reader)
    {
        if (reader.Link != _link)
            BeginLink(reader);
        Add(reader.Packet, reader.PacketInfo);
    }

    /// <summary>Adds a packet of the current link.</summary>
    public void Add(ReadOnlySpan<byte> packet, OpusPacketInfo info)
    {
        var samples = info.Playable + info.LostBefore;
        Samples += samples;
        _linkSamples += samples;
        LostSamples += info.LostBefore;
        PacketCount++;
        PacketBytes += packet.Length;
        _durationByConfiguration[packet[0] >> 3] += info.Duration;
        _packetsByDuration[info.Duration / 120]++;
    }

    private void BeginLink(IOpusPacketReader reader)
    {
        if (PacketCount > 0 && _links.Count < OpusInfo.MaxLinks)
            _links.Add(new OpusLinkInfo(_head, _tags, _linkSamples));
        _linkSamples = 0;
        (_link, _head, _tags) = (reader.Link, reader.Head, reader.Tags);
    }

    private T? MostOf<T>(Func<OpusToc, T> property) where T : struct => PacketCount == 0
        ? null
        : _durationByConfiguration
            .Select((duration, configuration) => (Duration: duration, Toc: new OpusToc((byte)(configuration << 3))))
            .GroupBy(entry => property(entry.Toc), entry => entry.Duration)
            .MaxBy(group => group.Sum())!.Key;
}
