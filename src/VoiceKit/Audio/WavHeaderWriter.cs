using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// Makes the header of a WAV file. Its size does not depend on the length, so that it can be made again once the length is known,
/// but a file that was announced as short cannot become RF64.
/// </summary>
internal sealed class WavHeaderWriter(AudioFormat format, WavEncoding encoding, bool hasRoomToGrow)
{
    private const uint Unknown = 0xFFFFFFFF;
    private const int LongSizesSize = 28;

    private readonly bool _isFloat = encoding == WavEncoding.Float32;

    // Microsoft asks for the extensible form beyond two channels and beyond 16 bits of PCM.
    private readonly bool _isExtensible =
        format.Channels > 2 || encoding is WavEncoding.Signed24 or WavEncoding.Signed32;

    public int BlockAlign { get; } = WavSamples.SizeOf(encoding) * format.Channels;

    /// <summary>The header for a number of frames; null for one that says "up to the end".</summary>
    public byte[] Make(long? frames)
    {
        var dataSize = frames * BlockAlign;
        var headerSize = SizeWithout(longSizes: false);
        var isLong = dataSize + headerSize + LongSizesSize + 8 > Unknown - 1;
        var hasLongSizes = isLong || hasRoomToGrow;
        var bytes = new byte[SizeWithout(hasLongSizes)];
        var riffSize = bytes.Length - 8 + dataSize + (dataSize & 1);

        var writer = new FieldWriter(bytes);
        writer.Text(isLong ? "RF64"u8 : "RIFF"u8);
        writer.UInt32(isLong || riffSize is null ? Unknown : (uint)riffSize);
        writer.Text("WAVE"u8);
        if (hasLongSizes)
            WriteLongSizes(ref writer, isLong, riffSize ?? 0, dataSize ?? 0, frames ?? 0);
        WriteFormat(ref writer);
        if (_isFloat)
            WriteFact(ref writer, frames);
        writer.Text("data"u8);
        writer.UInt32(isLong || dataSize is null ? Unknown : (uint)dataSize);
        return bytes;
    }

    private int FormatSize => _isExtensible ? 40 : _isFloat ? 18 : 16;

    private int SizeWithout(bool longSizes) =>
        12 + (longSizes ? 8 + LongSizesSize : 0) + 8 + FormatSize + (_isFloat ? 12 : 0) + 8;

    // EBU Tech 3306 §3.5: a JUNK chunk keeps the place of ds64 while it is not needed.
    private static void WriteLongSizes(ref FieldWriter writer, bool isLong, long riffSize, long dataSize, long frames)
    {
        writer.Text(isLong ? "ds64"u8 : "JUNK"u8);
        writer.UInt32(LongSizesSize);
        writer.UInt64(isLong ? riffSize : 0);
        writer.UInt64(isLong ? dataSize : 0);
        writer.UInt64(isLong ? frames : 0);
        writer.UInt32(0);
    }

    private void WriteFormat(ref FieldWriter writer)
    {
        var bits = WavSamples.SizeOf(encoding) * 8;
        ushort tag = (ushort)(_isFloat ? 3 : 1);
        writer.Text("fmt "u8);
        writer.UInt32((uint)FormatSize);
        writer.UInt16(_isExtensible ? (ushort)0xFFFE : tag);
        writer.UInt16((ushort)format.Channels);
        writer.UInt32((uint)format.SampleRate);
        writer.UInt32((uint)Math.Min(Unknown, (long)format.SampleRate * BlockAlign));
        writer.UInt16((ushort)BlockAlign);
        writer.UInt16((ushort)bits);
        if (FormatSize == 16)
            return;

        writer.UInt16((ushort)(FormatSize - 18));
        if (!_isExtensible)
            return;
        writer.UInt16((ushort)bits);
        writer.UInt32(format.Channels <= 2 ? (uint)(format.Channels == 1 ? 4 : 3) : 0);
        writer.UInt16(tag);
        writer.Text([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
    }

    private static void WriteFact(ref FieldWriter writer, long? frames)
    {
        writer.Text("fact"u8);
        writer.UInt32(4);
        writer.UInt32((uint)Math.Min(frames ?? Unknown, Unknown));
    }

    private ref struct FieldWriter(Span<byte> bytes)
    {
        private Span<byte> _rest = bytes;

        public void Text(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_rest);
            _rest = _rest[text.Length..];
        }

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
            _rest = _rest[2..];
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void UInt64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
            _rest = _rest[8..];
        }
    }
}
