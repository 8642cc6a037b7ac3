using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Cli.Terminal;
using VoiceKit.LibOpus;
using VoiceKit.Recording;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit record</c>: a message from the microphone, or from what the computer plays.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var output = OpusOutputs.Argument("OUT.opus");
        var device = Devices.Option();
        var loopback = new Option<bool>("--loopback") { Description = "Record what the computer plays." };
        var seconds = TimeArgument.Option("--seconds", "How long to record; otherwise until a key or a signal ends it.");
        var size = new Option<long?>("--max-size")
        {
            Description = "How large the file may get, in bytes; 4096 or more.",
            HelpName = "BYTES",
        };
        size.Validators.Add(result =>
        {
            if (long.TryParse(result.Tokens[^1].Value, out var bytes) && bytes < 4096)
                result.AddError("--max-size takes 4096 or more.");
        });
        var command = new Command("record", "Record a voice message.") { output, device, loopback, seconds, size };
        command.Validators.Add(result =>
        {
            if (TimeArgument.Of(result, seconds) is { Ticks: 0 })
                result.AddError("--seconds takes more than 0.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(output)!,
            new Source(parsed.GetValue(device), parsed.GetValue(loopback)),
            parsed.GetValue(seconds),
            parsed.GetValue(size),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, Source source, TimeSpan? seconds, long? maxSize, CancellationToken cancellationToken)
    {
        CheckFolder(path);
        Replacing.Check(path);
        var isRow = path != "-" && TerminalScreen.IsAvailable && KeyReader.IsAvailable;
        await using var devices = await Devices.OpenAsync(cancellationToken);
        var options = new VoiceRecorderOptions
        {
            Drafts = Devices.Drafts,
            MinDuration = isRow ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
            MaxDuration = seconds,
            MaxSize = maxSize,
        };
        var input = await source.OpenAsync(devices, cancellationToken);
        await using var recorder = new VoiceRecorder(input, LibOpusCodec.Default, options);
        if (!isRow)
            return await RecordAsync(recorder, path, cancellationToken);
        await using var screen = new RecordScreen(recorder, devices, source);
        return await screen.RunAsync(path, cancellationToken);
    }

    // Off a terminal a signal is how one says that it is enough.
    private static async Task<int> RecordAsync(VoiceRecorder recorder, string path, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        recorder.StateChanged += (_, change) =>
        {
            if (change.Current != RecordingState.Recording)
                ended.TrySetResult();
        };
        await using var registration = cancellationToken.Register(() => ended.TrySetResult());
        await recorder.StartAsync(cancellationToken);
        await ended.Task;
        if (recorder.Fault is { } fault)
            throw new InputException(Kept(recorder, fault.Message), fault);
        await SendAsync(recorder, path);
        return ExitCodes.Done;
    }

    /// <summary>Ends the message and writes it.</summary>
    /// <returns>What was written; null when it was too short.</returns>
    public static async Task<VoiceMessage?> SendAsync(VoiceRecorder recorder, string path)
    {
        var message = await recorder.FinishAsync();
        if (message is null)
            return null;
        try
        {
            OpusOutputs.Write(path, message, CancellationToken.None);
        }
        catch (Exception exception) when (exception is InputException or IOException)
        {
            throw new InputException(Kept(recorder, exception.Message), exception);
        }

        recorder.DeleteDraft();
        if (path != "-")
            Console.WriteLine($"{Printable.Line(path)}: {Printable.Time(message.Duration)}, {message.Size} bytes");
        return message;
    }

    /// <summary>What to say when a recording has ended otherwise than it should.</summary>
    public static string Kept(VoiceRecorder recorder, string reason) =>
        $"{reason} The {Printable.Time(recorder.Elapsed)} before it are kept: 'voicekit drafts recover DIR' gets them.";

    // Before one has talked for an hour.
    private static void CheckFolder(string path)
    {
        if (Directory.Exists(path))
            throw InputException.CannotWrite(path, new IOException("It is a folder."));
        if (path != "-" && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw InputException.CannotWrite(path, new DirectoryNotFoundException($"There is no folder '{folder}'."));
    }

    /// <summary>What is recorded from.</summary>
    internal sealed record Source(string? Device, bool IsLoopback)
    {
        public ValueTask<IAudioInput> OpenAsync(IAudioDevices devices, CancellationToken cancellationToken) => IsLoopback
            ? devices.OpenLoopbackAsync(Device, cancellationToken)
            : devices.OpenInputAsync(Device, cancellationToken);
    }
}
