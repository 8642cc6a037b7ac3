namespace VoiceKit.Playback;

/// <summary>
/// What the ring is to be filled with: the audio of an epoch, or nothing since the output has read that epoch to its end. It is
/// one word, so that a player that asks for another epoch and an output that finishes this one can't both succeed.
/// </summary>
internal readonly struct EpochRequest
{
    private readonly long _word;

    private EpochRequest(long word) => _word = word;

    /// <summary>Counted from 1; 0 when nothing was asked for yet.</summary>
    public long Epoch => _word >> 1;

    /// <summary>Whether the output has read the epoch to its end, and reads no more.</summary>
    public bool IsFinished => (_word & 1) != 0;

    /// <summary>The request for an epoch.</summary>
    public static EpochRequest For(long epoch) => new(epoch << 1);

    /// <summary>The request that an epoch leaves when the output has finished it.</summary>
    public static EpochRequest Finished(long epoch) => new((epoch << 1) | 1);

    public static EpochRequest Read(ref long word) => new(Volatile.Read(ref word));

    /// <summary>Puts a request in the place of another, if that is still there.</summary>
    public static bool TryChange(ref long word, EpochRequest from, EpochRequest to) =>
        Interlocked.CompareExchange(ref word, to._word, from._word) == from._word;
}
