namespace VoiceKit.Cli.Batch;

/// <summary>One of several files while it is worked on.</summary>
internal sealed class FileWork(BatchFile file, BatchScreen screen) : IFileProgress
{
    private readonly List<string> _warnings = [];

    public BatchFile File => file;

    public TimeSpan? Total { get; set; }

    /// <summary>How much is done.</summary>
    public TimeSpan Done { get; private set; }

    /// <summary>The part of it that is done, 0…1; 0 while the whole is not known.</summary>
    public double Share => Total is { Ticks: > 0 } total ? Math.Clamp(Done / total, 0, 1) : 0;

    /// <summary>What is told of it when all is done.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Report(TimeSpan value)
    {
        Done = value;
        screen.Draw();
    }

    public void Warn(string message)
    {
        lock (_warnings)
            _warnings.Add(message);
    }

    public void Dispose()
    {
    }
}
