using VoiceKit.Opus.Decoding.Range;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>The parameters of the post-filter of one frame (RFC 6716 §4.3.7.1).</summary>
/// <param name="Period">The pitch period at 48 kHz: 15…1022.</param>
/// <param name="Gain">The gain; 0 where there is no filter.</param>
/// <param name="TapSet">Which of three sets of taps, 0…2.</param>
internal readonly record struct PostFilterSetting(int Period, float Gain, int TapSet)
{
    /// <summary>The shortest period.</summary>
    public const int MinPeriod = 15;

    private const float GainStep = 3 / 32f;

    /// <summary>No filter.</summary>
    public static PostFilterSetting Off => new(MinPeriod, 0, 0);

    /// <summary>Reads the parameters that follow the silence flag.</summary>
    public static PostFilterSetting Decode(ref RangeDecoder range)
    {
        if (!range.DecodeBit(1))
            return Off;
        var octave = (int)range.DecodeUniform(6);
        var period = (16 << octave) + (int)range.DecodeRaw(4 + octave) - 1;
        var gain = range.DecodeRaw(3) + 1;
        var tapSet = range.Tell() + 2 <= range.Length * 8 ? range.DecodeSymbol([2, 1, 0], 2) : 0;
        return new(period, GainStep * gain, tapSet);
    }
}
