namespace VoiceKit.Diagnostics;

/// <summary>A handler of an event that threw; see <see cref="VoiceKitDiagnostics.HandlerFailed"/>.</summary>
/// <param name="eventName">The event's name.</param>
/// <param name="exception">What the handler threw.</param>
public sealed class HandlerFailedEventArgs(string eventName, Exception exception) : EventArgs
{
    /// <summary>The event's name, <c>Progress</c> for instance.</summary>
    public string EventName { get; } = eventName;

    /// <summary>What the handler threw.</summary>
    public Exception Exception { get; } = exception;
}
