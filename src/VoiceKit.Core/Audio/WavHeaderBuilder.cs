using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// Lays out everything before the first sample: RIFF, or RF64 where 32-bit sizes do not do. With a reserve, a JUNK chunk stands
/// where a ds64 chunk has its place, so that the one can become the other (EBU Tech 3306, 4).
/// </summary>
internal sealed class WavHeaderBuilder(AudioFormat format, WavSampleFormat sampleFormat)
{
    /// <summary>More than the longest header takes.</summary>
    public const int MaxLength = 128;

    private const uint Unknown = uint.MaxValue;
    private const int RiffLength = 12;
    private const int ChunkHeaderLength = 8;
    private const int Ds64Length = 28;
    private const int FactLength = 4;

    private readonly int _bytesPerSample = sampleFormat.ToCoding().BytesPerSample();

    /// <summary>The bytes of one frame.</summary>
    public int BlockAlign => format.Channels * _bytesPerSample;

    private bool IsFloat => sampleFormat == WavSampleFormat.Float32;

    // "Extensible Wave-Format Descriptors": more than two channels, or PCM of more than 16 bits.
    private bool IsExtensible => format.Channels > 2 || (!IsFloat && _bytesPerSample > 2);

    private int FmtLength => IsExtensible ? 40 : IsFloat ? 18 : 16;

    /// <summary>The length of the header.</summary>
    /// <param name="hasDs64">Whether it has a ds64 chunk, or the room for one.</param>
    public int Length(bool hasDs64) =>
        RiffLength
        + (hasDs64 ? ChunkHeaderLength + Ds64Length : 0)
        + ChunkHeaderLength + FmtLength
        + (IsFloat ? ChunkHeaderLength + FactLength : 0)
        + ChunkHeaderLength;

    /// <summary>The most frames that 32-bit sizes can state.</summary>
    /// <param name="hasDs64">Whether the header has the room for a ds64 chunk.</param>
    public long MaxRiffFrames(bool hasDs64)
    {
        // The largest even size below the value that stands for "unknown".
        long data = Unknown - 1 - (Length(hasDs64) - ChunkHeaderLength);
        return data / BlockAlign;
    }

    /// <summary>Writes the header and returns its length.</summary>
    /// <param name="destination">Where to, at least <see cref="MaxLength"/> bytes.</param>
    /// <param name="frames">The frames that follow; null when that is not known.</param>
    /// <param name="reserve">Whether room for a ds64 chunk is kept. A length that needs the chunk has it anyhow.</param>
    public int Build(Span<byte> destination, long? frames, bool reserve)
    {
        bool is64 = frames > MaxRiffFrames(reserve);
        int length = Length(reserve || is64);
        long dataSize = (frames ?? 0) * BlockAlign;
        long riffSize = length - ChunkHeaderLength + dataSize + dataSize % 2;
        bool isStated = frames is not null && !is64;
        var cursor = new Cursor(destination);
        cursor.Id(is64 ? "RF64"u8 : "RIFF"u8);
        cursor.UInt32(isStated ? (uint)riffSize : Unknown);
        cursor.Id("WAVE"u8);
        if (reserve || is64)
            AddDs64(ref cursor, is64, riffSize, dataSize, frames ?? 0);
        AddFmt(ref cursor);
        if (IsFloat)
            AddFact(ref cursor, frames);
        cursor.Id("data"u8);
        cursor.UInt32(isStated ? (uint)dataSize : Unknown);
        return length;
    }

    private static void AddDs64(ref Cursor cursor, bool is64, long riffSize, long dataSize, long frames)
    {
        cursor.Id(is64 ? "ds64"u8 : "JUNK"u8);
        cursor.UInt32(Ds64Length);
        cursor.UInt64(is64 ? riffSize : 0);
        cursor.UInt64(is64 ? dataSize : 0);
        cursor.UInt64(is64 ? frames : 0);
        cursor.UInt32(0); // no table: no other chunk is that large
    }

    private void AddFmt(ref Cursor cursor)
    {
        int bits = _bytesPerSample * 8;
        ushort tag = IsFloat ? WavFormatTags.IeeeFloat : WavFormatTags.Pcm;
        cursor.Id("fmt "u8);
        cursor.UInt32((uint)FmtLength);
        cursor.UInt16(IsExtensible ? WavFormatTags.Extensible : tag);
        cursor.UInt16((ushort)format.Channels);
        cursor.UInt32((uint)format.SampleRate);
        cursor.UInt32((uint)format.SampleRate * (uint)BlockAlign);
        cursor.UInt16((ushort)BlockAlign);
        cursor.UInt16((ushort)bits);
        if (FmtLength > 16)
            cursor.UInt16((ushort)(FmtLength - 18));
        if (!IsExtensible)
            return;
        cursor.UInt16((ushort)bits);
        cursor.UInt32(SpeakerMask);
        cursor.Guid(tag);
    }

    // Front centre, or front left and right. PCM here carries no layout beyond that, and 0 claims none.
    private uint SpeakerMask => format.Channels switch { 1 => 0x4, 2 => 0x3, _ => 0 };

    private static void AddFact(ref Cursor cursor, long? frames)
    {
        cursor.Id("fact"u8);
        cursor.UInt32(FactLength);
        cursor.UInt32(frames < Unknown ? (uint)frames.Value : Unknown);
    }

    private ref struct Cursor(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void Id(ReadOnlySpan<byte> id)
        {
            id.CopyTo(_rest);
            _rest = _rest[id.Length..];
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

        public void Guid(ushort tag)
        {
            WavFormatTags.WriteGuid(_rest, tag);
            _rest = _rest[WavFormatTags.GuidLength..];
        }
    }
}
