namespace VoiceKit.Opus;

/// <summary>
/// Turns a stream of packets into packets of another duration, for example 20 ms each into 60 ms each or back, without touching
/// the coded frames (RFC 6716 §3.2). A packet comes out shorter than wanted where the coder changes its mode, bandwidth, frame
/// size or channels, where a frame more would make it longer, and at the end. Frames are never split: one that is longer than
/// wanted is a packet of its own. The duration of all packets together stays the same. Not thread-safe; allocates nothing in
/// steady state.
/// </summary>
/// <example>
/// <code>
/// regrouper.Push(packet);
/// while (regrouper.Read())
///     writer.WritePacket(regrouper.Packet);
/// </code>
/// and when all packets are in, <see cref="Complete"/> and the same loop once more.
/// </example>
internal sealed class OpusPacketRegrouper
{
    private readonly OpusRepacketizer _group = new();
    private readonly int _duration;
    private byte[] _input = new byte[512];
    private int _inputSize;
    private int _nextFrame;
    private byte[] _output = new byte[512];
    private int _outputSize;
    private bool _isComplete;

    /// <summary>Creates a regrouper.</summary>
    /// <param name="duration">The duration that packets are to have: 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.</param>
    /// <param name="forceCode3">
    /// Whether packets have frame count code 3 even where code 0, 1 or 2 would be a byte shorter: some players take no other.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The duration is none of those.</exception>
    public OpusPacketRegrouper(TimeSpan duration, bool forceCode3 = false)
    {
        if (!OpusRates.IsPacketDuration(duration))
        {
            throw new ArgumentOutOfRangeException(
                nameof(duration), duration, "A packet takes 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.");
        }

        _duration = (int)(duration.Ticks * OpusRates.Full / TimeSpan.TicksPerSecond);
        _group.ForceCode3 = forceCode3;
    }

    /// <summary>
    /// The current packet. Valid until the next read; empty before the first and after one that returned false.
    /// </summary>
    public ReadOnlySpan<byte> Packet => _output.AsSpan(0, _outputSize);

    /// <summary>The current packet's duration, in samples at 48 kHz; 0 when there is none.</summary>
    public int Duration { get; private set; }

    /// <summary>Gives the next packet of the stream, which is copied.</summary>
    /// <param name="packet">A whole Opus packet.</param>
    /// <exception cref="VoiceFormatException">
    /// The packet breaks RFC 6716 §3.4; it is left out, and the next one may be given.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Read"/> has not yet returned false for the packet before, or the stream is complete.
    /// </exception>
    public void Push(ReadOnlySpan<byte> packet)
    {
        if (_isComplete)
            throw new InvalidOperationException("The stream is complete.");
        if (_inputSize > 0)
            throw new InvalidOperationException("Read the packets that are there until there are no more.");

        OpusPacket.Parse(packet);
        if (packet.Length > _input.Length)
            _input = new byte[Math.Max(packet.Length, 2 * _input.Length)];
        packet.CopyTo(_input);
        _inputSize = packet.Length;
        _nextFrame = 0;
    }

    /// <summary>Says that there are no more packets, so that what is left comes out.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>Goes to the next packet.</summary>
    /// <returns>False when there is none until more are given, or, after <see cref="Complete"/>, at the end.</returns>
    public bool Read()
    {
        var isReady = _inputSize > 0 && TakeFrames();
        if (isReady || (_isComplete && _group.FrameCount > 0))
        {
            WriteGroup();
            return true;
        }

        _outputSize = Duration = 0;
        return false;
    }

    /// <summary>Forgets all packets and starts a new stream.</summary>
    public void Reset()
    {
        _group.Clear();
        _inputSize = _outputSize = Duration = 0;
        _isComplete = false;
    }

    // Adds frames of the input to the group; true when nothing more goes into it.
    private bool TakeFrames()
    {
        var input = OpusPacket.Parse(_input.AsSpan(0, _inputSize));
        var frameDuration = input.Toc.FrameDuration;
        while (_nextFrame < input.FrameCount)
        {
            if (_group.FrameCount > 0 && _group.Duration + frameDuration > _duration)
                return true;
            if (!_group.TryAdd(input, _nextFrame, 1))
                return true;
            _nextFrame++;
        }

        _inputSize = 0;
        return _group.Duration + frameDuration > _duration;
    }

    private void WriteGroup()
    {
        var size = _group.GetSize();
        if (size > _output.Length)
            _output = new byte[Math.Max(size, 2 * _output.Length)];
        _outputSize = _group.Write(_output);
        Duration = _group.Duration;
        _group.Clear();
    }
}
