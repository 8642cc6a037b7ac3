namespace VoiceKit.Opus;

/// <summary>The numbers of opus_defines.h, in which the reference codec and its port take their settings.</summary>
internal static class OpusDefines
{
    private const int Narrowband = 1101;

    /// <summary>The number of an application.</summary>
    public static int NumberOf(OpusApplication application) => application switch
    {
        OpusApplication.Audio => 2049,
        OpusApplication.RestrictedLowDelay => 2051,
        _ => 2048,
    };

    /// <summary>The number of a hint.</summary>
    public static int NumberOf(OpusSignal signal) => signal switch
    {
        OpusSignal.Voice => 3001,
        OpusSignal.Music => 3002,
        _ => -1000,
    };

    /// <summary>The number of a bandwidth.</summary>
    public static int NumberOf(OpusBandwidth bandwidth) => Narrowband + (int)bandwidth;
}
