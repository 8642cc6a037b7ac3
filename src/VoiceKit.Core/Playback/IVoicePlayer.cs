using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Playback;

/// <summary>
/// Plays voice messages. A call that the state does not allow throws and changes nothing. All members may be used from any
/// thread, at the same time, and from handlers of the events.
/// </summary>
/// <remarks>
/// A handler that throws stops nothing; see <see cref="VoiceKit.Diagnostics.VoiceKitDiagnostics.HandlerFailed"/>. When a load or
/// a dispose has ended, the stream of the message before is not read any more, unless it took longer than
/// <see cref="VoicePlayerOptions.ReadTimeout"/> to answer.
/// </remarks>
public interface IVoicePlayer : IAsyncDisposable
{
    /// <summary>The slowest <see cref="Speed"/>.</summary>
    public const double MinSpeed = 0.5;

    /// <summary>The fastest <see cref="Speed"/>.</summary>
    public const double MaxSpeed = 3;

    /// <summary>The loudest <see cref="Volume"/>: +6 dB.</summary>
    public const double MaxVolume = 2;

    /// <summary>What the player does.</summary>
    PlaybackState State { get; }

    /// <summary>
    /// What is heard now, in the message's own time: 0…<see cref="Duration"/>. It stands still unless playing, and goes back only
    /// by a seek, a stop or a load.
    /// </summary>
    TimeSpan Position { get; }

    /// <summary>The length of the message: 0 without one; of one that grows, as far as it is known.</summary>
    TimeSpan Duration { get; }

    /// <summary>Why the state is <see cref="PlaybackState.Faulted"/>; null in any other.</summary>
    Exception? Fault { get; }

    /// <summary>
    /// How fast the message is heard, at the same pitch. Kept from one message to the next. Heard within 0.3 s.
    /// </summary>
    /// <value><see cref="MinSpeed"/>…<see cref="MaxSpeed"/>; 1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    double Speed { get; set; }

    /// <summary>A factor for all samples. It changes over 10 ms. Above 1 loud voices may clip.</summary>
    /// <value>0…<see cref="MaxVolume"/>; 1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    double Volume { get; set; }

    /// <summary>Whether silence of more than 400 ms is shortened to 150 ms. May change while playing.</summary>
    /// <value>False by default.</value>
    bool SkipSilence { get; set; }

    /// <summary>How often so far the output was given silence because the message was not decoded in time.</summary>
    long Underruns { get; }

    /// <summary>Raised for each new state, one after the other, on a thread of the pool.</summary>
    event EventHandler<PlaybackProgress>? StateChanged;

    /// <summary>Raised with the position, regularly while playing and after each seek, on a thread of the pool.</summary>
    event EventHandler<PlaybackProgress>? PositionChanged;

    /// <summary>
    /// Gives the present state, and then what <see cref="StateChanged"/> and <see cref="PositionChanged"/> tell. A slow reader
    /// gets only the newest. Ends when the player is disposed.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<PlaybackProgress> WatchAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops and forgets the message before, and opens another. The state is <see cref="PlaybackState.Empty"/> meanwhile, and
    /// remains so on failure. Another load, a stop or a dispose ends the opening.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="VoiceFormatException">The message cannot be played.</exception>
    /// <exception cref="IOException">The message's file could not be opened.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call ended the opening.</exception>
    Task LoadAsync(VoiceMessage message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops and forgets the message before, and opens one in any container. The stream is read through once to know how long the
    /// message is, unless the message still grows.
    /// </summary>
    /// <param name="stream">
    /// The container from where the stream stands; used by the player alone from now on. One that cannot seek is read into
    /// memory, up to <see cref="VoiceMessage.DefaultMaxSize"/>.
    /// </param>
    /// <param name="options">How to read; null for the defaults. A message that grows comes from a stream that can seek.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the message is forgotten, or cannot be opened.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="ArgumentException">
    /// The stream cannot be read, or the message grows and the stream cannot seek.
    /// </exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it, or none that can be played.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call ended the opening.</exception>
    Task LoadAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default);

    /// <summary>Plays from where the message stands; from the start when it has ended.</summary>
    /// <param name="cancellationToken">Ends the waiting for the output; the state is as before then.</param>
    /// <exception cref="InvalidOperationException">There is no message, or it is playing.</exception>
    /// <exception cref="AudioDeviceException">The output cannot be used: <see cref="PlaybackState.Faulted"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or another call ended the waiting.</exception>
    Task PlayAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes silence at once, and keeps the place: playing goes on with what was not heard. Does nothing unless playing.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for other calls under way; it plays on then.</param>
    /// <exception cref="InvalidOperationException">There is no message.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task PauseAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes silence at once, and goes to the start: <see cref="PlaybackState.Ready"/>. Ends the opening of a message, too.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting for other calls under way; it plays on then.</param>
    /// <exception cref="InvalidOperationException">There is no message, and none is being opened.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes to a place, to the sample, playing or not. After the end the message is then <see cref="PlaybackState.Paused"/>.
    /// </summary>
    /// <param name="position">The place in the message's own time; beyond the end stands for the end.</param>
    /// <param name="cancellationToken">Ends the waiting for other calls under way, and for the output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The place is negative.</exception>
    /// <exception cref="InvalidOperationException">There is no message.</exception>
    /// <exception cref="AudioDeviceException">The output had come to its end and cannot be started again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task SeekAsync(TimeSpan position, CancellationToken cancellationToken = default);

    /// <summary>Goes on with another output at the same place, playing if it was. The one before is stopped.</summary>
    /// <param name="output">The output.</param>
    /// <param name="cancellationToken">Ends the waiting for the output.</param>
    /// <exception cref="AudioDeviceException">The output cannot be used: <see cref="PlaybackState.Faulted"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled: <see cref="PlaybackState.Paused"/>.</exception>
    Task SetOutputAsync(IAudioOutput output, CancellationToken cancellationToken = default);
}
