namespace VoiceKit.WebChat.Rooms;

/// <summary>A room that somebody uses. It is not forgotten before all who do have disposed of this.</summary>
internal sealed class RoomUse : IDisposable
{
    private bool _isOver;

    /// <summary>Begins to use it; under the lock of those who forget it.</summary>
    public RoomUse(ChatRoom room)
    {
        Room = room;
        room.Use(1);
    }

    public ChatRoom Room { get; }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isOver, true))
            Room.Use(-1);
    }
}
