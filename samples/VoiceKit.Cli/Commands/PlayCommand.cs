using System.CommandLine;
using VoiceKit.Cli.Terminal;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.Playback;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit play</c>: messages on the speaker, one after the other.</summary>
internal static class PlayCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("IN")
        {
            Description = "The messages, in any container; - for stdin.",
            Arity = ArgumentArity.OneOrMore,
        };
        var device = Devices.Option();
        var speed = new Option<double>("--speed")
        {
            Description = "How fast, 0.5…3, at the same pitch.",
            DefaultValueFactory = _ => 1,
        };
        speed.Validators.Add(result =>
        {
            var isNumber = result.Tokens.Count > 0 && !result.Errors.Any();
            if (isNumber && result.GetValueOrDefault<double>() is not (>= IVoicePlayer.MinSpeed and <= IVoicePlayer.MaxSpeed))
                result.AddError("--speed takes 0.5…3.");
        });
        var from = TimeArgument.Option("--from", "Where to begin in the first message; the start by default.");
        var codec = Codecs.Option();
        var command = new Command("play", "Play voice messages.") { inputs, device, speed, from, codec };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(inputs)!,
            parsed.GetValue(device),
            parsed.GetValue(speed),
            parsed.GetValue(from),
            Codecs.Of(parsed.GetValue(codec)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] paths,
        string? device,
        double speed,
        TimeSpan? from,
        IOpusDecoderFactory? decoder,
        CancellationToken cancellationToken)
    {
        await using var devices = await Devices.OpenAsync(cancellationToken);
        var output = await devices.OpenOutputAsync(device, cancellationToken);
        await using var player = new VoicePlayer(output, decoder) { Speed = speed };
        await using var queue = new VoiceQueue(player, leaveOpen: true);
        var playlist = new Playlist(paths);
        playlist.AddTo(queue);

        var ended = new TaskCompletionSource();
        queue.Ended += (_, _) => ended.TrySetResult();
        queue.ItemFailed += (_, failure) => playlist.Fail(failure);
        player.StateChanged += (_, _) =>
        {
            if (player.Fault is { } fault)
                ended.TrySetException(fault);
        };
        await using var registration = cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken));
        await queue.PlayAsync(0, from ?? TimeSpan.Zero, cancellationToken);
        if (from > player.Duration && queue.CurrentIndex == 0)
            throw InputException.EndsBefore(player.Duration, from.Value);
        if (TerminalScreen.IsAvailable && KeyReader.IsAvailable)
            await new PlayScreen(player, queue, playlist, decoder).RunAsync(ended.Task);
        else
            await ended.Task;
        return playlist.Report();
    }

    /// <summary>What is played, and what of it could not be.</summary>
    internal sealed class Playlist(string[] paths)
    {
        private readonly List<string> _failures = [];

        public VoiceMessage?[] Messages { get; } = new VoiceMessage?[paths.Length];

        public void AddTo(VoiceQueue queue)
        {
            for (var i = 0; i < paths.Length; i++)
            {
                var index = i;
                queue.Add(async token => Messages[index] ??= await Task.Run(() => Open(paths[index], token), token));
            }
        }

        public void Fail(VoiceQueueFailure failure)
        {
            lock (_failures)
            {
                var name = Input.NameOf(paths[failure.Index]);
                var message = failure.Exception.Message;
                _failures.Add(message.Contains(name, StringComparison.Ordinal) ? message : $"{name}: {message}");
            }
        }

        public int Report()
        {
            lock (_failures)
            {
                foreach (var failure in _failures)
                    Console.Error.WriteLine($"voicekit: {Printable.Line(failure)}");
                return _failures.Count == 0 ? ExitCodes.Done : ExitCodes.BadInput;
            }
        }

        // A message in another container becomes Ogg Opus of the same packets.
        private static VoiceMessage Open(string path, CancellationToken cancellationToken) => Input.Read(path, stream =>
        {
            using var ogg = new MemoryStream();
            try
            {
                OpusEditor.Remux(stream, ogg, OpusContainer.Ogg, null, cancellationToken);
            }
            catch (VoiceFormatException exception)
            {
                throw new VoiceFormatException(
                    $"{exception.Message} 'voicekit import' makes a message of other recordings.", exception.Offset, exception);
            }

            return VoiceMessage.FromBytes(ogg.ToArray());
        });
    }
}
