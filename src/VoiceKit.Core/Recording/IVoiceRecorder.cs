using VoiceKit.Audio;
using VoiceKit.Waveforms;

namespace VoiceKit.Recording;

/// <summary>
/// Records one voice message: start, pause, listen, go on, finish or discard. Every member may be called from any thread; calls
/// wait for one another.
/// </summary>
/// <remarks>
/// <para>
/// A call that the state does not allow throws <see cref="InvalidOperationException"/>, and a call that fails changes nothing,
/// unless it says otherwise.
/// </para>
/// <para>
/// Events are raised on threads of the recorder; a handler may call the recorder, and keeps it waiting while it runs. A handler
/// that throws stops nothing; see <see cref="VoiceKit.Diagnostics.VoiceKitDiagnostics.HandlerFailed"/>.
/// </para>
/// </remarks>
public interface IVoiceRecorder : IAsyncDisposable
{
    /// <summary>What the recorder is doing.</summary>
    RecordingState State { get; }

    /// <summary>What failed, while the state is <see cref="RecordingState.Faulted"/>; else null.</summary>
    Exception? Fault { get; }

    /// <summary>How much was recorded; pauses don't count.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>Raised after each change of <see cref="State"/>.</summary>
    event EventHandler<RecordingStateChange>? StateChanged;

    /// <summary>
    /// Raised with level and time while recording, as often as <see cref="VoiceRecorderOptions.ProgressInterval"/> says.
    /// </summary>
    event EventHandler<RecordingProgress>? Progress;

    /// <summary>
    /// Raised once when less than <see cref="VoiceRecorderOptions.LimitWarning"/> is left before a limit, with the time that is
    /// left.
    /// </summary>
    event EventHandler<TimeSpan>? LimitNear;

    /// <summary>
    /// Raised when the system has moved the recording to another microphone, as it may with the default one: a person should see
    /// it. The recording goes on. A microphone that was named is never replaced: when it is gone, that is a fault. The event has
    /// what a person calls the new one; null when that is not known.
    /// </summary>
    event EventHandler<string?>? InputChanged;

    /// <summary>
    /// Gives level and time while recording, until the message is finished or discarded. A slow reader misses some.
    /// </summary>
    /// <param name="cancellationToken">Ends the sequence.</param>
    IAsyncEnumerable<RecordingProgress> WatchAsync(CancellationToken cancellationToken = default);

    /// <summary>Turns the microphone on. From <see cref="RecordingState.Idle"/>.</summary>
    /// <param name="cancellationToken">Ends the waiting for the device.</param>
    /// <exception cref="AudioDeviceException">The device cannot be used, or does not answer.</exception>
    /// <exception cref="IOException">The draft cannot be created.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded, or refuses a setting.</exception>
    Task StartAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Turns the microphone off; everything up to now is in the draft. From <see cref="RecordingState.Recording"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for other calls.</param>
    Task PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes on in the same message. From <see cref="RecordingState.Paused"/> or <see cref="RecordingState.Faulted"/>, and not at
    /// a limit.
    /// </summary>
    /// <param name="input">
    /// Another input, of any format, in place of the one before, which is disposed; null for the same. When this throws, it is
    /// still the caller's.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting for the device.</param>
    /// <exception cref="AudioDeviceException">The device cannot be used, or does not answer; the input before stays.</exception>
    /// <exception cref="IOException">What was recorded still cannot be written.</exception>
    Task ResumeAsync(IAudioInput? input = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives what is there so far as a message to listen to; recording may go on after it. From
    /// <see cref="RecordingState.Paused"/> or <see cref="RecordingState.Faulted"/>; from <see cref="RecordingState.Finished"/> it
    /// gives the message.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for other calls.</param>
    /// <returns>
    /// A message in memory. It ends up to one packet and the encoder's look-ahead (26.5 ms with packets of 20 ms) before the
    /// voice does: a packet is made when its audio is complete.
    /// </returns>
    Task<VoiceMessage> OpenDraftAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the recording and gives the message. From <see cref="RecordingState.Recording"/>, <see cref="RecordingState.Paused"/>
    /// or <see cref="RecordingState.Faulted"/>. The draft stays until <see cref="DeleteDraft"/>, so that nothing is lost before
    /// the app has put the message where it belongs; it also goes when the message is saved to a file or a store. See also
    /// <see cref="FinishToFileAsync"/>.
    /// </summary>
    /// <remarks>
    /// When it fails, the microphone is off and the state is <see cref="RecordingState.Faulted"/>: it can be called once more,
    /// and the draft stays.
    /// </remarks>
    /// <param name="keepFrom">Where the message is to begin; null for the beginning.</param>
    /// <param name="keepTo">Where it is to end; null or beyond the end for the end.</param>
    /// <param name="cancellationToken">Ends the waiting for other calls.</param>
    /// <returns>
    /// The message in memory; null when it would have been shorter than <see cref="VoiceRecorderOptions.MinDuration"/>: it is
    /// discarded then, and the person should be told to hold longer.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There would be no audio between the two. A recording under way is paused then.
    /// </exception>
    /// <exception cref="IOException">The draft cannot be read.</exception>
    Task<VoiceMessage?> FinishAsync(
        TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the recording as <see cref="FinishAsync"/> does, saves the message, and deletes the draft once it is saved. From
    /// <see cref="RecordingState.Finished"/> it saves the message once more: after a disk was full, for instance.
    /// </summary>
    /// <param name="path">The file; it appears whole or not at all, and an existing one is replaced.</param>
    /// <param name="keepFrom">Where the message is to begin; null for the beginning.</param>
    /// <param name="keepTo">Where it is to end; null or beyond the end for the end.</param>
    /// <param name="cancellationToken">Ends the waiting for other calls.</param>
    /// <returns>The message in the file; null when it would have been too short.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There would be no audio between the two. A recording under way is paused then.
    /// </exception>
    /// <exception cref="IOException">The file could not be written; the recorder is finished and the draft is kept.</exception>
    Task<VoiceMessage?> FinishToFileAsync(
        string path, TimeSpan? keepFrom = null, TimeSpan? keepTo = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Throws the recording away. From <see cref="RecordingState.Recording"/>, <see cref="RecordingState.Paused"/> or
    /// <see cref="RecordingState.Faulted"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for other calls.</param>
    /// <exception cref="IOException">The draft could not be deleted; the recording is discarded all the same.</exception>
    Task DiscardAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the draft of a finished message that has been put where it belongs. Does nothing when it is gone already.
    /// </summary>
    /// <exception cref="InvalidOperationException">The state is not <see cref="RecordingState.Finished"/>.</exception>
    /// <exception cref="IOException">The draft could not be deleted.</exception>
    void DeleteDraft();

    /// <summary>Gives the newest bars, the newest last, for the row on the screen. They stand still while paused.</summary>
    /// <param name="heights">
    /// Where the heights go, in 0…1, relative to the loudest of the whole recording as in <see cref="WaveformScale.Perceptual"/>;
    /// where there are fewer bars than room, 0 comes first. At most <see cref="VoiceRecorder.MaxBars"/> bars are kept.
    /// </param>
    /// <returns>How many bars there are in all, which tells how far the row has moved.</returns>
    long GetBars(Span<float> heights);

    /// <summary>Gives the waveform of all that was recorded, without decoding.</summary>
    /// <param name="bars">The number of bars, 1…<see cref="Waveform.MaxCount"/>.</param>
    /// <exception cref="InvalidOperationException">The recorder was never started.</exception>
    Waveform GetWaveform(int bars);
}
