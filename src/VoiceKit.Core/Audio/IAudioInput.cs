namespace VoiceKit.Audio;

/// <summary>
/// A source of live PCM: a microphone, or what the computer plays (loopback). It pushes what it hears to a sink, on a thread of
/// its own.
/// </summary>
/// <remarks>
/// An input can be started and stopped any number of times, and is stopped by being disposed. It is not shared: one sink.
/// </remarks>
public interface IAudioInput : IAsyncDisposable
{
    /// <summary>The format of the samples that the sink gets; it never changes.</summary>
    AudioFormat Format { get; }

    /// <summary>
    /// What a person calls the device, or null when that is not known. It changes when the system moves the input to another one.
    /// </summary>
    string? Name { get; }

    /// <summary>
    /// Starts. The sink's members may be called from before this returns until <see cref="StopAsync"/> has returned.
    /// </summary>
    /// <param name="sink">Takes the audio.</param>
    /// <param name="cancellationToken">Ends the waiting for the device; the input is stopped then.</param>
    /// <exception cref="AudioDeviceException">
    /// The device cannot be used; the input is stopped, and may be started again.
    /// </exception>
    /// <exception cref="InvalidOperationException">The input is started already.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The input is disposed.</exception>
    ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops. What was heard up to now has reached the sink when this returns, and nothing will after it. Does nothing when the
    /// input is not started, and never waits for a device that does not answer.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the waiting for what is under way from the device, which is dropped then; the input is stopped all the same.
    /// </param>
    ValueTask StopAsync(CancellationToken cancellationToken = default);
}
