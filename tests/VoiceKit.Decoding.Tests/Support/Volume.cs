using System.Globalization;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>How many packets the comparisons with libopus take. eng/decoding takes a million.</summary>
internal static class Volume
{
    /// <summary>VOICEKIT_DECODING_PACKETS; null where each test takes its own number.</summary>
    public static int? Packets { get; } = ReadNumber("VOICEKIT_DECODING_PACKETS");

    /// <summary>VOICEKIT_DECODING_SEED: chooses other packets; 1 when it is not set.</summary>
    public static int Seed { get; } = ReadNumber("VOICEKIT_DECODING_SEED") ?? 1;

    private static int? ReadNumber(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
