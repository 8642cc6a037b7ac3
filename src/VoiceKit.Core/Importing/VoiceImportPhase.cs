namespace VoiceKit.Importing;

/// <summary>What an import is doing.</summary>
internal enum VoiceImportPhase
{
    /// <summary>Listening to all of the sound for its silence, or for a preview.</summary>
    Analyzing,

    /// <summary>Encoding the sound.</summary>
    Encoding,

    /// <summary>Copying packets as they are.</summary>
    Copying,

    /// <summary>Measuring how loud the message is.</summary>
    Measuring,
}
