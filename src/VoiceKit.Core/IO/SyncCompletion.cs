using System.Diagnostics;

namespace VoiceKit.IO;

/// <summary>Takes the result of work that was asked not to wait: it is done on return.</summary>
internal static class SyncCompletion
{
    public static void Complete(ValueTask task)
    {
        Debug.Assert(task.IsCompleted, "Synchronous work has waited.");
        task.GetAwaiter().GetResult();
    }

    public static T Complete<T>(ValueTask<T> task)
    {
        Debug.Assert(task.IsCompleted, "Synchronous work has waited.");
        return task.GetAwaiter().GetResult();
    }
}
