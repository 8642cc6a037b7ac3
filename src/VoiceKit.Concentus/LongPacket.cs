using VoiceKit.Opus;
using Managed = Concentus.Enums;
using ManagedEncoder = Concentus.Structs.OpusEncoder;

namespace VoiceKit.Concentus;

/// <summary>
/// Makes packets of 80, 100 and 120 ms, which Concentus does not know, of frames of 20 ms. All frames of a packet have one mode,
/// one bandwidth and one number of channels (RFC 6716 §3.1): those that the encoder chooses for the first.
/// </summary>
/// <param name="frameCount">How many frames a packet has, 4…6.</param>
internal sealed class LongPacket(int frameCount)
{
    /// <summary>The longest frame of Opus, and packet of Concentus.</summary>
    public static readonly TimeSpan LongestFrame = TimeSpan.FromMilliseconds(60);

    private const int Auto = -1000; // OPUS_AUTO

    private readonly OpusRepacketizer _frames = new();
    private readonly byte[] _emptyFrame = new byte[1];
    private readonly byte[] _frame = new byte[1 + OpusPacket.MaxFrameSize];

    /// <summary>Encodes a packet.</summary>
    /// <param name="encoder">Encodes the frames.</param>
    /// <param name="samples">The samples of all frames.</param>
    /// <param name="packet">Where the packet goes.</param>
    /// <param name="constantSize">How long it must be; 0 when that does not matter.</param>
    /// <param name="maxBandwidth">The encoder's setting, which is lost on the way and set again.</param>
    /// <returns>The packet's size in bytes.</returns>
    public int Encode(
        ManagedEncoder encoder, ReadOnlySpan<short> samples, Span<byte> packet, int constantSize, OpusBandwidth maxBandwidth)
    {
        if (constantSize > 0)
            packet = packet[..Math.Min(constantSize, packet.Length)];
        var room = Math.Clamp((packet.Length - OverheadOf(frameCount)) / frameCount, 1, _frame.Length);
        var size = samples.Length / frameCount;
        _frames.Clear();
        try
        {
            for (var i = 0; i < frameCount; i++)
            {
                var length = encoder.Encode(samples.Slice(i * size, size), size / encoder.NumChannels, _frame, room);
                Add(_frame.AsSpan(0, length));
                Choose(encoder, new OpusToc(_frame[0]), forLast: i + 2 == frameCount);
            }
        }
        finally
        {
            Release(encoder, maxBandwidth);
        }

        var written = _frames.Write(packet);
        return constantSize > 0 ? OpusRepacketizer.Pad(packet, written, packet.Length) : written;
    }

    // Two bytes in front, and the length of each frame but the last (§3.2.5).
    private static int OverheadOf(int frameCount) => 2 + 2 * (frameCount - 1);

    // A frame that came out different all the same is left out, and concealed by who hears it.
    private void Add(ReadOnlySpan<byte> frame)
    {
        if (_frames.FrameCount == 0)
            _emptyFrame[0] = (byte)(frame[0] & ~0b11);
        if (!_frames.TryAdd(frame))
            _frames.TryAdd(_emptyFrame);
    }

    // The last frame may begin a change from SILK to CELT: it is still coded in SILK, and the next packet in CELT.
    private static void Choose(ManagedEncoder encoder, OpusToc toc, bool forLast)
    {
        encoder.ForceMode = toc.Mode switch
        {
            OpusMode.Celt => Managed.OpusMode.MODE_CELT_ONLY,
            _ when forLast => Managed.OpusMode.MODE_AUTO,
            OpusMode.Hybrid => Managed.OpusMode.MODE_HYBRID,
            _ => Managed.OpusMode.MODE_SILK_ONLY,
        };
        encoder.Bandwidth = (Managed.OpusBandwidth)OpusDefines.NumberOf(toc.Bandwidth);
        encoder.ForceChannels = toc.IsStereo ? 2 : 1;
    }

    private static void Release(ManagedEncoder encoder, OpusBandwidth maxBandwidth)
    {
        encoder.ForceMode = Managed.OpusMode.MODE_AUTO;
        encoder.Bandwidth = Managed.OpusBandwidth.OPUS_BANDWIDTH_AUTO;
        encoder.ForceChannels = Auto;

        // The bandwidth that is forced or not takes the place of what the highest bandwidth had set for SILK.
        encoder.MaxBandwidth = (Managed.OpusBandwidth)OpusDefines.NumberOf(maxBandwidth);
    }
}
