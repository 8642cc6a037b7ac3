namespace VoiceKit.Opus.Decoding.Silk;

/// <summary>The tables of the header, of stereo prediction and of frame types (RFC 6716 §4.2.4, §4.2.7.1–3).</summary>
internal static class SilkHeaderTables
{
    /// <summary>Which frames of a 40 ms packet have a redundant copy (table 4).</summary>
    public static ReadOnlySpan<byte> RedundancyFlags40 => [203, 150, 0];

    /// <summary>Which frames of a 60 ms packet have a redundant copy (table 4).</summary>
    public static ReadOnlySpan<byte> RedundancyFlags60 => [215, 195, 166, 125, 110, 82, 0];

    /// <summary>The stage 1 index of both stereo weights (table 6).</summary>
    public static ReadOnlySpan<byte> StereoWeightsJoint =>
    [
        249, 247, 246, 245, 244,
        234, 210, 202, 201, 200,
        197, 174, 82, 59, 56,
        55, 54, 46, 22, 12,
        11, 10, 9, 7, 0,
    ];

    /// <summary>The stage 2 index of a stereo weight (table 6).</summary>
    public static ReadOnlySpan<byte> StereoWeightsStage2 => [171, 85, 0];

    /// <summary>The stage 3 index of a stereo weight (table 6).</summary>
    public static ReadOnlySpan<byte> StereoWeightsStage3 => [205, 154, 102, 51, 0];

    /// <summary>The weights between which a stereo weight lies, in Q13 (table 7).</summary>
    public static ReadOnlySpan<short> StereoWeights =>
    [
        -13732, -10050, -8266, -7526, -6500, -5000, -2950, -820, 820, 2950, 5000, 6500, 7526, 8266, 10050, 13732,
    ];

    /// <summary>Whether the side channel is not coded (table 8).</summary>
    public static ReadOnlySpan<byte> MidOnlyFlag => [64, 0];

    /// <summary>The frame type of a frame without voice activity (table 9).</summary>
    public static ReadOnlySpan<byte> InactiveFrameType => [230, 0];

    /// <summary>The frame type of a frame with voice activity, less 2 (table 9).</summary>
    public static ReadOnlySpan<byte> ActiveFrameType => [232, 158, 10, 0];
}
