namespace VoiceKit.Storage;

/// <summary>What a change in a store has survived by the time that it is acknowledged.</summary>
public enum VoiceStoreDurability
{
    /// <summary>A loss of power: the file and its folder are flushed to the disk (fsync).</summary>
    PowerLoss,

    /// <summary>The end of the process, however sudden; a loss of power may undo the last seconds.</summary>
    ProcessEnd,
}
