using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>What the program returns, and the one line on stderr that goes with it.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int BadInput = 1;
    public const int BadUsage = 2;
    public const int Cancelled = 130;

    public static int ReportUsage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var message = !command.Parents.Any() && parsed.UnmatchedTokens is [var word, ..]
            ? $"'{word}' is no command."
            : string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Console.Error.WriteLine($"voicekit: {Printable.Line(message)}");
        Console.Error.WriteLine($"Try 'voicekit {(!command.Parents.Any() ? "" : command.Name + " ")}--help'.");
        return BadUsage;
    }

    /// <summary>Runs a command. Nothing that it throws gets past here.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> run)
    {
        try
        {
            var code = await run();
            return code == Cancelled ? Report("cancelled", Cancelled) : code; // Work that waits for its input is not waited for.
        }
        catch (OperationCanceledException)
        {
            return Report("cancelled", Cancelled);
        }
        catch (Exception exception) when (exception is InputException or VoiceKitException or IOException)
        {
            return Report(exception.Message, BadInput);
        }
        catch (Exception exception)
        {
            return Report($"{exception.GetType().Name}: {exception.Message}", BadInput);
        }
    }

    /// <summary>
    /// Runs work that can be interrupted. An interrupt closes the files under it, which it may notice in any way: what it throws
    /// then is that it was cancelled.
    /// </summary>
    public static Task<int> RunInterruptibleAsync(Func<int> work, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            try
            {
                return work();
            }
            catch (Exception exception)
                when (exception is not OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("It was cancelled.", exception, cancellationToken);
            }
        });

    /// <summary>
    /// Runs work on a thread of its own. Were it one of the pool, that would have a thread less for the pieces that the work
    /// waits for.
    /// </summary>
    public static Task<int> RunAsync(Func<int> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Says what is odd about work that is done all the same.</summary>
    public static void Warn(string message) => Console.Error.WriteLine($"voicekit: {Printable.Line(message)}");

    private static int Report(string message, int code)
    {
        Console.Error.WriteLine($"voicekit: {Printable.Line(message)}");
        return code;
    }
}
