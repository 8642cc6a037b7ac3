namespace VoiceKit.Opus;

/// <summary>
/// How much audio before a place a decoder that begins anew is given and not heard, so that it has converged there. In samples at
/// 48 kHz.
/// </summary>
/// <remarks>
/// CELT converges within some frames. The pitch prediction of voiced SILK reaches far back: after 80 ms what it gives still
/// differs audibly, after 240 ms seldom, after 640 ms no more, and after a second it is mostly the same to the bit.
/// </remarks>
internal static class OpusPreRoll
{
    /// <summary>What RFC 7845 §4.6 asks for: 80 ms. Enough for levels.</summary>
    public const int Least = OpusRates.Full * 80 / 1000;

    /// <summary>For a cut, where each packet more makes the file larger: 240 ms.</summary>
    public const int Cut = 3 * Least;

    /// <summary>For a seek, and where a stream is broken in two: 640 ms.</summary>
    public const int Seek = 8 * Least;

    /// <summary>For stretches that are decoded or encoded apart and must fit together: a second.</summary>
    public const int Seam = OpusRates.Full;
}
