namespace VoiceKit.Waveforms;

/// <summary>How a chat platform writes the bars of a voice message.</summary>
public enum WaveformEncoding
{
    /// <summary>
    /// 100 values of 0…31, packed as 5 bits each, the lowest bit first, into 63 bytes (<c>documentAttributeAudio.waveform</c>,
    /// TDLib's <c>voiceNote.waveform</c>). Peaks; what is above max(2500, 1.8 × their mean) of 16 bits is 31.
    /// </summary>
    Telegram,

    /// <summary>64 bytes of 0…100 (<c>AudioMessage.waveform</c>). The RMS; the loudest bar is 100.</summary>
    WhatsApp,

    /// <summary>
    /// 1 to 256 bytes of 0…255, no more than one for each 100 ms (the attachment's <c>waveform</c>; Discord API documentation,
    /// "Voice messages"). The RMS in dBFS; −60 dB is 0, 0 dBFS is 255.
    /// </summary>
    Discord,

    /// <summary>30 to 120 integers of 0…256 (the drafts of MSC3246). The RMS; the loudest bar is 256.</summary>
    Matrix,

    /// <summary>
    /// 30 to 120 integers of 0…1024 (the first text of MSC3246, which clients send). The RMS; the loudest bar is 1024.
    /// </summary>
    MatrixV1,
}
