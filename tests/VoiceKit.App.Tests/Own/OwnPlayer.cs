using System.Runtime.CompilerServices;
using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Playback;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own player: a message is over as soon as it is played.</summary>
internal sealed class OwnPlayer : IVoicePlayer
{
    private VoiceMessage? _message;

    public event EventHandler<PlaybackProgress>? StateChanged;

    public event EventHandler<PlaybackProgress>? PositionChanged
    {
        add { }
        remove { }
    }

    public int Played { get; private set; }

    public PlaybackState State { get; private set; }

    public TimeSpan Position => TimeSpan.Zero;

    public TimeSpan Duration => _message?.Duration ?? TimeSpan.Zero;

    public Exception? Fault => null;

    public double Speed { get; set; } = 1;

    public double Volume { get; set; } = 1;

    public bool SkipSilence { get; set; }

    public long Underruns => 0;

    public async IAsyncEnumerable<PlaybackProgress> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new PlaybackProgress(State, Position, Duration);
    }

    public Task LoadAsync(VoiceMessage message, CancellationToken cancellationToken = default)
    {
        _message = message;
        return Become(PlaybackState.Ready);
    }

    public Task LoadAsync(
        Stream stream,
        OpusReaderOptions? options = null,
        bool leaveOpen = false,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task PlayAsync(CancellationToken cancellationToken = default)
    {
        Played++;
        State = PlaybackState.Playing;
        _ = Task.Run(() => Become(PlaybackState.Ended), cancellationToken);
        return Task.CompletedTask;
    }

    public Task PauseAsync(CancellationToken cancellationToken = default) => Become(PlaybackState.Paused);

    public Task StopAsync(CancellationToken cancellationToken = default) => Become(PlaybackState.Ready);

    public Task SeekAsync(TimeSpan position, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SetOutputAsync(IAudioOutput output, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Become(PlaybackState state)
    {
        State = state;
        StateChanged?.Invoke(this, new PlaybackProgress(state, Position, Duration));
        return Task.CompletedTask;
    }
}
