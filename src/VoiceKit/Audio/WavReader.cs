namespace VoiceKit.Audio;

/// <summary>
/// Reads WAV: RIFF, RF64 and BW64, 8- to 32-bit integers, floats, A-law and µ-law, plain or extensible. The stream is read forward
/// only. A file that is cut off gives what there is of it. Not thread-safe.
/// </summary>
public sealed class WavReader : IAudioReader
{
    private const int BufferSize = 32 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly WavHeader _header;
    private readonly byte[] _buffer;
    private int _buffered;
    private long _left;
    private bool _isDisposed;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">A WAV file from where the stream stands.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">It is no WAV file, or one of a kind that is not supported.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public WavReader(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _leaveOpen = leaveOpen;
        try
        {
            _header = new WavHeaderReader(stream).Read();
        }
        catch
        {
            if (!leaveOpen)
                stream.Dispose();
            throw;
        }

        _left = _header.DataSize ?? long.MaxValue;
        _buffer = new byte[Math.Max(1, BufferSize / _header.BlockAlign) * _header.BlockAlign];
        FrameCount = CountFrames();
    }

    /// <inheritdoc/>
    public AudioFormat Format => _header.Format;

    /// <inheritdoc/>
    public long? FrameCount { get; }

    /// <summary>Whether the file turned out to be shorter than its header says.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="VoiceFormatException">It is no WAV file, or one of a kind that is not supported.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static WavReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.SequentialScan));

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public int Read(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer holds no frame.", nameof(buffer));

        var frames = FillBuffer(buffer.Length / Format.Channels);
        var samples = frames * Format.Channels;
        WavSamples.ToFloats(_buffer, buffer[..samples], _header.Encoding);
        TakeFromBuffer(frames * _header.BlockAlign);
        return samples;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private long? CountFrames()
    {
        long? size = _header.DataSize;
        if (_stream.CanSeek)
        {
            var there = _stream.Length - _stream.Position;
            size = Math.Min(size ?? there, there);
        }

        return size / _header.BlockAlign;
    }

    // Reads until there is a whole frame, and no more often than that.
    private int FillBuffer(int maxFrames)
    {
        var wanted = (int)Math.Min(_buffer.Length, (long)maxFrames * _header.BlockAlign);
        while (_buffered < _header.BlockAlign && _left > 0)
        {
            var room = (int)Math.Min(wanted - _buffered, _left);
            var count = _stream.Read(_buffer, _buffered, room);
            if (count == 0)
            {
                IsTruncated = _header.DataSize is not null;
                _left = 0;
                break;
            }

            _buffered += count;
            _left -= count;
        }

        return Math.Min(_buffered, wanted) / _header.BlockAlign;
    }

    // What is left is less than a frame.
    private void TakeFromBuffer(int count)
    {
        _buffer.AsSpan(count, _buffered - count).CopyTo(_buffer);
        _buffered -= count;
    }
}
