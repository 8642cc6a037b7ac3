using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own container: packets in a list, as one may have them from a database.</summary>
internal sealed class OwnPacketReader : IOpusPacketReader
{
    private readonly List<(byte[] Packet, OpusPacketInfo Info)> _packets = [];
    private int _at = -1;
    private long _soughtFor;

    private OwnPacketReader(OpusHead head, OpusTags tags) => (Head, Tags) = (head, tags);

    public OpusContainer Container => OpusContainer.Ogg;

    public OpusHead Head { get; }

    public OpusTags Tags { get; }

    public int Link => 0;

    public ReadOnlySpan<byte> Packet => _at >= 0 && _at < _packets.Count ? _packets[_at].Packet : default;

    public OpusPacketInfo PacketInfo { get; private set; }

    public long Position { get; private set; }

    public long? Duration => _packets.Sum(one => (long)one.Info.Playable);

    public IReadOnlyList<OpusDefect> Defects => [];

    public long DefectCount => 0;

    public bool CanSeek => true;

    public bool IsDisposed { get; private set; }

    /// <summary>Takes the packets of a message.</summary>
    public static OwnPacketReader Of(VoiceMessage message)
    {
        using var reader = OpusContainers.Open(message.OpenRead());
        var own = new OwnPacketReader(reader.Head, reader.Tags);
        while (reader.Read())
            own._packets.Add((reader.Packet.ToArray(), reader.PacketInfo));
        return own;
    }

    public bool Read()
    {
        if (_at + 1 >= _packets.Count)
            return false;
        var info = _packets[++_at].Info;

        // What is before the place that was sought for is for the decoder alone.
        var early = (int)Math.Clamp(_soughtFor - info.Position, 0, info.Playable);
        PacketInfo = info with { Position = info.Position + early, TrimStart = info.TrimStart + early };
        Position = Math.Max(_soughtFor, info.Position + info.Playable);
        return true;
    }

    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Read());

    public void Seek(long position, int preRoll = 3840)
    {
        _soughtFor = Position = position;
        _at = _packets.FindLastIndex(one => one.Info.Position + one.Info.Playable <= position - preRoll);
    }

    public ValueTask SeekAsync(long position, int preRoll = 3840, CancellationToken cancellationToken = default)
    {
        Seek(position, preRoll);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => IsDisposed = true;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
