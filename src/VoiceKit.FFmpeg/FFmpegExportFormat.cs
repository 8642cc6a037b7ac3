namespace VoiceKit.FFmpeg;

/// <summary>What an <see cref="FFmpegExporter"/> writes.</summary>
public enum FFmpegExportFormat
{
    /// <summary>MP3 with an ID3v2.4 tag: 64 kbit/s a channel, which every program plays.</summary>
    Mp3,

    /// <summary>AAC in M4A, its tables at the front: 48 kbit/s a channel.</summary>
    M4a,

    /// <summary>AAC in ADTS, as Signal has voice messages: mono, 44.1 kHz, 32 kbit/s, without a tag.</summary>
    Adts,
}
