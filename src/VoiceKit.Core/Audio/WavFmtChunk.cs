using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// The fmt chunk: WAVEFORMATEX (mmreg.h) and WAVEFORMATEXTENSIBLE. Samples with fewer valid bits than their container are
/// left-justified in it ("Extensible Wave-Format Descriptors"), so that the container alone decides how they are read.
/// </summary>
internal static class WavFmtChunk
{
    private const int PlainLength = 16;
    private const int ExtensibleLength = 40;
    private const int GuidAt = 24;
    private const string OtherCodecKey = "VoiceKit.OtherCodec";

    /// <summary>Reads the chunk's body.</summary>
    /// <param name="body">The body, its first 40 bytes at most.</param>
    /// <param name="offset">Where the body lies in the file.</param>
    /// <exception cref="VoiceFormatException">A field is wrong, or names a codec that is not read.</exception>
    public static (AudioFormat Format, WavCoding Coding, int ValidBits) Parse(ReadOnlySpan<byte> body, long offset)
    {
        if (body.Length < PlainLength)
            throw new VoiceFormatException($"The fmt chunk has {body.Length} bytes; {PlainLength} are the least.", offset - 4);
        AudioFormat format = ParseFormat(body, offset);
        (ushort tag, long tagOffset) = ParseTag(body, offset);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(body[14..]);
        WavCoding coding = ParseCoding(tag, tagOffset, bits, offset + 14);
        int blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(body[12..]);
        if (coding == WavCoding.Int24 && blockAlign == format.Channels * WavCoding.Int24In32.BytesPerSample())
            coding = WavCoding.Int24In32;
        int expected = format.Channels * coding.BytesPerSample();
        if (blockAlign != expected)
        {
            string what = $"{format.Channels} channels of {bits} bits take {expected} bytes a frame";
            throw new VoiceFormatException($"The block align is {blockAlign}, but {what}.", offset + 12);
        }
        return (format, coding, ValidBitsOf(body, bits));
    }

    /// <summary>Turns the fields of a chunk whose most significant bytes come first (RIFX).</summary>
    /// <param name="body">The chunk's body, of which a last field may be cut off.</param>
    public static byte[] Turn(ReadOnlySpan<byte> body)
    {
        var turned = body.ToArray();
        int at = 0;
        foreach (int size in (ReadOnlySpan<int>)[2, 2, 4, 4, 2, 2, 2, 2, 4])
            TurnNext(size);

        // SoX turns the tag that a GUID begins with, and others all of its fields.
        bool isTagAlone = turned.Length > GuidAt + 1 && (turned[GuidAt] | turned[GuidAt + 1]) != 0;
        foreach (int size in (ReadOnlySpan<int>)(isTagAlone ? [2] : [4, 2, 2]))
            TurnNext(size);

        return turned;

        void TurnNext(int size)
        {
            turned.AsSpan(Math.Min(at, turned.Length), Math.Min(size, Math.Max(0, turned.Length - at))).Reverse();
            at += size;
        }
    }

    /// <summary>
    /// Whether a refusal is of a codec that another decoder may have. Another decoder misreads what is refused for all other
    /// reasons.
    /// </summary>
    public static bool IsOtherCodec(VoiceFormatException refusal) => refusal.Data.Contains(OtherCodecKey);

    /// <summary>Marks a refusal as one of a codec.</summary>
    public static VoiceFormatException OtherCodec(VoiceFormatException refusal)
    {
        refusal.Data[OtherCodecKey] = true;
        return refusal;
    }

    private static int ValidBitsOf(ReadOnlySpan<byte> body, int bits)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(body) != WavFormatTags.Extensible)
            return bits;
        int valid = BinaryPrimitives.ReadUInt16LittleEndian(body[18..]);
        return valid is > 0 && valid < bits ? valid : bits;
    }

    private static AudioFormat ParseFormat(ReadOnlySpan<byte> body, long offset)
    {
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        if (channels is < 1 or > AudioFormat.MaxChannels)
            throw new VoiceFormatException($"{channels} channels; 1 to {AudioFormat.MaxChannels} are read.", offset + 2);
        if (rate is < 1 or > AudioFormat.MaxSampleRate)
            throw new VoiceFormatException($"A sample rate of {rate} Hz; 1 to {AudioFormat.MaxSampleRate} are read.", offset + 4);
        return new AudioFormat((int)rate, channels);
    }

    private static (ushort Tag, long Offset) ParseTag(ReadOnlySpan<byte> body, long offset)
    {
        ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(body);
        if (tag != WavFormatTags.Extensible)
            return (tag, offset);
        if (body.Length < ExtensibleLength)
        {
            string what = $"The extensible fmt chunk has {body.Length} bytes; {ExtensibleLength} are the least.";
            throw new VoiceFormatException(what, offset - 4);
        }
        ReadOnlySpan<byte> guid = body[24..ExtensibleLength];
        if (!WavFormatTags.TryReadGuid(guid, out tag))
            throw OtherCodec(new VoiceFormatException($"The sub-format {new Guid(guid)} is not read.", offset + 24));
        return (tag, offset + 24);
    }

    private static WavCoding ParseCoding(ushort tag, long tagOffset, int bits, long bitsOffset)
    {
        WavCoding? coding = (tag, bits) switch
        {
            (WavFormatTags.Pcm, >= 1 and <= 8) => WavCoding.UInt8,
            (WavFormatTags.Pcm, > 8 and <= 16) => WavCoding.Int16,
            (WavFormatTags.Pcm, > 16 and <= 24) => WavCoding.Int24,
            (WavFormatTags.Pcm, > 24 and <= 32) => WavCoding.Int32,
            (WavFormatTags.IeeeFloat, 32) => WavCoding.Float32,
            (WavFormatTags.IeeeFloat, 64) => WavCoding.Float64,
            (WavFormatTags.ALaw, 8) => WavCoding.ALaw,
            (WavFormatTags.MuLaw, 8) => WavCoding.MuLaw,
            _ => null,
        };
        if (coding is { } known)
            return known;
        string name = WavFormatTags.Describe(tag);
        bool isRead = tag is WavFormatTags.Pcm or WavFormatTags.IeeeFloat or WavFormatTags.ALaw or WavFormatTags.MuLaw;
        throw isRead
            ? new VoiceFormatException($"{name} of {bits} bits a sample is not read.", bitsOffset)
            : OtherCodec(
                new VoiceFormatException($"The codec {name} is not read; PCM, IEEE float, A-law and mu-law are.", tagOffset));
    }
}
