namespace VoiceKit.Testing;

/// <summary>
/// How the test codec writes a packet: as one of CELT at the full bandwidth (RFC 6716 §3.1), with frames of up to 20 ms, each of
/// which is a mark and one byte (G.711 µ-law) for each sample at 8 kHz.
/// </summary>
internal static class TestPacket
{
    public const int Rate = 8_000;
    public const byte Mark = (byte)'V';

    private const int FullRate = 48_000;
    private const int LongestFrame = FullRate / 50;
    private const int MaxDuration = FullRate * 12 / 100;
    private const int ShortestConfiguration = 28;
    private const int Bias = 0x84;
    private const int Clip = 32_635;

    /// <summary>The size of a packet.</summary>
    /// <param name="duration">The duration in samples at 48 kHz.</param>
    /// <param name="channels">1 or 2.</param>
    public static int SizeOf(int duration, int channels)
    {
        var (frame, count) = FramesOf(duration);
        return (count > 1 ? 2 : 1) + count * (1 + SamplesOf(frame) * channels);
    }

    /// <summary>Writes what stands before the frames.</summary>
    /// <returns>How many bytes that is.</returns>
    public static int WriteHead(int duration, int channels, Span<byte> packet)
    {
        var (frame, count) = FramesOf(duration);
        var configuration = ShortestConfiguration + int.Log2(frame / 120);
        packet[0] = (byte)((configuration << 3) | (channels == 2 ? 0b100 : 0) | (count > 1 ? 0b11 : 0));
        if (count == 1)
            return 1;
        packet[1] = (byte)count;
        return 2;
    }

    /// <summary>Reads what stands before the frames of any Opus packet.</summary>
    /// <exception cref="VoiceFormatException">The packet is none of Opus.</exception>
    public static Head ReadHead(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
            throw new VoiceFormatException("The packet is empty.");
        var count = (packet[0] & 0b11) switch { 0 => 1, 3 => packet.Length > 1 ? packet[1] & 0b11_1111 : 0, _ => 2 };
        var frame = FrameDurationOf(packet[0] >> 3);
        if (count == 0 || count * frame > MaxDuration)
            throw new VoiceFormatException("The packet has no frames, or more than 120 ms of them.");
        var channels = (packet[0] & 0b100) != 0 ? 2 : 1;
        var start = (packet[0] & 0b11) == 3 ? 2 : 1;
        var isOurs = packet.Length == start + count * (1 + SamplesOf(frame) * channels) && packet[start] == Mark;
        return new Head(frame, count, channels, start, isOurs);
    }

    /// <summary>How many samples at 8 kHz a frame has.</summary>
    public static int SamplesOf(int frame) => frame * Rate / FullRate;

    public static byte Compress(float sample)
    {
        var value = (int)(Math.Clamp(float.IsNaN(sample) ? 0 : sample, -1, 1) * 32_767);
        var sign = value < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs(value), Clip) + Bias;
        var exponent = int.Log2(magnitude) - 7;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0F;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    public static float Expand(byte code)
    {
        var bits = ~code & 0xFF;
        var magnitude = ((((bits & 0x0F) << 3) + Bias) << ((bits >> 4) & 0x07)) - Bias;
        return ((bits & 0x80) != 0 ? -magnitude : magnitude) / 32_767f;
    }

    private static (int Frame, int Count) FramesOf(int duration) =>
        duration <= LongestFrame ? (duration, 1) : (LongestFrame, duration / LongestFrame);

    // RFC 6716 §3.1, table 2.
    private static int FrameDurationOf(int configuration) => configuration switch
    {
        < 12 => (configuration & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 },
        < 16 => (configuration & 1) == 0 ? 480 : 960,
        _ => 120 << (configuration & 3),
    };

    /// <summary>What stands before the frames.</summary>
    /// <param name="Frame">The duration of a frame in samples at 48 kHz.</param>
    /// <param name="Count">How many frames there are.</param>
    /// <param name="Channels">1 or 2.</param>
    /// <param name="Start">Where the first frame begins.</param>
    /// <param name="IsOurs">Whether the test codec made it.</param>
    public readonly record struct Head(int Frame, int Count, int Channels, int Start, bool IsOurs)
    {
        public int Duration => Frame * Count;
    }
}
