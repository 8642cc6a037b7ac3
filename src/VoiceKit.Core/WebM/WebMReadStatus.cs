namespace VoiceKit.WebM;

/// <summary>The outcome of an attempt to read on.</summary>
internal enum WebMReadStatus
{
    Ready,
    NeedData,
    End,
}
