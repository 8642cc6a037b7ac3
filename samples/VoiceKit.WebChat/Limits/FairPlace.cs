namespace VoiceKit.WebChat.Limits;

/// <summary>A place of an address, free again when it is disposed.</summary>
internal sealed class FairPlace : IDisposable
{
    private readonly FairPlaces _places;
    private readonly Action _takenAway;

    public FairPlace(FairPlaces places, string address, Action takenAway)
    {
        _places = places;
        _takenAway = takenAway;
        Address = address;
        Node = new LinkedListNode<FairPlace>(this);
    }

    public string Address { get; }

    /// <summary>Where it stands among those of its address.</summary>
    public LinkedListNode<FairPlace> Node { get; }

    public void TakeAway() => _takenAway();

    public void Dispose() => _places.Leave(this);
}
