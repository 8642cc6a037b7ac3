namespace VoiceKit.Audio;

/// <summary>
/// Reads the PCM of an AIFF or AIFF-C file or stream: integers of 1 to 32 bits in either byte order (NONE, twos, sowt, raw, in24,
/// in32), floats of 32 and 64 bits (fl32, fl64), A-law and mu-law (ITU-T G.711).
/// </summary>
/// <remarks>
/// <para>Integers are divided by their full scale; floats stay as they are. The sample rate, a float in the file, is rounded to
/// whole Hz. The sound ends where either the Common chunk or the Sound Data chunk says so, whichever comes first; a last frame
/// that is not whole is dropped.</para>
/// <para>Sizes that a program left open because it wrote to a pipe mean that the sound goes on to the end of the stream. A stream
/// that ends before the size it states is read as far as it goes; <see cref="IsTruncated"/> tells.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class AiffReader : IAudioReader
{
    private const int ScratchSize = 6144; // A multiple of every sample's size: 1, 2, 3, 4 and 8 bytes.

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly WavInput _input;
    private readonly AiffHeader _header;
    private readonly byte[] _scratch;
    private long _framesRead;
    private bool _disposed;

    /// <summary>Reads the header of an AIFF stream, from where the stream stands.</summary>
    /// <param name="stream">The stream; it need not seek, unless the sound stands before its description.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed, or when its header is refused.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="VoiceFormatException">
    /// The stream is no AIFF file, is damaged, or has a codec that is not read.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public AiffReader(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _input = new WavInput(stream);
        long? length;
        try
        {
            var origin = stream.CanSeek ? stream.Position : 0;
            length = stream.CanSeek ? stream.Length - origin : null;
            _header = AiffHeaderParser.Parse(_input, stream.CanSeek);
            if (_input.Offset != _header.DataStart && stream.CanSeek)
                _input = GoTo(origin);
        }
        catch
        {
            _input.Dispose();
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }

        _scratch = _header.ByteOrder == AiffByteOrder.Little ? [] : new byte[ScratchSize];
        (FrameCount, IsTruncated) = Measure(_header, length);
    }

    /// <inheritdoc/>
    public AudioFormat Format => _header.Format;

    /// <summary>Where the header has the sample rate, counted from where the stream stood.</summary>
    internal long RateOffset => _header.RateOffset;

    /// <summary>
    /// The whole length in frames: what the header states, no more than a stream that can seek has room for; null while it is
    /// not known (open sizes in a stream that cannot seek). At the end it is the number of frames read.
    /// </summary>
    public long? FrameCount { get; private set; }

    /// <summary>
    /// Whether the stream ends before the sound that its header states: known at once for a stream that can seek, for others
    /// after <see cref="Read"/> gave 0.
    /// </summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Opens an AIFF file.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no AIFF file, is damaged, or has a codec that is not read.
    /// </exception>
    /// <exception cref="IOException">The file could not be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static AiffReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan));

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var channels = _header.Format.Channels;
        if (buffer.Length < channels)
            throw new ArgumentException($"The buffer must hold at least one frame ({channels} floats).", nameof(buffer));
        var wanted = Math.Min(buffer.Length / channels, (FrameCount ?? long.MaxValue) - _framesRead);
        if (wanted == 0)
            return 0;
        var blockAlign = _header.BlockAlign;
        var ahead = _input.Peek(blockAlign);
        var frames = (int)Math.Min(wanted, ahead.Length / blockAlign);
        if (frames == 0)
            return End();
        Decode(ahead, buffer[..(frames * channels)]);
        _input.Advance(frames * blockAlign);
        _framesRead += frames;
        return frames * channels;
    }

    /// <summary>Ends the reading and, unless it was asked to be left open, disposes the stream.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _input.Dispose();
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private WavInput GoTo(long origin)
    {
        _input.Dispose();
        _stream.Position = Math.Min(origin + _header.DataStart, _stream.Length);
        return new WavInput(_stream);
    }

    private void Decode(ReadOnlySpan<byte> source, Span<float> samples)
    {
        if (_header.ByteOrder == AiffByteOrder.Little)
        {
            WavDecoder.Decode(_header.Coding, source, samples);
            return;
        }

        var size = _header.Coding.BytesPerSample();
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, ScratchSize / size);
            ToWavOrder(source[..(count * size)], size);
            WavDecoder.Decode(_header.Coding, _scratch, samples[..count]);
            source = source[(count * size)..];
            samples = samples[count..];
        }
    }

    private void ToWavOrder(ReadOnlySpan<byte> source, int size)
    {
        source.CopyTo(_scratch);
        for (var at = 0; at < source.Length; at += size)
        {
            if (size == 1)
                _scratch[at] ^= 0x80;
            else
                _scratch.AsSpan(at, size).Reverse();
        }
    }

    private int End()
    {
        IsTruncated |= FrameCount is not null;
        FrameCount = _framesRead;
        return 0;
    }

    private static (long? Frames, bool IsTruncated) Measure(AiffHeader header, long? streamLength)
    {
        var stated = header.FrameCount;
        if (streamLength is not { } length)
            return (stated, false);
        var there = Math.Max(0, length - header.DataStart) / header.BlockAlign;
        return stated > there ? (there, true) : (stated ?? there, false);
    }
}
