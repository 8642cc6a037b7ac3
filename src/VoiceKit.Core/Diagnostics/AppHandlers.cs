using System.Runtime.CompilerServices;

namespace VoiceKit.Diagnostics;

/// <summary>Calls the handlers that an app has added to an event. Every event of the library is raised by this.</summary>
/// <remarks>
/// The policy: a handler that throws stops nothing. The other handlers are called, the library's work goes on as if the handler
/// had returned, and no audio is lost. The exception is told by <see cref="VoiceKitDiagnostics.HandlerFailed"/>, counted by
/// <see cref="VoiceKitDiagnostics.HandlerFaults"/>, and traced. Nothing is allocated where no handler throws.
/// </remarks>
internal static class AppHandlers
{
    /// <summary>Raises an event.</summary>
    /// <param name="handlers">The event's field.</param>
    /// <param name="sender">Whose event it is.</param>
    /// <param name="argument">What is told.</param>
    /// <param name="eventName">The event's name; the compiler gives it.</param>
    public static void Raise<T>(
        EventHandler<T>? handlers,
        object sender,
        T argument,
        [CallerArgumentExpression(nameof(handlers))] string eventName = "")
    {
        if (handlers is null)
            return;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(sender, argument);
            }
            catch (Exception exception)
            {
                Tell(sender, new HandlerFailedEventArgs(eventName, exception));
            }
        }
    }

    /// <inheritdoc cref="Raise{T}"/>
    public static void Raise(
        EventHandler? handlers, object sender, [CallerArgumentExpression(nameof(handlers))] string eventName = "")
    {
        if (handlers is null)
            return;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(sender, EventArgs.Empty);
            }
            catch (Exception exception)
            {
                Tell(sender, new HandlerFailedEventArgs(eventName, exception));
            }
        }
    }

    private static void Tell(object sender, HandlerFailedEventArgs failure)
    {
        Instruments.CountHandlerFault(failure);
        foreach (var handler in Delegate.EnumerateInvocationList(VoiceKitDiagnostics.HandlersOfFailures))
        {
            try
            {
                handler(sender, failure);
            }
            catch (Exception exception)
            {
                // The one that is told of failures fails itself: what is left is to count it.
                Instruments.CountHandlerFault(new HandlerFailedEventArgs(nameof(VoiceKitDiagnostics.HandlerFailed), exception));
            }
        }
    }
}
