namespace VoiceKit.Audio;

/// <summary>A speaker: pulls PCM from a source, on a thread of its own, and plays it.</summary>
/// <remarks>
/// An output can be started and stopped any number of times, and is stopped by being disposed. It is not shared: one source.
/// </remarks>
public interface IAudioOutput : IAsyncDisposable
{
    /// <summary>The format of the samples that it asks for; it never changes.</summary>
    AudioFormat Format { get; }

    /// <summary>What a person calls the device, or null when that is not known.</summary>
    string? Name { get; }

    /// <summary>
    /// How long from now it takes until the last frame that the source gave is heard: what waits in buffers plus the way to the
    /// ear, as well as the device knows. 0 while stopped.
    /// </summary>
    TimeSpan Latency { get; }

    /// <summary>
    /// How much the output takes ahead of what is heard, at most. It asks for so much at once when it starts, and from then on
    /// for what it has played: a source that holds as much never lets it run dry.
    /// </summary>
    TimeSpan BufferDuration { get; }

    /// <summary>
    /// Starts. The source's members may be called from before this returns until <see cref="StopAsync"/> has returned.
    /// </summary>
    /// <param name="source">Gives the audio.</param>
    /// <param name="cancellationToken">Ends the waiting for the device; the output is stopped then.</param>
    /// <exception cref="AudioDeviceException">
    /// The device cannot be used; the output is stopped, and may be started again.
    /// </exception>
    /// <exception cref="InvalidOperationException">The output is started already.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The output is disposed.</exception>
    ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops at once and throws away what waits in buffers. The source is not called after this returns. Does nothing when the
    /// output is not started, and never waits for a device that does not answer.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for the device; the output is stopped all the same.</param>
    ValueTask StopAsync(CancellationToken cancellationToken = default);
}
