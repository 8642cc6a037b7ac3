using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// Packets of a stretch of audio that is decoded apart from the others, and before them the packets of its pre-roll.
/// </summary>
internal sealed class PacketStretch
{
    // Padding makes packets of any size; then a stretch is short.
    private const int MaxSize = 1024 * 1024;

    private readonly List<Entry> _entries = [];
    private byte[] _bytes = new byte[32 * 1024];
    private int _size;
    private long _duration;

    /// <summary>How many packets there are, those of the pre-roll among them.</summary>
    public int Count => _entries.Count;

    /// <summary>How many of the packets are of the pre-roll.</summary>
    public int PreRollCount { get; private set; }

    /// <summary>
    /// Whether a decoder that begins here is in the very state of one that heard everything: a link begins here.
    /// </summary>
    public bool IsExact { get; private set; }

    /// <summary>What belongs to a packet.</summary>
    public Entry this[int index] => _entries[index];

    /// <summary>A packet.</summary>
    public ReadOnlySpan<byte> Packet(int index) => _bytes.AsSpan(_entries[index].Start, _entries[index].Length);

    /// <summary>Whether the stretch, without the pre-roll, is as long as it should be.</summary>
    /// <param name="duration">How long that is: samples at 48 kHz.</param>
    public bool IsFull(long duration) => _duration >= duration || _size >= MaxSize;

    /// <summary>Begins anew, behind another stretch whose last packets are the pre-roll.</summary>
    /// <param name="before">The stretch before; null at the start.</param>
    /// <param name="preRoll">How long the pre-roll is at least, where a link is as long: samples at 48 kHz.</param>
    public void Follow(PacketStretch? before, int preRoll)
    {
        Clear();
        if (before is null)
            return;
        for (var i = before.FindPreRoll(preRoll); i < before.Count; i++)
            Add(before._entries[i], before.Packet(i));
        PreRollCount = Count;
        IsExact = Count > 0 && _entries[0].BeginsLink;
        _duration = 0;
    }

    /// <summary>Adds the packet at which a reader stands.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="tags">The tags that are kept of the link.</param>
    /// <param name="beginsLink">Whether it is the first of its link.</param>
    public void Add(IOpusPacketReader reader, OpusTags tags, bool beginsLink)
    {
        // A link owes nothing to the one before it.
        if (beginsLink && Count == PreRollCount)
        {
            Clear();
            IsExact = true;
        }

        Add(new Entry(0, 0, reader.PacketInfo, reader.Head, tags, reader.Link, beginsLink), reader.Packet);
    }

    private void Clear()
    {
        _entries.Clear();
        PreRollCount = 0;
        _size = 0;
        _duration = 0;
        IsExact = false;
    }

    private int FindPreRoll(int preRoll)
    {
        var first = Count;
        for (var length = 0; first > 0 && length < preRoll; length += _entries[first].Info.Duration)
        {
            first--;
            if (_entries[first].BeginsLink)
                break;
        }

        return first;
    }

    private void Add(Entry entry, ReadOnlySpan<byte> packet)
    {
        if (_size + packet.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _size + packet.Length));
        packet.CopyTo(_bytes.AsSpan(_size));
        _entries.Add(entry with { Start = _size, Length = packet.Length });
        _size += packet.Length;
        _duration += entry.Info.Duration + entry.Info.LostBefore;
    }

    /// <summary>What belongs to a packet, and where its bytes are.</summary>
    internal readonly record struct Entry(
        int Start, int Length, OpusPacketInfo Info, OpusHead Head, OpusTags Tags, int Link, bool BeginsLink);
}
