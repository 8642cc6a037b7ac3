using System.Collections.Concurrent;
using VoiceKit.Diagnostics;

namespace VoiceKit.Tests.Support;

/// <summary>Hears of handlers that throw.</summary>
internal sealed class HandlerFailures : IDisposable
{
    private readonly ConcurrentQueue<(object? Sender, HandlerFailedEventArgs Failure)> _told = new();

    public HandlerFailures() => VoiceKitDiagnostics.HandlerFailed += OnFailed;

    /// <summary>Those of one object: tests run side by side.</summary>
    public List<HandlerFailedEventArgs> Of(object sender) =>
        [.. _told.Where(told => ReferenceEquals(told.Sender, sender)).Select(told => told.Failure)];

    public void Dispose() => VoiceKitDiagnostics.HandlerFailed -= OnFailed;

    private void OnFailed(object? sender, HandlerFailedEventArgs failure) => _told.Enqueue((sender, failure));
}
