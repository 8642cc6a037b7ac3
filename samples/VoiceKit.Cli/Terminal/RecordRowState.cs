namespace VoiceKit.Cli.Terminal;

/// <summary>What <see cref="RecordRow"/> says that goes on.</summary>
internal enum RecordRowState
{
    /// <summary>Recording.</summary>
    Recording,

    /// <summary>Recording hands-free.</summary>
    Locked,

    /// <summary>Standing still.</summary>
    Paused,

    /// <summary>Playing what there is so far.</summary>
    Listening,
}
