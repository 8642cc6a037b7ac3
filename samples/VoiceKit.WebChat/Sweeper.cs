using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat;

/// <summary>Drops what nobody comes back for.</summary>
internal sealed partial class Sweeper(ChatRooms rooms, ImportDesk imports, TimeProvider clock,
    ILogger<Sweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CleaningInterval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var cleaned = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                imports.Sweep();
                await rooms.SweepAsync();
                if (clock.GetUtcNow() - cleaned < CleaningInterval)
                    continue;
                cleaned = clock.GetUtcNow();
                rooms.DeleteUnused();
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
