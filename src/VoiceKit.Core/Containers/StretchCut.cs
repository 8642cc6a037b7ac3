using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// Where audio is cut for several encoders: at fixed places, so that the outcome is the same on any number of cores.
/// </summary>
/// <param name="Packets">How many packets a stretch has.</param>
/// <param name="PreRoll">How many packets before a stretch its encoder is given to hear.</param>
/// <param name="PacketSize">How many floats a packet takes.</param>
internal readonly record struct StretchCut(int Packets, int PreRoll, int PacketSize)
{
    // A longer stretch costs memory, a shorter one more of its time for the pre-roll. With less of a pre-roll the encoder's
    // analysis has not heard enough to tell speech from music as it would have.
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    /// <summary>The cut for packets of a duration.</summary>
    public static StretchCut For(TimeSpan packetDuration, int packetSize) =>
        new(Count(Length, packetDuration), Count(OpusRates.ToTime(OpusPreRoll.Seam), packetDuration), packetSize);

    private static int Count(TimeSpan length, TimeSpan packet) =>
        (int)((length + packet - TimeSpan.FromTicks(1)).Ticks / packet.Ticks);
}
