using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat;

/// <summary>Drops what nobody comes back for.</summary>
internal sealed partial class Sweeper(ChatRooms rooms, ImportDesk imports, TimeProvider clock,
    ILogger<Sweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                imports.Sweep();
                await rooms.SweepAsync();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogFailure(logger, exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "What nobody came back for could not be dropped.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
