namespace VoiceKit.Caf;

/// <summary>
/// Makes a packet table: sizes only, while all packets last equally long; sizes and durations, once one does not. Takes two to
/// four bytes a packet.
/// </summary>
internal sealed class CafPacketTable
{
    private const int MaxNumberSize = 5;

    private byte[] _entries = new byte[1024];
    private int _length;
    private bool _hasDurations;

    /// <summary>The entries so far.</summary>
    public ReadOnlySpan<byte> Entries => _entries.AsSpan(0, _length);

    public long Count { get; private set; }

    /// <summary>How long each packet lasts; 0 when they differ.</summary>
    public uint CommonDuration { get; private set; }

    public void Add(int size, int duration)
    {
        if (Count == 0)
            CommonDuration = (uint)duration;
        else if (!_hasDurations && CommonDuration != duration)
            InsertDurations();
        Append((uint)size);
        if (_hasDurations)
            Append((uint)duration);
        Count++;
    }

    // Each size ends with the byte whose top bit is clear; the duration goes behind it.
    private void InsertDurations()
    {
        var sizes = Entries.ToArray();
        var duration = CommonDuration;
        _length = 0;
        _hasDurations = true;
        CommonDuration = 0;
        foreach (var value in sizes)
        {
            Reserve();
            _entries[_length++] = value;
            if (value < 0x80)
                Append(duration);
        }
    }

    // Seven bits a byte, the highest first; the top bit says that more follow.
    private void Append(uint number)
    {
        Reserve();
        for (var shift = 28; shift > 0; shift -= 7)
        {
            if (number >> shift != 0)
                _entries[_length++] = (byte)(number >> shift | 0x80);
        }

        _entries[_length++] = (byte)(number & 0x7F);
    }

    private void Reserve()
    {
        if (_entries.Length - _length < MaxNumberSize)
            Array.Resize(ref _entries, 2 * _entries.Length);
    }
}
