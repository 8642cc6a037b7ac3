using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>Counts what packets are. "Most" is by duration, or by number for the duration itself.</summary>
internal sealed class OggOpusStatistics
{
    private readonly long[] _durationByConfiguration = new long[32];
    private readonly long[] _packetsByDuration = new long[OpusPacket.MaxFrameCount + 1];

    public long PacketCount { get; private set; }

    public long PacketBytes { get; private set; }

    public OpusMode? Mode => MostOf(toc => toc.Mode);

    public OpusBandwidth? Bandwidth => MostOf(toc => toc.Bandwidth);

    public TimeSpan? PacketDuration => PacketCount == 0
        ? null
        : TimeSpan.FromMilliseconds(2.5 * Array.IndexOf(_packetsByDuration, _packetsByDuration.Max()));

    public void Add(ReadOnlySpan<byte> packet, int duration)
    {
        PacketCount++;
        PacketBytes += packet.Length;
        _durationByConfiguration[packet[0] >> 3] += duration;
        _packetsByDuration[duration / 120]++;
    }

    private T? MostOf<T>(Func<OpusToc, T> property) where T : struct => PacketCount == 0
        ? null
        : _durationByConfiguration
            .Select((duration, configuration) => (Duration: duration, Toc: new OpusToc((byte)(configuration << 3))))
            .GroupBy(entry => property(entry.Toc), entry => entry.Duration)
            .MaxBy(group => group.Sum())!.Key;
}
