namespace VoiceKit.Audio;

/// <summary>
/// Reads the PCM of a WAV file or stream, forward only: 8-, 16-, 24- and 32-bit PCM, 32- and 64-bit IEEE float, A-law and
/// mu-law (ITU-T G.711), plain or WAVE_FORMAT_EXTENSIBLE, in RIFF, RIFX, RF64 (EBU Tech 3306) or BW64 (ITU-R BS.2088), of any
/// length.
/// </summary>
/// <remarks>
/// <para>Integers are divided by their full scale (128 after taking 128 away, 32768, 8388608, 2147483648); floats stay as they
/// are. Where fewer bits of four bytes are used, the samples tell which. Chunks other than fmt, ds64 and data are passed over. A
/// last frame that is not whole is dropped.</para>
/// <para>Sizes that a program left open because it wrote to a pipe (0, 0xFFFFFFFF, 0x7FFFF000 and the like) mean that the sound
/// goes on to the end of the stream. A stream that ends before the size it states is read as far as it goes;
/// <see cref="IsTruncated"/> tells.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class WavReader : IAudioReader
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly WavInput _input;
    private readonly WavHeader _header;
    private long _framesRead;

    /// <summary>Reads the header of a WAV stream, from where the stream stands.</summary>
    /// <param name="stream">The stream; it need not seek.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed, or when its header is refused.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="VoiceFormatException">The stream is no WAV file, is damaged, or has a codec that is not read.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public WavReader(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        _stream = stream;
        _leaveOpen = leaveOpen;
        long? length = stream.CanSeek ? stream.Length - stream.Position : null;
        _input = new WavInput(stream);
        try
        {
            long start = stream.CanSeek ? stream.Position : 0;
            WavHeader header = WavHeaderParser.Parse(_input, length);
            ReadOnlySpan<byte> ahead = stream.CanSeek || header.Coding != WavCoding.Int24In32
                ? default
                : _input.Peek(WavInput.Window);
            _header = WavAlignment.Resolve(header, stream.CanSeek ? stream : null, start + header.DataStart, ahead);
        }
        catch
        {
            _input.Dispose();
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }
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

    /// <summary>Opens a WAV file.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="VoiceFormatException">The stream is no WAV file, is damaged, or has a codec that is not read.</exception>
    /// <exception cref="IOException">The file could not be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static WavReader Open(string path)
    {
        // No buffer of the stream's own: the reader has one.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        try
        {
            return new WavReader(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The reader was disposed.</exception>
    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_input.IsDisposed, this);
        int channels = _header.Format.Channels;
        if (buffer.Length < channels)
            throw new ArgumentException($"The buffer must hold at least one frame ({channels} floats).", nameof(buffer));
        long wanted = Math.Min(buffer.Length / channels, (FrameCount ?? long.MaxValue) - _framesRead);
        if (wanted == 0)
            return 0;
        int blockAlign = _header.BlockAlign;
        ReadOnlySpan<byte> ahead = _input.Peek(blockAlign);
        int frames = (int)Math.Min(wanted, ahead.Length / blockAlign);
        if (frames == 0)
            return End();
        WavDecoder.Decode(_header, ahead[..(frames * blockAlign)], buffer[..(frames * channels)]);
        _input.Advance(frames * blockAlign);
        _framesRead += frames;
        return frames * channels;
    }

    /// <summary>Ends the reading and, unless it was asked to be left open, disposes the stream.</summary>
    public void Dispose()
    {
        if (_input.IsDisposed)
            return;
        _input.Dispose();
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private int End()
    {
        IsTruncated |= FrameCount is not null;
        FrameCount = _framesRead;
        return 0;
    }

    private static (long? Frames, bool IsTruncated) Measure(WavHeader header, long? streamLength)
    {
        long? stated = header.DataSize / header.BlockAlign;
        if (streamLength is not { } length || length < header.DataStart)
            return (stated, false);
        long there = (length - header.DataStart) / header.BlockAlign;
        return stated > there ? (there, true) : (stated ?? there, false);
    }
}
