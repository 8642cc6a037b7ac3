namespace VoiceKit.Opus;

/// <summary>
/// Splits packets of several streams: all but the last are framed so that they tell their own length (RFC 6716 appendix B), and
/// become packets of their own by leaving that length out. Allocates only while its buffer grows, to the largest packet's size.
/// </summary>
/// <param name="streamCount">The number of streams in each packet, 1…255.</param>
internal sealed class OpusMultistreamPacket(int streamCount)
{
    private readonly int[] _ends = new int[streamCount];
    private byte[] _packets = [];

    /// <summary>The duration of the packet, which all of its streams have, in samples at 48 kHz; 0 when it was refused.</summary>
    public int Duration { get; private set; }

    /// <summary>Checks and splits a packet.</summary>
    /// <returns>The rule that it breaks; the packets of the streams are there only when it breaks none.</returns>
    public OpusPacketFault Split(ReadOnlySpan<byte> data)
    {
        Array.Clear(_ends);
        var fault = OpusPacketLayout.ReadDuration(data, streamCount, out var duration);
        Duration = duration;
        if (fault != OpusPacketFault.None)
            return fault;

        if (data.Length > _packets.Length)
            _packets = new byte[Math.Max(data.Length, 2 * _packets.Length)];
        var end = 0;
        for (var stream = 0; stream < streamCount - 1; stream++)
        {
            OpusDelimitedLayout.Read(data, out var layout);
            Append(data[..layout.LengthAt], ref end);
            Append(data[layout.FramesAt..layout.Size], ref end);
            _ends[stream] = end;
            data = data[layout.Size..];
        }

        Append(data, ref end);
        _ends[^1] = end;
        return OpusPacketFault.None;
    }

    /// <summary>The packet of one stream, valid until the next split.</summary>
    /// <param name="stream">0…the number of streams − 1.</param>
    public ReadOnlySpan<byte> GetStream(int stream)
    {
        var start = stream == 0 ? 0 : _ends[stream - 1];
        return _packets.AsSpan(start, _ends[stream] - start);
    }

    private void Append(ReadOnlySpan<byte> bytes, ref int end)
    {
        bytes.CopyTo(_packets.AsSpan(end));
        end += bytes.Length;
    }
}
