using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>Where the remainder frames begin: in which packet, counted from 0, and how much of it they are.</summary>
internal readonly struct CafEnd
{
    // What the last packets of 2.5 ms add up to is 120 ms; of others, more.
    private const int MaxPackets = OpusPacket.MaxFrameCount;

    private readonly long _packet;
    private readonly int _trim;

    private CafEnd(long packet, int trim)
    {
        _packet = packet;
        _trim = trim;
    }

    /// <summary>Goes through the table and looks at the last packets.</summary>
    /// <param name="source">The input.</param>
    /// <param name="file">The file.</param>
    /// <param name="remainder">The remainder frames, in samples at 48 kHz.</param>
    /// <param name="defects">Takes a remainder that cannot be.</param>
    public static CafEnd Find(ByteSource source, CafFile file, long remainder, OpusDefectLog defects)
    {
        if (remainder == 0)
            return new CafEnd(long.MaxValue, 0);
        var last = new CafPacket[MaxPackets];
        var packets = new CafPacketReader(source, file);
        while (packets.TryNext(out var packet))
            last[(packets.Count - 1) % MaxPackets] = packet;

        // Without the end of the audio there is nothing to trim.
        if (packets.IsCutOff || packets.Count == 0 || IsBehind(last[(packets.Count - 1) % MaxPackets], file))
            return new CafEnd(long.MaxValue, 0);

        var index = packets.Count;
        var first = Math.Max(0, index - MaxPackets);
        while (index > first)
        {
            var duration = DurationOf(source, last[--index % MaxPackets], file);
            if (remainder <= duration)
                return new CafEnd(index, (int)remainder);
            remainder -= duration;
        }

        defects.Add(file.EntriesAt, OpusDefectKind.BadTimestamp, $"{file.RemainderFrames} frames to drop at the end: too many.");
        return new CafEnd(index, OpusPacket.MaxDuration);
    }

    /// <summary>How much of a packet's end is dropped.</summary>
    public int TrimOf(long packet, int duration)
    {
        if (packet < _packet)
            return 0;
        return packet == _packet ? Math.Min(_trim, duration) : duration;
    }

    private static bool IsBehind(CafPacket packet, CafFile file) => packet.Offset > file.DataEnd - packet.Size;

    // From the last packet to the first: a window would read ahead what it has read before.
    private static int DurationOf(ByteSource source, CafPacket packet, CafFile file)
    {
        if (packet.Size == 0 || packet.Size > OpusPacket.MaxSizePerStream || IsBehind(packet, file))
            return 0;
        var bytes = new byte[packet.Size];
        var count = source.Read(packet.Offset, bytes);
        OpusPacketLayout.ReadDuration(bytes.AsSpan(0, count), 1, out var duration);
        return duration;
    }
}
