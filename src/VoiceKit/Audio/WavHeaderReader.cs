using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Audio;

/// <summary>
/// Reads the chunks of a WAV file up to its samples: RIFF/WAVE (Microsoft's Multimedia Programming Interface 1.0), RF64 and BW64
/// (EBU Tech 3306, ITU-R BS.2088). Never seeks.
/// </summary>
internal sealed class WavHeaderReader(Stream stream)
{
    private const uint Streamed = 0xFFFFFFFF;

    // A program that writes to a pipe does not know the size; some write one near 2 GiB, for readers that count in signed numbers.
    private const uint MinPretendedSize = 0x7FFF0000;
    private const int MaxFormatSize = 40;

    // The tail of the sub-format GUID of WAVE_FORMAT_EXTENSIBLE; its first two bytes are the format tag.
    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    private readonly byte[] _buffer = new byte[256];
    private long _position;
    private AudioFormat? _format;
    private WavEncoding _encoding;
    private int _blockAlign;
    private long _longDataSize = -1;
    private long _riffEnd;

    public WavHeader Read()
    {
        var isLong = ReadRiff();
        while (true)
        {
            var chunk = ReadChunkHeader(out var size);
            if (chunk == "data")
                return MakeHeader(size, isLong);
            if (chunk == "fmt ")
                ReadFormat(size);
            else if (chunk == "ds64")
                ReadLongSizes(size);
            else
                Skip(size + (size & 1));
        }
    }

    private bool ReadRiff()
    {
        var count = Fill(12);
        var start = _buffer.AsSpan(0, count);
        if (count == 0)
            throw new VoiceFormatException("The input is empty.", 0);
        if (start.StartsWith("RIFX"u8))
            throw new VoiceFormatException("This is a big-endian WAV (RIFX), which is not supported.", 0);
        var isLong = start.StartsWith("RF64"u8) || start.StartsWith("BW64"u8);
        if (!isLong && !start.StartsWith("RIFF"u8))
            throw new VoiceFormatException(MediaNames.Identify(start) is { } name ? $"This is {name}, not a WAV file." : "This is no WAV file.", 0);
        if (count < 12)
            throw EndsEarly();
        if (!start[8..].SequenceEqual("WAVE"u8))
            throw new VoiceFormatException("This is a RIFF file, but not a WAV file.", 8);

        _riffEnd = 8L + BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        return isLong;
    }

    private string ReadChunkHeader(out long size)
    {
        var count = Fill(8);
        if (count == 0)
            throw new VoiceFormatException("The WAV file has no data chunk.", _position);
        if (count < 8)
            throw EndsEarly();
        size = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(4));
        return Encoding.Latin1.GetString(_buffer, 0, 4);
    }

    private void ReadFormat(long size)
    {
        var at = _position;
        if (size < 16)
            throw new VoiceFormatException($"The fmt chunk has {size} bytes; 16 are the least.", at - 4);
        var known = (int)Math.Min(size, MaxFormatSize);
        if (Fill(known) < known)
            throw EndsEarly();

        var fields = _buffer.AsSpan(0, known);
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(fields);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(fields[4..]);
        _blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(fields[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(fields[14..]);
        if (tag == 0xFFFE && known == MaxFormatSize && fields[26..].SequenceEqual(SubFormatTail))
            tag = BinaryPrimitives.ReadUInt16LittleEndian(fields[24..]);

        if (channels is 0 or > AudioFormat.MaxChannels)
            throw new VoiceFormatException($"The WAV file has {channels} channels.", at + 2);
        if (rate is 0 or > AudioFormat.MaxSampleRate)
            throw new VoiceFormatException($"The WAV file has a sample rate of {rate} Hz.", at + 4);
        _format = new AudioFormat((int)rate, channels);
        _encoding = EncodingOf(tag, bits, channels, at);
        Skip(size - known + (size & 1));
    }

    private WavEncoding EncodingOf(int tag, int bits, int channels, long at)
    {
        // Samples of 20 bits, say, fill the high bits of the next whole number of bytes.
        var bytes = (bits + 7) / 8;
        if (_blockAlign != bytes * channels)
            throw new VoiceFormatException($"The WAV file has frames of {_blockAlign} bytes for {channels} × {bits} bits.", at + 12);
        return (tag, bytes) switch
        {
            (1, 1) => WavEncoding.Unsigned8,
            (1, 2) => WavEncoding.Signed16,
            (1, 3) => WavEncoding.Signed24,
            (1, 4) => WavEncoding.Signed32,
            (3, 4) => WavEncoding.Float32,
            (3, 8) => WavEncoding.Float64,
            (6, 1) => WavEncoding.ALaw,
            (7, 1) => WavEncoding.MuLaw,
            _ => throw new VoiceFormatException($"WAV of {NameOf(tag)} with {bits} bits is not supported.", at),
        };
    }

    private static string NameOf(int tag) => tag switch
    {
        1 => "PCM",
        2 => "Microsoft ADPCM",
        3 => "floats",
        6 => "A-law",
        7 => "µ-law",
        0x11 => "IMA ADPCM",
        0x31 => "GSM 6.10",
        0x50 => "MPEG audio",
        0x55 => "MP3",
        0xFFFE => "an extensible format of another kind",
        _ => $"format 0x{tag:X4}",
    };

    private void ReadLongSizes(long size)
    {
        if (size < 28 || Fill(28) < 28)
            throw new VoiceFormatException("The ds64 chunk is too short.", _position);
        _longDataSize = BinaryPrimitives.ReadInt64LittleEndian(_buffer.AsSpan(8));
        Skip(size - 28 + (size & 1));
    }

    private WavHeader MakeHeader(long size, bool isLong)
    {
        if (_format is not { } format)
            throw new VoiceFormatException("The WAV file has no fmt chunk before its data.", _position - 8);
        return new WavHeader(format, _encoding, _blockAlign, _position, DataSize(size, isLong));
    }

    private long? DataSize(long size, bool isLong)
    {
        if (isLong && size == Streamed)
            return _longDataSize > 0 ? _longDataSize : null;
        if (size == Streamed || (size >= MinPretendedSize && !stream.CanSeek))
            return null;

        // 0 is what a header says that was never completed, unless the RIFF chunk has room for more than its header.
        var isEmpty = size == 0 && _riffEnd >= _position + 8 && _riffEnd < MinPretendedSize;
        return size > 0 || isEmpty ? size : null;
    }

    private int Fill(int count)
    {
        var read = stream.ReadAtLeast(_buffer.AsSpan(0, count), count, throwOnEndOfStream: false);
        _position += read;
        return read;
    }

    private void Skip(long count)
    {
        while (count > 0)
        {
            var step = (int)Math.Min(count, _buffer.Length);
            if (Fill(step) < step)
                throw EndsEarly();
            count -= step;
        }
    }

    private VoiceFormatException EndsEarly() => new("The WAV file ends within its header.", _position);
}
