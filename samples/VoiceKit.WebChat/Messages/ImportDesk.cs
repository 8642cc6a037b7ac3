using System.Collections.Concurrent;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// Files that were uploaded to become messages, and wait for their person to say so. They are decoded by turns of their own,
/// those of one address on half of the cores, and in the background: what is recorded in the rooms does not wait for them.
/// </summary>
internal sealed class ImportDesk(
    ChatFolder folder, ChatOptions options, DiskSpace disk, BackgroundScheduler background, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, WaitingImport> _waiting = new();
    private readonly VoiceImporter _importer = new(LibOpusCodec.Default, FFmpegDecoder.Default) { Scheduler = background };
    private readonly FairTurns _turns = new(Math.Max(2, Environment.ProcessorCount), Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Places _persons = new();
    private readonly FairPlaces _places = new(options.MaxImports, options.MaxImportsOfAddress);

    /// <summary>Takes a file and says what would become of it. It waits then.</summary>
    /// <exception cref="ChatException">There are too many, it is too long, or too much work.</exception>
    /// <exception cref="VoiceKitException">It is nothing that can be imported.</exception>
    public async Task<ImportView> AddAsync(
        Caller caller, Func<ScratchFile, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var import = Begin(caller);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, import.Lost);
        try
        {
            await write(import.File, end.Token);
            var preview = await LimitAsync(
                import.Address, token => _importer.PreviewAsync(import.File.Path, Options, cancellationToken: token), end.Token);
            var view = ImportView.Of(import.Id, preview, options.Folder);
            // Who has left meanwhile does not send it.
            if (!preview.IsRefused && !end.IsCancellationRequested)
                Keep(import);
            return view;
        }
        catch (OperationCanceledException) when (import.Lost.IsCancellationRequested)
        {
            throw new ChatException(503, "Too many imports", "The server has no room for so many imports of yours now.");
        }
    }

    /// <summary>Makes the message and passes it on; the file is gone then.</summary>
    /// <exception cref="ChatException">There is no such import, or it takes too long.</exception>
    public async Task<T> SendAsync<T>(
        string id, string room, string person, Func<VoiceMessage, Task<T>> use, CancellationToken cancellationToken)
    {
        using var import = Take(id, room, person);
        var message = await LimitAsync(
            import.Address,
            token => _importer.ImportAsync(import.File.Path, Options, cancellationToken: token),
            cancellationToken);
        return await use(message);
    }

    /// <summary>Drops an import.</summary>
    /// <exception cref="ChatException">There is no such import.</exception>
    public void Drop(string id, string room, string person) => Take(id, room, person).Dispose();

    /// <summary>Drops those that have waited for too long.</summary>
    public void Sweep() => Drop(options.ImportPatience);

    /// <summary>Drops all that wait.</summary>
    public void DropAll() => Drop(TimeSpan.MinValue);

    private void Drop(TimeSpan patience)
    {
        foreach (var import in _waiting.Values.Where(import => clock.GetElapsedTime(import.Since) > patience))
        {
            if (_waiting.TryRemove(import.Id, out _))
                import.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var import in _waiting.Values)
            import.Dispose();
    }

    private VoiceImportOptions Options => new() { MaxDuration = options.MaxDuration, RefuseLonger = true };

    private WaitingImport Take(string id, string room, string person)
    {
        if (_waiting.TryGetValue(id, out var import) && import.Room == room && import.Person == person
            && _waiting.TryRemove(id, out _))
            return import;
        throw new ChatException(404, "There is no such import", "It was sent, dropped, or has waited for too long.");
    }

    private async Task<T> LimitAsync<T>(
        string address, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await _turns.RunAsync(
                address,
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

    private WaitingImport Begin(Caller caller)
    {
        if (_persons.Take(caller.Person, options.MaxImportsOfPerson) is not { } ofPerson)
            throw new ChatException(429, "Too many imports", "Send or drop those that wait.");
        WaitingImport? import = null;
        try
        {
            var place = _places.Take(caller.Address, () => Lose(import), "imports");
            import = new WaitingImport(
                caller, folder.NewScratchFile(disk.Share(caller.Address)), ofPerson, place, clock.GetTimestamp());
            return import;
        }
        catch
        {
            ofPerson.Dispose();
            throw;
        }
    }

    private void Keep(WaitingImport import)
    {
        import.Hold();
        _waiting[import.Id] = import;
        if (import.Lost.IsCancellationRequested && _waiting.TryRemove(import.Id, out _))
            import.Dispose();
    }

    // Another address gets its place.
    private void Lose(WaitingImport? import)
    {
        import?.Lose();
        if (import is not null && _waiting.TryRemove(import.Id, out _))
            import.Dispose();
    }
}
