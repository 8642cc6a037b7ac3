using VoiceKit.IO;

namespace VoiceKit.Caf;

/// <summary>A packet as the table tells it.</summary>
/// <param name="Offset">Its byte offset in the input.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Frames">What it decodes to, in frames of the file.</param>
internal readonly record struct CafPacket(long Offset, uint Size, uint Frames);

/// <summary>Goes through the packets of a file, one after the other. The table stays in the input.</summary>
internal sealed class CafPacketReader(ByteSource source, CafFile file)
{
    private const int WindowSize = 4096;
    private const int MaxNumberSize = 5;

    private readonly ByteWindow _window = new(source, WindowSize);
    private Place _at = new() { EntryAt = file.EntriesAt, DataAt = file.DataAt };

    /// <summary>Which packet comes next.</summary>
    public ref Place Current => ref _at;

    /// <summary>How many packets were gone through.</summary>
    public long Count => _at.Count;

    /// <summary>Whether the table ended before all packets that it is said to have.</summary>
    public bool IsCutOff => _at.IsCutOff;

    // With one size for all packets there is no table, and mNumberPackets is 0.
    private bool HasNoEntries => file.BytesPerPacket != 0 && file.FramesPerPacket != 0;

    public bool TryNext(out CafPacket packet)
    {
        packet = default;
        if (HasNoEntries ? _at.DataAt >= file.DataEnd : Count >= file.PacketCount)
            return false;
        var (size, frames) = (file.BytesPerPacket, file.FramesPerPacket);
        if ((size == 0 && !TryReadNumber(out size)) || (frames == 0 && !TryReadNumber(out frames)))
        {
            _at.IsCutOff = true;
            return false;
        }

        packet = new CafPacket(_at.DataAt, size, frames);
        _at.DataAt += size;
        _at.Count++;
        return true;
    }

    // Seven bits a byte, the highest first; the top bit says that more follow.
    private bool TryReadNumber(out uint number)
    {
        number = 0;
        for (var i = 0; i < MaxNumberSize && _at.EntryAt < file.EntriesEnd; i++)
        {
            var value = _window.GetByte(_at.EntryAt++);
            number = number << 7 | (uint)(value & 0x7F);
            if (value < 0x80)
                return true;
        }

        return false;
    }

    /// <summary>A place in the table.</summary>
    public struct Place
    {
        public long EntryAt;
        public long DataAt;
        public long Count;
        public bool IsCutOff;
    }
}
