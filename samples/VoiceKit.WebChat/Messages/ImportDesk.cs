using System.Collections.Concurrent;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat.Messages;

/// <summary>
/// Files that were uploaded to become messages, and wait for their person to say so. They are decoded by turns of their own,
/// on half of the cores: what is recorded in the rooms does not wait for them.
/// </summary>
internal sealed class ImportDesk(ChatFolder folder, ChatOptions options, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<string, WaitingImport> _waiting = new();
    private readonly IVoiceImporter _importer = new VoiceImporter(LibOpusCodec.Default, FFmpegDecoder.Default);
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Places _persons = new();
    private readonly Places _addresses = new();
    private int _places;

    /// <summary>Takes a file and says what would become of it. It waits then.</summary>
    /// <exception cref="ChatException">There are too many, it is too long, or too much work.</exception>
    /// <exception cref="VoiceKitException">It is nothing that can be imported.</exception>
    public async Task<ImportView> AddAsync(
        Caller caller, Func<FileStream, Task> write, CancellationToken cancellationToken)
    {
        var (room, person) = (caller.Token, caller.Person);
        var place = TakePlace(person, caller.Address);
        var import = new WaitingImport(Ids.New(), room, person, folder.NewScratchFile(), place, clock.GetTimestamp());
        var isKept = false;
        try
        {
            await using (var stream = import.File.Create())
                await write(stream);
            var preview = await LimitAsync(
                token => _importer.PreviewAsync(import.File.Path, Options, cancellationToken: token), cancellationToken);
            // Who has left meanwhile does not send it.
            isKept = !preview.IsRefused && !cancellationToken.IsCancellationRequested && _waiting.TryAdd(import.Id, import);
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
        _turns.Dispose();
    }

    private VoiceImportOptions Options => new() { MaxDuration = options.MaxDuration, RefuseLonger = true };

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
            await _turns.WaitAsync(cancellationToken);
            try
            {
                time.CancelAfter(options.ImportTime);
                return await work(time.Token);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatException(422, "The file is too much work",
                $"It took longer than {options.ImportTime.TotalSeconds:0} s.");
        }
    }

    private Place TakePlace(string person, string address)
    {
        if (_persons.Take(person, options.MaxImportsOfPerson) is not { } ofPerson)
            throw new ChatException(429, "Too many imports", "Send or drop those that wait.");
        if (_addresses.Take(address, options.MaxImportsOfAddress) is not { } ofAddress)
        {
            ofPerson.Dispose();
            throw new ChatException(429, "Too many imports", "Too many imports come from your address.");
        }

        var place = Place.Take(ref _places, options.MaxImports, () =>
        {
            Interlocked.Decrement(ref _places);
            ofPerson.Dispose();
            ofAddress.Dispose();
        });
        if (place is not null)
            return place;
        ofPerson.Dispose();
        ofAddress.Dispose();
        throw new ChatException(503, "Too many imports", "The server has no room for another import now.");
    }

    private static void Free(WaitingImport import)
    {
        import.File.Dispose();
        import.Place.Dispose();
    }

    private sealed record WaitingImport(string Id, string Room, string Person, ScratchFile File, Place Place, long Since);
}
