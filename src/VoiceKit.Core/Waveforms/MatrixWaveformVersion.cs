namespace VoiceKit.Waveforms;

/// <summary>Which text of MSC3246 the integers of a Matrix waveform follow.</summary>
public enum MatrixWaveformVersion
{
    /// <summary>The one that clients send in <c>org.matrix.msc1767.audio</c>: 0…1024.</summary>
    V1,

    /// <summary>The current draft, <c>org.matrix.msc3246.waveform</c>: 0…256.</summary>
    Draft,
}
