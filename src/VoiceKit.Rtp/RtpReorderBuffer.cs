namespace VoiceKit.Rtp;

/// <summary>Holds packets of one source that came before one that is missing, at most as many as the window.</summary>
internal sealed class RtpReorderBuffer
{
    private readonly RtpSlot[] _slots;

    // Which of the last numbers before the next one were there: bit 0 for the one just before.
    private UInt128 _history;
    private ushort _nextSequence;
    private int _first;
    private int _highest;

    public RtpReorderBuffer(int window)
    {
        _slots = new RtpSlot[window];
        for (var i = 0; i < window; i++)
            _slots[i] = new RtpSlot();
    }

    /// <summary>The source.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>How many packets are held.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the next packet in order is there.</summary>
    public bool IsNextThere => _slots[_first].IsUsed;

    /// <summary>Begins with a source at a sequence number. There must be no packets left.</summary>
    public void Start(uint ssrc, ushort sequence)
    {
        Ssrc = ssrc;
        _nextSequence = sequence;
        _history = 0;
        _highest = 0;
    }

    /// <summary>How far a sequence number is ahead of the next one in order; negative for one that is behind.</summary>
    public int Ahead(ushort sequence) => (short)(sequence - _nextSequence);

    /// <summary>Whether the packet of a number up to 128 behind was there.</summary>
    public bool WasThere(ushort sequence)
    {
        var behind = -Ahead(sequence) - 1;
        return behind < 128 && (_history >> behind & 1) != 0;
    }

    /// <summary>Adds a packet whose number is within the window; false when it is there already.</summary>
    public bool TryAdd(RtpPacket packet, bool isOpus, out bool isReordered)
    {
        var ahead = Ahead(packet.Sequence);
        var slot = _slots[(_first + ahead) % _slots.Length];
        isReordered = ahead < _highest;
        if (slot.IsUsed)
            return false;
        slot.Set(packet, isOpus);
        Count++;
        _highest = Math.Max(_highest, ahead + 1);
        return true;
    }

    /// <summary>Adds a packet whose number is within the window and not there.</summary>
    public void Add(RtpSlot packet)
    {
        var ahead = Ahead(packet.Sequence);
        _slots[(_first + ahead) % _slots.Length].TakeFrom(packet);
        Count++;
        _highest = Math.Max(_highest, ahead + 1);
    }

    /// <summary>Takes the next packet in order out, if it is there.</summary>
    public bool TryTake(RtpSlot packet)
    {
        if (!IsNextThere)
            return false;
        packet.TakeFrom(_slots[_first]);
        Count--;
        Move(1);
        return true;
    }

    /// <summary>Gives up the next packet in order, which is not there.</summary>
    public void Skip() => Move(0);

    private void Move(uint wasThere)
    {
        _history = _history << 1 | wasThere;
        _nextSequence++;
        _first = (_first + 1) % _slots.Length;
        _highest = Math.Max(0, _highest - 1);
    }
}
