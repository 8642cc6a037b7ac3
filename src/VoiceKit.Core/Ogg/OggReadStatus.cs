namespace VoiceKit.Ogg;

/// <summary>The outcome of an attempt to read on.</summary>
internal enum OggReadStatus
{
    Ready,
    NeedData,
    End,
}
