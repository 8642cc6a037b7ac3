namespace VoiceKit.Opus;

/// <summary>Takes note of links that cannot be played.</summary>
internal interface IBadLinkLog
{
    /// <summary>Whether such a link is to throw instead.</summary>
    bool IsStrict { get; }

    /// <summary>Lists that the current link cannot be played.</summary>
    void AddBadLink(string message);
}
