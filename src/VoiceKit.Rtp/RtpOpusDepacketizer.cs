using VoiceKit.Opus;

namespace VoiceKit.Rtp;

/// <summary>
/// Takes Opus out of RTP (RFC 7587, RFC 3550): puts packets in order, drops those that come twice or too late, and tells where
/// each stands in time. Network packets are given as they arrive; there is no socket and no clock in it. Broken packets are
/// counted and left out, never thrown. Not thread-safe; allocates nothing in steady state.
/// </summary>
/// <example>
/// <code>
/// depacketizer.Push(datagram);
/// while (depacketizer.Read())
///     decoder.Decode(depacketizer.Packet, pcm);
/// </code>
/// and when no more packets come, <see cref="Complete"/> and the same loop once more.
/// </example>
public sealed class RtpOpusDepacketizer
{
    // RFC 3550 appendix A.1: what is further ahead or behind is a new beginning rather than loss or disorder.
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;

    // Concealment comes in steps of 2.5 ms; a sender's rounding of timestamps is less.
    private const int GapStep = 120;

    private readonly RtpOpusOptions _options;
    private readonly int _maxGap;
    private readonly RtpReorderBuffer _buffer;
    private readonly RtpSlot _arrived = new();
    private readonly RtpSlot _candidate = new();
    private readonly RtpSlot _current = new();
    private RtpOpusStatistics _statistics;
    private Next _next;
    private bool _isStarted;
    private bool _isComplete;
    private bool _hasTimestamp;
    private uint _expectedTimestamp;
    private int _lostBefore;
    private long _position;

    /// <summary>Creates a depacketizer.</summary>
    /// <param name="options">What to take; null for the defaults.</param>
    public RtpOpusDepacketizer(RtpOpusOptions? options = null)
    {
        _options = options ?? new RtpOpusOptions();
        _maxGap = (int)(_options.MaxGap.Ticks * OpusRates.Full / TimeSpan.TicksPerSecond);
        _buffer = new RtpReorderBuffer(_options.Window);
    }

    // What stands behind the packets that are held: nothing yet, one too far ahead, or a new source.
    private enum Next
    {
        None,
        FarAhead,
        Restart,
    }

    /// <summary>
    /// The current Opus packet. Valid until the next read; empty before the first and after one that returned false.
    /// </summary>
    public ReadOnlySpan<byte> Packet => _current.Payload;

    /// <summary>
    /// Where the current packet stands in time, from 0 for the first one. The time before it that is missing, lost or not sent
    /// (DTX), is a multiple of 2.5 ms. Nothing is trimmed: RTP tells nothing of pre-skip.
    /// </summary>
    public OpusPacketInfo PacketInfo { get; private set; }

    /// <summary>
    /// How many RTP packets are lost just before the current one; 0 where time is missing because nothing was sent.
    /// </summary>
    public int LostPackets { get; private set; }

    /// <summary>The current packet's RTP sequence number.</summary>
    public int SequenceNumber => _current.Sequence;

    /// <summary>
    /// The current packet's RTP timestamp, in samples at 48 kHz (RFC 7587 §4.1) from a start of the sender's choice.
    /// </summary>
    public uint Timestamp => _current.Timestamp;

    /// <summary>The current packet's source.</summary>
    public uint Ssrc => _current.Ssrc;

    /// <summary>What came of the packets so far.</summary>
    public RtpOpusStatistics Statistics => _statistics;

    /// <summary>Gives an RTP packet, which is copied.</summary>
    /// <param name="packet">The whole packet as it came, header and all.</param>
    /// <returns>Whether it is taken; false for one that is counted and left out.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Read"/> has not yet returned false for the packet before, or the stream is complete.
    /// </exception>
    public bool Push(ReadOnlySpan<byte> packet)
    {
        if (_isComplete)
            throw new InvalidOperationException("The stream is complete.");
        if (_next != Next.None || (_isStarted && _buffer.IsNextThere))
            throw new InvalidOperationException("Read the packets that are there until there are no more.");

        _statistics.Received++;
        if (RtpPacket.IsControl(packet))
            return Ignore();
        if (!RtpPacket.TryParse(packet, out var rtp))
        {
            _statistics.Malformed++;
            return false;
        }

        return Take(rtp);
    }

    /// <summary>Says that there are no more packets, so that those behind missing ones come out.</summary>
    public void Complete()
    {
        _isComplete = true;
        if (_next != Next.Restart)
            DropCandidate();
    }

    /// <summary>Goes to the next Opus packet.</summary>
    /// <returns>False when there is none until more are given, or, after <see cref="Complete"/>, at the end.</returns>
    public bool Read()
    {
        while (_isStarted && Advance())
        {
            if (Place())
                return true;
        }

        _current.Clear();
        PacketInfo = default;
        LostPackets = 0;
        return false;
    }

    private bool Take(RtpPacket rtp)
    {
        var isOpus = _options.PayloadType is not { } type || rtp.PayloadType == type;
        if (_options.Ssrc is { } ssrc && rtp.Ssrc != ssrc)
            return Ignore();
        if (!_isStarted)
        {
            if (!isOpus)
                return Ignore();
            _isStarted = true;
            _buffer.Start(rtp.Ssrc, rtp.Sequence);
        }

        // Other payload types of the source, like tones, share its sequence numbers: none of them is a lost packet.
        if (!isOpus)
            _statistics.Ignored++;
        var ahead = rtp.Ssrc == _buffer.Ssrc ? _buffer.Ahead(rtp.Sequence) : int.MaxValue;
        if (ahead is < -MaxMisorder or >= MaxDropout)
            return isOpus && TakeStranger(rtp);
        DropCandidate();
        if (ahead < 0)
            return isOpus && DropBehind(rtp.Sequence);
        if (ahead >= _options.Window)
        {
            _arrived.Set(rtp, isOpus);
            _next = Next.FarAhead;
            return isOpus;
        }

        if (!_buffer.TryAdd(rtp, isOpus, out var isReordered))
        {
            if (isOpus)
                _statistics.Duplicates++;
            return false;
        }

        if (isReordered)
            _statistics.Reordered++;
        return isOpus;
    }

    // A new source, or a jump, is believed when two packets in sequence say so (RFC 3550 appendix A.1); the first is kept until
    // then.
    private bool TakeStranger(RtpPacket rtp)
    {
        var isConfirmed = _candidate.IsUsed && _candidate.Ssrc == rtp.Ssrc && (ushort)(_candidate.Sequence + 1) == rtp.Sequence;
        if (!isConfirmed)
        {
            DropCandidate();
            _candidate.Set(rtp, isOpus: true);
            return true;
        }

        _arrived.Set(rtp, isOpus: true);
        _next = Next.Restart;
        return true;
    }

    private bool DropBehind(ushort sequence)
    {
        if (_buffer.WasThere(sequence))
            _statistics.Duplicates++;
        else
            _statistics.Late++;
        return false;
    }

    private void DropCandidate()
    {
        if (_candidate.IsUsed)
            _statistics.Ignored++;
        _candidate.Clear();
    }

    private bool Ignore()
    {
        _statistics.Ignored++;
        return false;
    }

    // Goes to the next packet in order, past missing ones where they are given up.
    private bool Advance()
    {
        while (true)
        {
            if (_buffer.TryTake(_current))
                return true;
            if (_next == Next.FarAhead && _buffer.Ahead(_arrived.Sequence) < _options.Window)
            {
                _buffer.Add(_arrived);
                _next = Next.None;
                continue;
            }

            var isGivingUp = _next == Next.FarAhead || (_buffer.Count > 0 && (_next == Next.Restart || _isComplete));
            if (isGivingUp)
            {
                _buffer.Skip();
                _statistics.Lost++;
                _lostBefore++;
            }
            else if (_next == Next.Restart)
            {
                Restart();
            }
            else
            {
                return false;
            }
        }
    }

    private void Restart()
    {
        _buffer.Start(_candidate.Ssrc, _candidate.Sequence);
        _buffer.Add(_candidate);
        if (_options.Window > 1)
            _buffer.Add(_arrived);
        _candidate.Clear();
        _next = _options.Window > 1 ? Next.None : Next.FarAhead;
        _hasTimestamp = false;
        _lostBefore = 0;
        _statistics.Restarts++;
    }

    // Finds the current packet's place in time; false when it is no Opus packet.
    private bool Place()
    {
        if (!_current.IsOpus)
            return false;
        if (_current.Payload.IsEmpty)
            return Ignore();
        if (OpusPacketLayout.ReadDuration(_current.Payload, 1, out var duration) != OpusPacketFault.None)
        {
            _statistics.Malformed++;
            return false;
        }

        var gap = _hasTimestamp ? GapBefore(_current.Timestamp) : 0;
        _position += gap;
        PacketInfo = new OpusPacketInfo(_position, duration, 0, 0, gap);
        LostPackets = _lostBefore;
        _position += duration;
        _expectedTimestamp = _current.Timestamp + (uint)duration;
        _hasTimestamp = true;
        _lostBefore = 0;
        _statistics.Delivered++;
        return true;
    }

    // The timestamp wraps around; what is behind where it should be, or too far ahead, is no time that passed.
    private int GapBefore(uint timestamp)
    {
        var gap = (int)(timestamp - _expectedTimestamp);
        return gap < 0 || gap > _maxGap ? 0 : gap / GapStep * GapStep;
    }
}
