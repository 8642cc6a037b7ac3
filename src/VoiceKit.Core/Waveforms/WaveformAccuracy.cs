namespace VoiceKit.Waveforms;

/// <summary>How exactly bars are computed from Opus.</summary>
public enum WaveformAccuracy
{
    /// <summary>
    /// As a picture needs it, and in less than half the time. What is above 8 kHz is not decoded; the energies that its bands are
    /// coded with tell how loud it is. Of 20 ms, the RMS is within 0.5 dB at least half of the time and within 2 dB for 95 %
    /// of it, on speech, music and noise alike; peaks of speech are within 6 %, but those of noise may be 5 dB too low.
    /// </summary>
    Drawing,

    /// <summary>
    /// All is decoded at 48 kHz, and bars are those of the PCM: for formats that promise peaks or means of the samples.
    /// </summary>
    Exact,
}
