using System.Runtime.InteropServices;
using NAudio.Wave;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.NAudio;

/// <summary>
/// The sound of a voice message as NAudio knows it: a wave stream of 32-bit floats, and a sample provider. Both read from one
/// position, and seeking is exact to the sample. Not thread-safe.
/// </summary>
public sealed class VoiceWaveStream : WaveStream, ISampleProvider
{
    private readonly OpusAudioReader _reader;
    private readonly float[] _frame;
    private long _position;
    private int _frameBytes;

    /// <summary>Opens a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="decoder">Makes the decoder; null for that of VoiceKit.Core, which works on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message.</param>
    /// <exception cref="VoiceFormatException">The channel mapping is not supported.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be opened.</exception>
    public VoiceWaveStream(
        VoiceMessage message, IOpusDecoderFactory? decoder = null, int sampleRate = OpusRates.Full, int? channels = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        _reader = new OpusAudioReader(message.OpenRead(), decoder, sampleRate, channels);
        WaveFormat = _reader.Format.ToWaveFormat();
        _frame = new float[WaveFormat.Channels];
        var factor = OpusRates.Full / sampleRate;
        Length = (message.Info.Samples + factor - 1) / factor * WaveFormat.BlockAlign;
    }

    /// <inheritdoc/>
    public override WaveFormat WaveFormat { get; }

    /// <summary>The length in bytes.</summary>
    public override long Length { get; }

    /// <summary>The position in bytes. It is set to the frame that it lies in, and behind the end to the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            var frame = Math.Min(value, Length) / BlockAlign;
            _reader.Seek(frame);
            _position = frame * BlockAlign;
            _frameBytes = 0;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public override int Read(Span<byte> buffer)
    {
        var given = TakeFrame(buffer);
        if (given == buffer.Length)
            return given;
        var whole = buffer[given..];
        if (whole.Length >= BlockAlign)
        {
            var samples = MemoryMarshal.Cast<byte, float>(whole[..(whole.Length / BlockAlign * BlockAlign)]);
            return given + Advance(ReadSamples(samples) * sizeof(float));
        }

        // Less than a frame is asked for: the rest of it waits.
        if (given == 0 && ReadSamples(_frame) > 0)
        {
            _frameBytes = BlockAlign;
            given = TakeFrame(buffer);
        }

        return given;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <summary>Reads samples, interleaved; fewer than the buffer holds, whole frames, at the end, and then none.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <returns>How many samples were read.</returns>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public int Read(Span<float> buffer)
    {
        // What is left of a frame of which bytes were read is passed over.
        _position += _frameBytes;
        _frameBytes = 0;
        var count = ReadSamples(buffer[..(buffer.Length - buffer.Length % WaveFormat.Channels)]);
        Advance(count * sizeof(float));
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _reader.Dispose();
        base.Dispose(disposing);
    }

    private int ReadSamples(Span<float> samples)
    {
        var given = 0;
        while (given < samples.Length && _reader.Read(samples[given..]) is var count and > 0)
            given += count;
        return given;
    }

    private int TakeFrame(Span<byte> buffer)
    {
        var count = Math.Min(_frameBytes, buffer.Length);
        MemoryMarshal.AsBytes<float>(_frame).Slice(BlockAlign - _frameBytes, count).CopyTo(buffer);
        _frameBytes -= count;
        return Advance(count);
    }

    private int Advance(int bytes)
    {
        _position += bytes;
        return bytes;
    }
}
