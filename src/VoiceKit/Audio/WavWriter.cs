using System.Runtime.ExceptionServices;

namespace VoiceKit.Audio;

/// <summary>
/// Writes WAV. On a stream that can seek the sizes are filled in at the end, as RF64 (EBU Tech 3306) beyond 4 GiB; on one that
/// cannot they are exact when the length is given beforehand, and otherwise 0xFFFFFFFF, which means "up to the end".
/// Not thread-safe.
/// </summary>
public sealed class WavWriter : IDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly WavHeaderWriter _header;
    private readonly WavEncoding _encoding;
    private readonly byte[] _buffer;
    private readonly long _start;
    private readonly int _headerSize;
    private readonly long? _promised;
    private ExceptionDispatchInfo? _fault;
    private bool _isComplete;
    private bool _isDisposed;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Where the bytes go.</param>
    /// <param name="format">The format of the PCM.</param>
    /// <param name="sampleFormat">How samples are stored.</param>
    /// <param name="frameCount">The length in frames, when it is known beforehand.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    /// <exception cref="ArgumentException">The stream cannot be written.</exception>
    /// <exception cref="IOException">The stream could not be written.</exception>
    public WavWriter(
        Stream stream,
        AudioFormat format,
        WavSampleFormat sampleFormat = WavSampleFormat.Pcm16,
        long? frameCount = null,
        bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite)
            throw new ArgumentException("The stream cannot be written.", nameof(stream));
        if (frameCount is { } promised)
            ArgumentOutOfRangeException.ThrowIfNegative(promised, nameof(frameCount));
        _stream = stream;
        _leaveOpen = leaveOpen;
        _promised = frameCount;
        Format = format;
        _encoding = WavSamples.EncodingOf(sampleFormat);
        _header = new WavHeaderWriter(format, _encoding, hasRoomToGrow: stream.CanSeek && frameCount is null);
        _buffer = new byte[Math.Max(1, BufferSize / _header.BlockAlign) * _header.BlockAlign];
        _start = stream.CanSeek ? stream.Position : 0;
        var header = _header.Make(frameCount);
        _headerSize = header.Length;
        _stream.Write(header);
    }

    /// <summary>The format of the PCM.</summary>
    public AudioFormat Format { get; }

    /// <summary>How many frames were written so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Writes samples, rounded to the nearest value and clipped at ±1 unless floats are stored; NaN becomes 0.</summary>
    /// <param name="samples">Any number of whole frames.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="InvalidOperationException">The file is complete.</exception>
    /// <exception cref="IOException">The stream could not be written; every later call throws the same.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        Check();
        if (samples.Length % Format.Channels != 0)
            throw new ArgumentException("The last frame is not whole.", nameof(samples));

        var size = WavSamples.SizeOf(_encoding);
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, _buffer.Length / size);
            WavSamples.FromFloats(samples[..count], _buffer, _encoding);
            WriteBytes(_buffer.AsSpan(0, count * size));
            FrameCount += count / Format.Channels;
            samples = samples[count..];
        }
    }

    /// <summary>Writes what is left and fills in the sizes. The second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">The length was given beforehand and is another, and the stream cannot seek.</exception>
    /// <exception cref="IOException">The stream could not be written.</exception>
    public void Complete()
    {
        if (_isComplete)
            return;
        Check();
        _isComplete = true;
        var size = FrameCount * _header.BlockAlign;
        if ((size & 1) != 0)
            WriteBytes([0]);
        if (_promised != FrameCount)
            PatchHeader();
        _stream.Flush();
    }

    /// <summary>Completes the file unless writing has failed, and closes the stream unless it is to stay open.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        try
        {
            if (_fault is null)
                Complete();
        }
        finally
        {
            _isDisposed = true;
            if (!_leaveOpen)
                _stream.Dispose();
        }
    }

    private void PatchHeader()
    {
        if (!_stream.CanSeek)
        {
            if (_promised is null)
                return;
            throw new InvalidOperationException($"{_promised} frames were announced and {FrameCount} written.");
        }

        var header = _header.Make(FrameCount);
        if (header.Length != _headerSize)
            throw new InvalidOperationException("More than 4 GiB were written to a file that was announced as shorter.");
        var end = _stream.Position;
        _stream.Position = _start;
        WriteBytes(header);
        _stream.Position = end;
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            throw;
        }
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _fault?.Throw();
        if (_isComplete)
            throw new InvalidOperationException("The file is complete.");
    }
}
