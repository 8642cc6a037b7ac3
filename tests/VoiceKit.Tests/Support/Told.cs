namespace VoiceKit.Tests.Support;

/// <summary>Hears of progress at once, on the thread that makes it.</summary>
internal sealed class Told(Action<TimeSpan> tell) : IProgress<TimeSpan>
{
    public void Report(TimeSpan value) => tell(value);
}
