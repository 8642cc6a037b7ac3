using System.CommandLine;
using VoiceKit.Opus;

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
        Console.Error.WriteLine($"voicekit: {parsed.Errors[0].Message}");
        var command = parsed.CommandResult.Command;
        Console.Error.WriteLine($"Try 'voicekit {(command is RootCommand ? "" : command.Name + " ")}--help'.");
        return BadUsage;
    }

    public static async Task<int> RunAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Cancelling closes the output, which the work may notice first.
            return Report("cancelled", Cancelled);
        }
        catch (InputException exception)
        {
            return Report(exception.Message, BadInput);
        }
        catch (OpusCodecException exception)
        {
            return Report(exception.Message, BadInput);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Report(exception.Message, BadInput);
        }
    }

    private static int Report(string message, int code)
    {
        Console.Error.WriteLine($"voicekit: {Printable.Line(message)}");
        return code;
    }
}
