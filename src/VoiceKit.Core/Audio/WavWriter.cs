using System.Buffers;
using System.Runtime.ExceptionServices;

namespace VoiceKit.Audio;

/// <summary>
/// Writes PCM as a WAV file: RIFF (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991),
/// or RF64 (EBU Tech 3306) where it grows past 4 GiB.
/// </summary>
/// <remarks>
/// <para>Integer samples are rounded to the nearest (halves to the even one) and clipped to full scale; floats keep their value.
/// A NaN becomes 0. More than two channels, or integers of more than 16 bits, make it WAVE_FORMAT_EXTENSIBLE.</para>
/// <para>The header is written at once. On a stream that can seek, <see cref="Complete"/> puts the sizes in; until then they are
/// 0xFFFFFFFF, which readers take as "to the end of the stream", so that a file that was never completed plays. On a stream that
/// cannot seek they stay so, unless the number of frames is given beforehand.</para>
/// <para>After a failed write every call throws that failure again, and the sizes are left alone. Not thread-safe.</para>
/// </remarks>
public sealed class WavWriter : IDisposable
{
    private const int BufferLength = 1 << 15;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly bool _canSeek;
    private readonly bool _reserve;
    private readonly long _origin;
    private readonly WavHeaderBuilder _header;
    private readonly long? _frameCount;
    private readonly long _maxFrames;
    private readonly int _samplesPerBuffer;
    private byte[]? _buffer;
    private bool _isComplete;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins a WAV file where the stream stands, and writes its header.</summary>
    /// <param name="stream">The stream to write to. When this throws, it stays the caller's.</param>
    /// <param name="format">Sample rate and channels.</param>
    /// <param name="sampleFormat">How a sample is stored.</param>
    /// <param name="frameCount">
    /// How many frames will be written, when that is known, 0 or more: then the header is exact from the beginning, and of the
    /// shortest form. A stream that cannot seek takes no more than that; one that can seek takes more up to 4 GiB.
    /// </param>
    /// <param name="leaveOpen">Whether <see cref="Dispose"/> leaves the stream open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be written to, or the format is the default value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="sampleFormat"/> is none of the enumeration, or <paramref name="frameCount"/> is negative or more than
    /// 2^63 bytes hold.
    /// </exception>
    /// <exception cref="IOException">The header could not be written.</exception>
    public WavWriter(
        Stream stream,
        AudioFormat format,
        WavSampleFormat sampleFormat = WavSampleFormat.Pcm16,
        long? frameCount = null,
        bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanWrite)
            throw new ArgumentException("The stream cannot be written to.", nameof(stream));
        if (format == default)
            throw new ArgumentException("The format has no sample rate and no channels.", nameof(format));
        _header = new WavHeaderBuilder(format, sampleFormat);
        long mostFrames = (long.MaxValue - WavHeaderBuilder.MaxLength) / _header.BlockAlign;
        if (frameCount is { } frames)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(frames, nameof(frameCount));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, mostFrames, nameof(frameCount));
        }
        _stream = stream;
        _leaveOpen = leaveOpen;
        _canSeek = stream.CanSeek;
        _origin = _canSeek ? stream.Position : 0;
        SampleFormat = sampleFormat;
        _frameCount = frameCount;
        _samplesPerBuffer = BufferLength / sampleFormat.ToCoding().BytesPerSample();
        // A length past 32-bit sizes has its ds64 chunk from the beginning, and is then patched like one that kept room for it.
        bool is64 = frameCount > _header.MaxRiffFrames(hasDs64: false);
        _reserve = is64 || (_canSeek && frameCount is null);
        _maxFrames = _canSeek
            ? _reserve ? mostFrames : _header.MaxRiffFrames(hasDs64: false)
            : frameCount ?? mostFrames;
        Format = format;
        WriteHeader(frameCount);
        _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    }

    /// <summary>The format of the samples that <see cref="Write"/> takes.</summary>
    public AudioFormat Format { get; }

    /// <summary>How a sample is stored.</summary>
    internal WavSampleFormat SampleFormat { get; }

    /// <summary>How many frames were written.</summary>
    public long FramesWritten { get; private set; }

    /// <summary>Writes samples, interleaved.</summary>
    /// <param name="samples">Whole frames; none is fine.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="InvalidOperationException">
    /// The file was completed, or there are more frames than were announced and the header cannot take them; nothing is written.
    /// </exception>
    /// <exception cref="IOException">The stream could not be written to, now or before.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        int frames = CheckWrite(samples.Length);
        WriteSamples(samples, _buffer!);
        FramesWritten += frames;
    }

    /// <summary>Writes samples that are as the file has them; otherwise as <see cref="Write"/>.</summary>
    internal void WriteEncoded(ReadOnlySpan<byte> samples)
    {
        int frames = CheckWrite(samples.Length / SampleFormat.ToCoding().BytesPerSample());
        WriteBytes(samples);
        FramesWritten += frames;
    }

    /// <summary>Ends the file: puts the padding byte and the sizes in. Further calls do nothing.</summary>
    /// <exception cref="InvalidOperationException">
    /// The stream cannot seek and fewer frames were written than its header announces. The stream is then left as it is.
    /// </exception>
    /// <exception cref="IOException">The stream could not be written to, now or before.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        _failure?.Throw();
        if (_isComplete)
            return;
        try
        {
            if (IsShort)
                throw new InvalidOperationException($"{_frameCount} frames were announced, {FramesWritten} written.");
            Finish();
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
        _isComplete = true;
    }

    /// <summary>
    /// Completes the file, if <see cref="Complete"/> was not called and nothing failed, and disposes the stream, unless it was
    /// asked to be left open. Fewer frames than announced are no error here: call <see cref="Complete"/> to have it told.
    /// </summary>
    /// <exception cref="IOException">The stream could not be written to.</exception>
    public void Dispose()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        try
        {
            if (!_isComplete && _failure is null && !IsShort)
                Finish();
        }
        finally
        {
            if (!_leaveOpen)
                _stream.Dispose();
        }
    }

    private int CheckWrite(int samples)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        _failure?.Throw();
        if (_isComplete)
            throw new InvalidOperationException("The WAV file was completed; no more can be written.");
        if (samples % Format.Channels != 0)
            throw new ArgumentException($"{samples} samples are no whole frames of {Format.Channels}.", nameof(samples));
        int frames = samples / Format.Channels;
        if (frames > _maxFrames - FramesWritten)
            throw new InvalidOperationException($"The header that was written announces {_frameCount} frames; no room for more.");
        return frames;
    }

    private bool IsShort => !_canSeek && FramesWritten < _frameCount;

    private void WriteSamples(ReadOnlySpan<float> samples, byte[] buffer)
    {
        int bytesPerSample = _header.BlockAlign / Format.Channels;
        while (!samples.IsEmpty)
        {
            int count = Math.Min(samples.Length, _samplesPerBuffer);
            WavEncoder.Encode(SampleFormat, samples[..count], buffer);
            WriteBytes(buffer.AsSpan(0, count * bytesPerSample));
            samples = samples[count..];
        }
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }

    private void Finish()
    {
        long dataSize = FramesWritten * _header.BlockAlign;
        bool isOdd = dataSize % 2 != 0;
        // Where the size stays unknown, a reader would take the padding for a sample.
        if (isOdd && (_canSeek || _frameCount is not null))
            _stream.WriteByte(0);
        if (_canSeek && _frameCount != FramesWritten)
        {
            long end = _origin + _header.Length(_reserve) + dataSize + (isOdd ? 1 : 0);
            _stream.Position = _origin;
            WriteHeader(FramesWritten);
            _stream.Position = end;
        }
        _stream.Flush();
    }

    private void WriteHeader(long? frames)
    {
        Span<byte> header = stackalloc byte[WavHeaderBuilder.MaxLength];
        int length = _header.Build(header, frames, _reserve);
        _stream.Write(header[..length]);
    }
}
