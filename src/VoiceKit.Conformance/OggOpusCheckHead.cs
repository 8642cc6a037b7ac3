using System.Buffers.Binary;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Judges the bytes of an OpusHead (RFC 7845 §5.1) and tells what the audio behind it is judged by.</summary>
/// <param name="IsReadable">Whether the packets behind it can be told apart into streams.</param>
/// <param name="PreSkip">The pre-skip.</param>
/// <param name="StreamCount">The number of Opus streams in each packet; 1 where it cannot be told.</param>
internal readonly record struct OggOpusCheckHead(bool IsReadable, int PreSkip, int StreamCount)
{
    private const int BaseSize = 19;
    private const int MappingAt = 21;
    private const int LowPreSkip = 120;

    /// <summary>Whether a stream that begins on a page is Opus, be its OpusHead right or not.</summary>
    public static bool BeginsOn(OggPage page) => page.Data[page.BodyAt..].StartsWith(OpusHead.Magic);

    /// <summary>Whether a page whose checksum is wrong holds an OpusHead all the same.</summary>
    public static bool IsOn(OggPage page) => page.HasOpusHead;

    /// <summary>Judges the packet, which begins with the magic word.</summary>
    /// <param name="packet">The packet, or what its first page holds of it.</param>
    /// <param name="offset">Where it stands in the input.</param>
    /// <param name="log">Takes the findings.</param>
    public static OggOpusCheckHead Read(ReadOnlySpan<byte> packet, long offset, OggOpusCheckLog log)
    {
        if (packet.Length < BaseSize)
        {
            log.Add(Rule.HeadTooShort, offset, $"The OpusHead has {packet.Length} bytes; its fields take {BaseSize}.");
            return new OggOpusCheckHead(false, 0, 1);
        }

        int preSkip = BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]);
        if (packet[8] != 1)
        {
            log.Add(
                Rule.HeadVersion,
                offset + 8,
                $"The OpusHead has version {packet[8]}; it is always 1, and 16 or more is incompatible.");
        }

        if (packet[8] > 15)
            return new OggOpusCheckHead(false, preSkip, 1);

        CheckValues(packet, preSkip, offset, log);
        var isReadable = packet[18] == 0 ? CheckFamily0(packet, offset, log) : CheckMapping(packet, offset, log);
        return new OggOpusCheckHead(isReadable, preSkip, isReadable && packet[18] != 0 ? packet[19] : 1);
    }

    private static void CheckValues(ReadOnlySpan<byte> packet, int preSkip, long offset, OggOpusCheckLog log)
    {
        if (preSkip < LowPreSkip)
        {
            log.Add(
                Rule.PreSkipLow,
                offset + 10,
                $"The pre-skip is {preSkip} samples; no encoder looks ahead by less than {LowPreSkip}.");
        }

        var rate = BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]);
        if (rate is not 0 and (< 8000 or > 192_000))
            log.Add(Rule.InputRate, offset + 12, $"The input sample rate is {rate} Hz; 0 and 8,000 to 192,000 Hz are of use.");
        var gain = BinaryPrimitives.ReadInt16LittleEndian(packet[16..]);
        if (gain != 0)
        {
            log.Add(
                Rule.OutputGain,
                offset + 16,
                $"The output gain is {gain / 256.0:0.##} dB; it should be 0 and the gain applied before encoding.");
        }

        if (packet[18] is not (0 or 1))
        {
            log.Add(
                Rule.HeadFamily,
                offset + 18,
                $"Mapping family {packet[18]}: players play 0 and 1, and need not play others.");
        }
    }

    private static bool CheckFamily0(ReadOnlySpan<byte> packet, long offset, OggOpusCheckLog log)
    {
        if (packet.Length > BaseSize && packet[8] == 1)
        {
            log.Add(
                Rule.HeadMappingTable,
                offset + BaseSize,
                $"{packet.Length - BaseSize} bytes behind an OpusHead of mapping family 0, which has no mapping table.");
        }

        if (packet[9] is 1 or 2)
            return true;
        log.Add(Rule.HeadChannels, offset + 9, $"{packet[9]} channels; mapping family 0 has 1 or 2.");
        return true;
    }

    private static bool CheckMapping(ReadOnlySpan<byte> packet, long offset, OggOpusCheckLog log)
    {
        int channels = packet[9], family = packet[18];
        if (!AllowsChannels(family, channels))
            log.Add(Rule.HeadChannels, offset + 9, $"{channels} channels, which mapping family {family} does not allow.");
        if (packet.Length < MappingAt)
        {
            log.Add(Rule.HeadTooShort, offset, $"The OpusHead has {packet.Length} bytes; its mapping table is missing.");
            return false;
        }

        int streams = packet[19], coupled = packet[20];
        if (streams == 0 || coupled > streams || streams + coupled > 255)
        {
            log.Add(
                Rule.HeadStreams,
                offset + 19,
                $"{streams} streams, {coupled} of them coupled; there is one or more, and no more than 255 decoded channels.");
            return streams > 0;
        }

        // RFC 8486 §3.2: family 3 has a matrix of 16-bit numbers in place of the indices.
        var size = MappingAt + (family == 3 ? 2 * channels * (streams + coupled) : channels);
        if (packet.Length < size)
        {
            log.Add(
                Rule.HeadTooShort,
                offset,
                $"The OpusHead has {packet.Length} bytes; {channels} channels of mapping family {family} take {size}.");
        }
        else if (packet.Length > size && packet[8] == 1)
            log.Add(Rule.HeadTrailingBytes, offset + size, $"{packet.Length - size} bytes behind the fields of the OpusHead.");
        else if (family != 3)
            CheckIndices(packet.Slice(MappingAt, channels), streams + coupled, offset + MappingAt, log);
        return true;
    }

    private static void CheckIndices(ReadOnlySpan<byte> mapping, int decoded, long offset, OggOpusCheckLog log)
    {
        for (var channel = 0; channel < mapping.Length; channel++)
        {
            if (mapping[channel] >= decoded && mapping[channel] != 255)
            {
                log.Add(
                    Rule.HeadMapping,
                    offset + channel,
                    $"Channel {channel} takes decoded channel {mapping[channel]} of {decoded}; 255 stands for silence.");
            }
        }
    }

    // Families 2 and 3 are ambisonics: (1 + n)² channels, and two more or none (RFC 8486 §3.3).
    private static bool AllowsChannels(int family, int channels)
    {
        if (family == 1)
            return channels is >= 1 and <= 8;
        if (family is not (2 or 3))
            return channels > 0;
        var order = (int)Math.Sqrt(channels);
        return channels is > 0 and <= 227 && channels - order * order is 0 or 2;
    }
}
