namespace VoiceKit.IO;

/// <summary>The system's own clock, which the times of files come from: what is compared with those must not be an app's.</summary>
internal static class SystemTime
{
    /// <summary>Now, in UTC.</summary>
    public static DateTime UtcNow => TimeProvider.System.GetUtcNow().UtcDateTime;
}
