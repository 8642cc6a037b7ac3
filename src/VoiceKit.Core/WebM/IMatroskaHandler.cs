namespace VoiceKit.WebM;

/// <summary>Takes what a <see cref="MatroskaWalker"/> finds.</summary>
internal interface IMatroskaHandler
{
    /// <summary>Whether the track that is to be read is known.</summary>
    bool HasTrack { get; }

    /// <summary>Whether there are packets that must be taken before the walk goes on.</summary>
    bool HasPackets { get; }

    /// <summary>The largest block that is wanted.</summary>
    int MaxBlockSize { get; }

    /// <summary>Whether blocks of a track are wanted.</summary>
    bool IsForTrack(long track);

    /// <summary>A document begins, the first or one behind another.</summary>
    void BeginDocument();

    /// <summary>An element with children begins.</summary>
    void Begin(uint id, long offset);

    /// <summary>An element with children ends.</summary>
    void End(uint id);

    /// <summary>Whether a text of this size may still be read.</summary>
    bool TryReserveText(long size, long offset);

    /// <summary>The data of an element without children.</summary>
    void Take(uint parent, uint id, ReadOnlySpan<byte> data, long offset);

    /// <summary>A whole block; a SimpleBlock's bytes stay where they are until its packets are taken.</summary>
    void TakeBlock(uint id, byte[] buffer, int start, int length, long offset);

    /// <summary>The error for an input in which no tracks are found.</summary>
    VoiceFormatException NotReadable();
}
