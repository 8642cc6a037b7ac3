namespace VoiceKit.Cli.Batch;

/// <summary>
/// Works on many files, several at a time. What goes wrong with one keeps no other from being done, and is told at the end.
/// </summary>
internal sealed class BatchRun
{
    private readonly IReadOnlyList<BatchFile> _files;
    private readonly int _jobs;
    private readonly CancellationToken _cancellationToken;
    private readonly string?[] _failures;
    private readonly FileWork?[] _works;

    // The longest come first, so that no core is idle while another works on the last.
    private readonly int[] _order;
    private int _next = -1;

    /// <summary>Makes the folder for the outputs.</summary>
    /// <param name="files">The files.</param>
    /// <param name="folder">The folder that the outputs go to.</param>
    /// <param name="jobs">How many files to work on at a time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="InputException">The folder cannot be made.</exception>
    public BatchRun(IReadOnlyList<BatchFile> files, string folder, int jobs, CancellationToken cancellationToken)
    {
        (_files, _jobs, _cancellationToken) = (files, Math.Min(jobs, files.Count), cancellationToken);
        (_failures, _works) = (new string?[files.Count], new FileWork?[files.Count]);
        _order = [.. Enumerable.Range(0, files.Count).OrderByDescending(index => files[index].Size)];
        CoresPerFile = Math.Max(1, jobs / files.Count);
        Replacing.Asks = false;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw InputException.CannotWrite(folder, exception);
        }
    }

    /// <summary>How many cores the work on a file may use: more than one where there are fewer files than cores.</summary>
    public int CoresPerFile { get; }

    /// <summary>Works on all files, and says of each what became of it.</summary>
    /// <param name="work">Works on one, on a thread of its own.</param>
    /// <returns>What the program returns.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled. What is done stays.</exception>
    public async Task<int> RunAsync(Action<BatchFile, IFileProgress> work)
    {
        using (var screen = BatchScreen.Open(_files))
        {
            var workers = Enumerable.Range(0, _jobs).Select(_ => Task.Factory.StartNew(
                () => WorkOnFiles(work, screen),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
            await Task.WhenAll(workers);
        }

        Tell();
        _cancellationToken.ThrowIfCancellationRequested();
        return _failures.All(failure => failure is null) ? ExitCodes.Done : ExitCodes.BadInput;
    }

    private void WorkOnFiles(Action<BatchFile, IFileProgress> work, BatchScreen screen)
    {
        for (int next; !_cancellationToken.IsCancellationRequested && (next = Interlocked.Increment(ref _next)) < _files.Count;)
            WorkOn(_order[next], work, screen);
    }

    private void WorkOn(int index, Action<BatchFile, IFileProgress> work, BatchScreen screen)
    {
        var file = _files[index];
        using var told = _works[index] = screen.Begin(file);
        try
        {
            if (Path.GetFullPath(file.Input) == Path.GetFullPath(file.Output))
                throw new InputException($"{file.Input}: what becomes of it would take its place");
            Replacing.Check(file.Output);
            work(file, told);
            screen.End(told, $"{file.Input} -> {file.Output}");
        }
        catch (Exception) when (_cancellationToken.IsCancellationRequested)
        {
            // It was interrupted, which its work may notice in any way.
        }
        catch (Exception exception)
        {
            _failures[index] = exception is InputException ? exception.Message : $"{file.Input}: {exception.Message}";
            screen.End(told, null);
        }
    }

    private void Tell()
    {
        foreach (var warning in _works.SelectMany(work => work?.Warnings ?? []))
            ExitCodes.Warn(warning);
        string[] failures = [.. _failures.OfType<string>()];
        foreach (var failure in failures)
            ExitCodes.Warn(failure);
        if (failures.Length > 0)
            ExitCodes.Warn($"{failures.Length} of {_files.Count} files failed");
    }
}
