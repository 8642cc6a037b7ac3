using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Audio;

/// <summary>
/// The Common chunk ("Audio Interchange File Format", version 1.3, and AIFF-C, draft of 1991). Samples with fewer bits than their
/// container are left-justified in it, so that the container alone decides how they are read.
/// </summary>
internal static class AiffCommonChunk
{
    /// <summary>The length in AIFF.</summary>
    public const int PlainLength = 18;

    /// <summary>The length up to the end of AIFF-C's compression type.</summary>
    public const int CompressedLength = 22;

    private const int ExponentBias = 16383;
    private const int MantissaBits = 63;

    /// <summary>Reads the chunk's body.</summary>
    /// <param name="body">The body's first 18 bytes, 22 in AIFF-C.</param>
    /// <param name="offset">Where the body lies in the file.</param>
    /// <exception cref="VoiceFormatException">A field is wrong, or names a codec that is not read.</exception>
    public static (AiffHeader Header, uint Frames) Parse(ReadOnlySpan<byte> body, long offset)
    {
        int channels = BinaryPrimitives.ReadInt16BigEndian(body);
        if (channels is < 1 or > AudioFormat.MaxChannels)
            throw new VoiceFormatException($"{channels} channels; 1 to {AudioFormat.MaxChannels} are read.", offset);
        var frames = BinaryPrimitives.ReadUInt32BigEndian(body[2..]);
        int bits = BinaryPrimitives.ReadInt16BigEndian(body[6..]);
        var rate = ReadRate(body[8..PlainLength]);
        if (!(rate > 0.5 && rate < AudioFormat.MaxSampleRate + 0.5))
            throw new VoiceFormatException($"A sample rate of {rate} Hz; 1 to {AudioFormat.MaxSampleRate} are read.", offset + 8);
        var (coding, order) = body.Length < CompressedLength
            ? (ReadInteger(bits, offset), bits <= 8 ? AiffByteOrder.SignedByte : AiffByteOrder.Big)
            : ReadCompression(body[PlainLength..CompressedLength], bits, offset);
        var format = new AudioFormat((int)Math.Round(rate), channels);
        return (new AiffHeader(format, coding, order, 0, null) { RateOffset = offset + 8 }, frames);
    }

    // The 80-bit extended type of IEEE 754: a sign, 15 bits of exponent, and 64 of mantissa with the 1 before the point.
    private static double ReadRate(ReadOnlySpan<byte> bytes)
    {
        int exponent = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        var mantissa = BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
        return exponent > short.MaxValue ? -1 : Math.ScaleB(mantissa, exponent - ExponentBias - MantissaBits);
    }

    private static (WavCoding Coding, AiffByteOrder Order) ReadCompression(ReadOnlySpan<byte> type, int bits, long offset)
    {
        switch (Encoding.Latin1.GetString(type))
        {
            case "NONE" or "twos":
                return (ReadInteger(bits, offset), bits <= 8 ? AiffByteOrder.SignedByte : AiffByteOrder.Big);
            case "sowt":
                return (ReadInteger(bits, offset), bits <= 8 ? AiffByteOrder.SignedByte : AiffByteOrder.Little);
            case "raw " when bits <= 8:
                return (ReadInteger(bits, offset), AiffByteOrder.Little);
            case "in24":
                return (WavCoding.Int24, AiffByteOrder.Big);
            case "in32":
                return (WavCoding.Int32, AiffByteOrder.Big);
            case "fl32" or "FL32":
                return (WavCoding.Float32, AiffByteOrder.Big);
            case "fl64" or "FL64":
                return (WavCoding.Float64, AiffByteOrder.Big);
            case "ulaw" or "ULAW":
                return (WavCoding.MuLaw, AiffByteOrder.Little);
            case "alaw" or "ALAW":
                return (WavCoding.ALaw, AiffByteOrder.Little);
            default:
                var name = RiffChunkId.ToText(type);
                throw WavFmtChunk.OtherCodec(
                    new VoiceFormatException($"The AIFF-C codec '{name}' is not read.", offset + PlainLength));
        }
    }

    private static WavCoding ReadInteger(int bits, long offset) => bits switch
    {
        >= 1 and <= 8 => WavCoding.UInt8,
        > 8 and <= 16 => WavCoding.Int16,
        > 16 and <= 24 => WavCoding.Int24,
        > 24 and <= 32 => WavCoding.Int32,
        _ => throw new VoiceFormatException($"Samples of {bits} bits are not read.", offset + 6),
    };
}
