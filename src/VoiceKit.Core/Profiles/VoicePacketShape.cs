using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Profiles;

/// <summary>Counts what packets of a message are not as a profile wants them.</summary>
internal sealed class VoicePacketShape
{
    public long Packets { get; private set; }

    public long OtherFrames { get; private set; }

    public long WiderPackets { get; private set; }

    public long OtherCodes { get; private set; }

    public long LongerPackets { get; private set; }

    public long ShorterPackets { get; private set; }

    /// <summary>
    /// Whether packets have the number of frames that they should: none has more, and fewer have only those that the coder's
    /// changes of mode leave over, and the last.
    /// </summary>
    public bool IsGrouped => LongerPackets == 0 && ShorterPackets <= 1 + Packets / 10;

    public static VoicePacketShape Read(VoiceProfile profile, VoiceMessage message, CancellationToken cancellationToken)
    {
        var shape = new VoicePacketShape();
        var frameDuration = OpusRates.ToSamples(profile.FrameDuration);
        using var reader = OggOpusReader.Open(message.OpenRead());
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (OpusPacket.TryParse(reader.Packet, out var packet))
                shape.Add(packet, profile, frameDuration);
        }

        return shape;
    }

    private void Add(OpusPacket packet, VoiceProfile profile, long frameDuration)
    {
        Packets++;
        if (packet.Toc.Bandwidth > profile.MaxBandwidth)
            WiderPackets++;
        if (profile.FramesPerPacket is not { } frames)
            return;
        if (packet.Toc.FrameDuration != frameDuration)
            OtherFrames++;
        if (profile.ForceCode3 && packet.Toc.Code != 3)
            OtherCodes++;
        if (packet.FrameCount > frames)
            LongerPackets++;
        else if (packet.FrameCount < frames)
            ShorterPackets++;
    }
}
