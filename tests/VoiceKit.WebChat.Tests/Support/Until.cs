using System.Diagnostics;

namespace VoiceKit.WebChat.Tests.Support;

/// <summary>Waits for what comes about by itself.</summary>
internal static class Until
{
    /// <summary>How long it may take. It is long, since a busy machine is no reason to fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task TrueAsync(Func<bool> isTrue)
    {
        for (var watch = Stopwatch.StartNew(); !isTrue(); await Task.Delay(10))
            Assert.True(watch.Elapsed < Patience, "It never comes about.");
    }
}
