using VoiceKit.WebChat.Http;

namespace VoiceKit.WebChat.Messages;

/// <summary>A file that is uploaded, or waits to be sent. It is gone when all who hold it have disposed of it.</summary>
internal sealed class WaitingImport : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly IDisposable[] _places;
    private int _holders = 1;

    public WaitingImport(Caller caller, ScratchFile file, IDisposable ofPerson, IDisposable place, long since)
    {
        (Room, Person, Address) = (caller.Token, caller.Person, caller.Address);
        File = file;
        Since = since;
        _places = [ofPerson, place];
    }

    public string Id { get; } = Ids.New();

    public string Room { get; }

    public string Person { get; }

    public string Address { get; }

    public ScratchFile File { get; }

    public long Since { get; }

    /// <summary>Its place was given to another address.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Lose() => _lost.Cancel();

    /// <summary>One more holds it.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
            return;
        File.Dispose();
        foreach (var place in _places)
            place.Dispose();
    }
}
