namespace VoiceKit.Waveforms;

/// <summary>How a level becomes the height of a bar.</summary>
public enum WaveformScale
{
    /// <summary>
    /// The default, made for voice. With r the RMS of a bar in dBFS (20·log10, 0 dBFS = an RMS of 1) and
    /// R = max(r of the loudest bar, −35 dBFS): height = (1 + (r − R) / 45 dB)², and 0 from 45 dB under R down.
    /// The decibels make soft syllables visible, the square gives pauses and syllables contrast, and the least reference
    /// of −35 dBFS keeps the noise of a silent room low. A louder bar is never lower; silence is 0.
    /// </summary>
    Perceptual,

    /// <summary>The peak itself; 1 is full scale, and what is above it stays at 1.</summary>
    Linear,

    /// <summary>The peak over the highest peak, so that the highest bar is 1; all 0 for silence.</summary>
    Normalized,
}
