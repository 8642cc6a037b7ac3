using VoiceKit.Cli.Commands;
using VoiceKit.Opus;
using VoiceKit.Playback;

namespace VoiceKit.Cli.Terminal;

/// <summary>Messages that play, with the played part of their bars lit; arrows seek, s changes the speed, space pauses.</summary>
internal sealed class PlayScreen(
    VoicePlayer player, VoiceQueue queue, PlayCommand.Playlist playlist, IOpusDecoderFactory? decoder)
{
    private const int BarCount = 200;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(5);
    private static readonly double[] Speeds = [1, 1.5, 2];

    private float[] _bars = [];
    private int _barsOf = -1;

    /// <summary>Shows the row until all is played, or one has had enough.</summary>
    public async Task RunAsync(Task ended)
    {
        var keys = new KeyReader().Keys;
        using var screen = TerminalScreen.Open();
        var style = TerminalStyle.FromEnvironment();
        while (!ended.IsCompleted)
        {
            while (keys.TryRead(out var key))
            {
                var action = Keys.ToPlayAction(key);
                if (action == PlayAction.Quit)
                    return;
                await DoAsync(action, screen);
            }

            DrawBars();
            var (position, duration) = (player.Position, player.Duration);
            var played = duration > TimeSpan.Zero ? position / duration : 0;
            var isPaused = player.State is not (PlaybackState.Playing or PlaybackState.Empty);
            screen.Draw(PlayRow.Render(screen.Width, isPaused, position, duration, played, player.Speed, _bars, style, Place));
            await Task.WhenAny(ended, Task.Delay(Frame));
        }

        screen.Dispose();
        await ended;
    }

    private string Place => playlist.Messages.Length > 1 ? $"{queue.CurrentIndex + 1}/{playlist.Messages.Length}" : "";

    private async Task DoAsync(PlayAction action, TerminalScreen screen)
    {
        try
        {
            await (action switch
            {
                PlayAction.PauseOrResume => player.State == PlaybackState.Playing ? queue.PauseAsync() : queue.PlayAsync(),
                PlayAction.Back => player.SeekAsync(player.Position < Leap ? TimeSpan.Zero : player.Position - Leap),
                PlayAction.Forward => player.SeekAsync(player.Position + Leap),
                PlayAction.ToStart => player.SeekAsync(TimeSpan.Zero),
                PlayAction.NextMessage => queue.NextAsync(),
                PlayAction.PreviousMessage => queue.PreviousAsync(),
                _ => Task.CompletedTask,
            });
            if (action == PlayAction.NextSpeed)
                player.Speed = Speeds[(Array.FindLastIndex(Speeds, speed => speed <= player.Speed) + 1) % Speeds.Length];
        }
        catch (Exception exception) when (exception is VoiceKitException or IOException or InvalidOperationException)
        {
            screen.WriteLine(Printable.Line(exception.Message));
        }
    }

    // They come when they are computed; the message plays meanwhile.
    private void DrawBars()
    {
        var index = queue.CurrentIndex;
        if (index == _barsOf || index < 0 || playlist.Messages[index] is not { } message)
            return;
        _barsOf = index;
        _bars = [];
        _ = Task.Run(async () =>
        {
            var waveform = await message.GetWaveformAsync(decoder, BarCount);
            if (_barsOf == index)
                _bars = waveform.ToBars();
        });
    }
}
