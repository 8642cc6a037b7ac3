namespace VoiceKit.Opus;

/// <summary>
/// Joins packets into longer ones and splits them, without touching the coded frames (RFC 6716 §3.2): what is decoded stays the
/// same bit for bit. Frames go into one packet when their packets agree in mode, bandwidth, frame size and channels, that is, in
/// all of the TOC byte but the frame count code. Not thread-safe. Allocates only while its buffer grows, to 61,200 bytes at most.
/// </summary>
internal sealed class OpusRepacketizer
{
    /// <summary>
    /// The largest packet without padding: 48 frames of 1275 bytes, 47 lengths of two bytes and two bytes in front.
    /// </summary>
    public const int MaxSize = OpusPacket.MaxFrameCount * (OpusPacket.MaxFrameSize + 2);

    private readonly ushort[] _lengths = new ushort[OpusPacket.MaxFrameCount];
    private byte[] _frames = new byte[1024];
    private int _size;
    private OpusToc _toc;

    /// <summary>How many frames are there, 0…48.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The duration of all frames, in samples at 48 kHz: 0…5760 (120 ms).</summary>
    public int Duration => FrameCount * FrameDuration;

    /// <summary>The duration of each frame, in samples at 48 kHz; 0 while there is none.</summary>
    public int FrameDuration => FrameCount == 0 ? 0 : _toc.FrameDuration;

    /// <summary>Whether packets are written with frame count code 3 even where code 0, 1 or 2 would be a byte shorter.</summary>
    /// <value>False by default. Some players take voice notes in code 3 only.</value>
    public bool ForceCode3 { get; set; }

    /// <summary>Adds a copy of a packet's frames behind those that are there; its padding is dropped.</summary>
    /// <param name="packet">A whole Opus packet.</param>
    /// <returns>
    /// False, and nothing is added, when the packet does not go with the frames there: another TOC, or more than 120 ms together.
    /// </returns>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4.</exception>
    public bool TryAdd(ReadOnlySpan<byte> packet)
    {
        var source = OpusPacket.Parse(packet);
        return TryAdd(source, 0, source.FrameCount);
    }

    /// <summary>
    /// Writes frames as one packet, in the smallest code that holds them unless <see cref="ForceCode3"/> is set.
    /// </summary>
    /// <param name="packet">
    /// Where it goes; <see cref="MaxSize"/> bytes always suffice, <see cref="GetSize"/> tells how many do.
    /// </param>
    /// <param name="firstFrame">The first frame, counted from 0.</param>
    /// <param name="frameCount">How many frames, at least 1; null for all from the first on.</param>
    /// <returns>The packet's size in bytes.</returns>
    /// <exception cref="InvalidOperationException">There are no frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The first frame or the count reaches beyond the frames that are held.
    /// </exception>
    /// <exception cref="ArgumentException">The packet does not fit.</exception>
    public int Write(Span<byte> packet, int firstFrame = 0, int? frameCount = null)
    {
        var lengths = LengthsOf(firstFrame, frameCount);
        var framing = new OpusFraming(lengths, ForceCode3);
        if (packet.Length < framing.Size)
            throw new ArgumentException($"The packet takes {framing.Size} bytes.", nameof(packet));

        framing.WriteHeader(packet, _toc.Value, lengths);
        var start = OpusFraming.Sum(_lengths.AsSpan(0, firstFrame));
        _frames.AsSpan(start, framing.BodySize).CopyTo(packet[framing.HeaderSize..]);
        return framing.Size;
    }

    /// <summary>The size of the packet that <see cref="Write"/> would write.</summary>
    /// <param name="firstFrame">The first frame, counted from 0.</param>
    /// <param name="frameCount">How many frames, at least 1; null for all from the first on.</param>
    /// <returns>1…<see cref="MaxSize"/> bytes.</returns>
    /// <exception cref="InvalidOperationException">There are no frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The first frame or the count reaches beyond the frames that are held.
    /// </exception>
    public int GetSize(int firstFrame = 0, int? frameCount = null) =>
        new OpusFraming(LengthsOf(firstFrame, frameCount), ForceCode3).Size;

    /// <summary>Forgets all frames.</summary>
    public void Clear() => FrameCount = _size = 0;

    /// <summary>
    /// Makes a packet longer without changing what it decodes to (RFC 6716 §3.2.5): it becomes a code 3 packet with padding.
    /// Padding that it has already counts.
    /// </summary>
    /// <param name="buffer">Holds the packet at its start, and has room for the new length.</param>
    /// <param name="length">The packet's size in bytes.</param>
    /// <param name="newLength">The size it gets; equal to <paramref name="length"/> leaves it as it is.</param>
    /// <returns><paramref name="newLength"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative, beyond the buffer, or the new one is less.</exception>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4.</exception>
    public static int Pad(Span<byte> buffer, int length, int newLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, buffer.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(newLength, length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newLength, buffer.Length);

        Span<ushort> lengths = stackalloc ushort[OpusPacket.MaxFrameCount];
        var (count, framesAt) = ReadLengths(buffer[..length], lengths);
        lengths = lengths[..count];
        if (newLength == length)
            return length;

        // One byte more than the smallest code takes is what code 3 needs at least, so that every length can be had.
        var framing = new OpusFraming(lengths, forceCode3: true);
        var padding = newLength - framing.Size;
        var toc = buffer[0];
        var newFramesAt = framing.HeaderSize + OpusFraming.PaddingLengths(padding);
        buffer.Slice(framesAt, framing.BodySize).CopyTo(buffer[newFramesAt..]);
        framing.WriteHeader(buffer, toc, lengths, padding);
        buffer[(newFramesAt + framing.BodySize)..newLength].Clear();
        return newLength;
    }

    /// <summary>Writes a packet without its padding and in the smallest code that holds its frames (RFC 6716 §3.2).</summary>
    /// <param name="packet">A whole Opus packet.</param>
    /// <param name="destination">As many bytes as the packet has always suffice; may start where the packet does.</param>
    /// <returns>The size in bytes, at most that of the packet.</returns>
    /// <exception cref="ArgumentException">The packet does not fit.</exception>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4.</exception>
    public static int Unpad(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        Span<ushort> lengths = stackalloc ushort[OpusPacket.MaxFrameCount];
        var (count, framesAt) = ReadLengths(packet, lengths);
        lengths = lengths[..count];
        var framing = new OpusFraming(lengths);
        if (destination.Length < framing.Size)
            throw new ArgumentException($"The packet takes {framing.Size} bytes.", nameof(destination));

        // The two may overlap: what is needed of the old header is read before anything is written.
        var toc = packet[0];
        packet.Slice(framesAt, framing.BodySize).CopyTo(destination[framing.HeaderSize..]);
        framing.WriteHeader(destination, toc, lengths);
        return framing.Size;
    }

    /// <summary>Adds some of a packet's frames; false when they do not go with those that are there.</summary>
    internal bool TryAdd(OpusPacket packet, int firstFrame, int frameCount)
    {
        var goesWith = FrameCount == 0 || (packet.Toc.Value ^ _toc.Value) < 4;
        if (!goesWith || (FrameCount + frameCount) * packet.Toc.FrameDuration > OpusPacket.MaxDuration)
            return false;

        _toc = packet.Toc;
        for (var i = firstFrame; i < firstFrame + frameCount; i++)
            Append(packet.GetFrame(i));
        return true;
    }

    private void Append(ReadOnlySpan<byte> frame)
    {
        if (_size + frame.Length > _frames.Length)
            Array.Resize(ref _frames, Math.Max(_size + frame.Length, 2 * _frames.Length));
        frame.CopyTo(_frames.AsSpan(_size));
        _size += frame.Length;
        _lengths[FrameCount++] = (ushort)frame.Length;
    }

    private ReadOnlySpan<ushort> LengthsOf(int firstFrame, int? frameCount)
    {
        if (FrameCount == 0)
            throw new InvalidOperationException("There are no frames to write.");
        ArgumentOutOfRangeException.ThrowIfNegative(firstFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(firstFrame, FrameCount);
        var count = frameCount ?? FrameCount - firstFrame;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(frameCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, FrameCount - firstFrame, nameof(frameCount));
        return _lengths.AsSpan(firstFrame, count);
    }

    // The frames of a packet stand one behind the other, whatever its code.
    private static (int Count, int FramesAt) ReadLengths(ReadOnlySpan<byte> packet, Span<ushort> lengths)
    {
        var source = OpusPacket.Parse(packet);
        var size = 0;
        for (var i = 0; i < source.FrameCount; i++)
        {
            lengths[i] = (ushort)source.GetFrame(i).Length;
            size += lengths[i];
        }

        return (source.FrameCount, packet.Length - source.PaddingSize - size);
    }
}
