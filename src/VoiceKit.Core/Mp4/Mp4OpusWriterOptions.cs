namespace VoiceKit.Mp4;

/// <summary>How MP4 is written.</summary>
public sealed class Mp4OpusWriterOptions
{
    /// <summary>
    /// How long the fragments are in which the file is written, so that it can be played while it grows and needs no end to be read (ISO/IEC
    /// 14496-12 §8.8); null for a file whose tables are made when it is finished.
    /// </summary>
    /// <value>20 ms…1 min; null by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? FragmentDuration
    {
        get;
        init
        {
            if (value is { } duration)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromMilliseconds(20));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, TimeSpan.FromMinutes(1));
            }

            field = value;
        }
    }
}
