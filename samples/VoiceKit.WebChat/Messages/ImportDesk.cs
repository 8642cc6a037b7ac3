using System.Collections.Concurrent;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;

namespace VoiceKit.WebChat.Messages;

/// <summary>Files that were uploaded to become messages, and wait for their person to say so.</summary>
internal sealed class ImportDesk(ChatFolder folder, ChatOptions options, MessageMaker maker, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, WaitingImport> _waiting = new();
    private readonly VoiceImporter _importer = new(LibOpusCodec.Default, FFmpegDecoder.Default);
    private int _places;

    /// <summary>Takes a file and says what would become of it. It waits then.</summary>
    /// <exception cref="ChatException">There are too many, it is too long, or too much work.</exception>
    /// <exception cref="VoiceKitException">It is nothing that can be imported.</exception>
    public async Task<ImportView> AddAsync(
        string room, string person, Func<FileStream, Task> write, CancellationToken cancellationToken)
    {
        if (_waiting.Values.Count(import => import.Person == person) >= options.MaxImportsOfPerson)
            throw new ChatException(429, "Too many imports", "Send or drop those that wait.");
        if (Interlocked.Increment(ref _places) > options.MaxImports)
        {
            Interlocked.Decrement(ref _places);
            throw new ChatException(503, "Too many imports", "The server has no room for another import now.");
        }

        var import = new WaitingImport(Ids.New(), room, person, folder.NewScratchFile(), clock.GetTimestamp());
        var isKept = false;
        try
        {
            await using (var stream = import.File.Create())
                await write(stream);
            var preview = await LimitAsync(
                token => _importer.PreviewAsync(import.File.Path, Options, cancellationToken: token), cancellationToken);
            isKept = !preview.IsRefused && _waiting.TryAdd(import.Id, import);
            return ImportView.Of(import.Id, preview);
        }
        finally
        {
            if (!isKept)
                Free(import);
        }
    }

    /// <summary>Makes the message and passes it on; the file is gone then.</summary>
    /// <exception cref="ChatException">There is no such import, or it takes too long.</exception>
    public async Task<T> SendAsync<T>(
        string id, string room, string person, Func<VoiceMessage, Task<T>> use, CancellationToken cancellationToken)
    {
        var import = Take(id, room, person);
        try
        {
            var message = await LimitAsync(
                token => _importer.ImportAsync(import.File.Path, Options, cancellationToken: token), cancellationToken);
            return await use(message);
        }
        finally
        {
            Free(import);
        }
    }

    /// <summary>Drops an import.</summary>
    /// <exception cref="ChatException">There is no such import.</exception>
    public void Drop(string id, string room, string person) => Free(Take(id, room, person));

    /// <summary>Drops those that have waited for too long.</summary>
    public void Sweep()
    {
        foreach (var import in _waiting.Values.Where(import => clock.GetElapsedTime(import.Since) > options.ImportPatience))
        {
            if (_waiting.TryRemove(import.Id, out _))
                Free(import);
        }
    }

    public void Dispose()
    {
        foreach (var import in _waiting.Values)
            import.File.Dispose();
    }

    private VoiceImportOptions Options => new() { MaxLength = options.MaxDuration, RefuseLonger = true };

    private WaitingImport Take(string id, string room, string person)
    {
        if (_waiting.TryGetValue(id, out var import) && import.Room == room && import.Person == person
            && _waiting.TryRemove(id, out _))
            return import;
        throw new ChatException(404, "There is no such import", "It was sent, dropped, or has waited for too long.");
    }

    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await maker.RunAsync(
                () =>
                {
                    time.CancelAfter(options.ImportTime);
                    return work(time.Token);
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatException(422, "The file is too much work",
                $"It took longer than {options.ImportTime.TotalSeconds:0} s.");
        }
    }

    private void Free(WaitingImport import)
    {
        Interlocked.Decrement(ref _places);
        import.File.Dispose();
    }

    private sealed record WaitingImport(string Id, string Room, string Person, ScratchFile File, long Since);
}
