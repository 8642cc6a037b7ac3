using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VoiceKit.Diagnostics;

/// <summary>A kind of work that is measured and traced as a whole.</summary>
internal sealed class MeasuredWork(
    string activityName, Histogram<double> duration, Counter<double>? audio = null, Counter<long>? count = null)
{
    private bool IsWatched => duration.Enabled || audio is { Enabled: true } || count is { Enabled: true };

    /// <summary>Begins some of it. Whoever begins ends it too, by one of the measurement's methods.</summary>
    /// <param name="target">What it is for; null where there is only one thing.</param>
    public Measurement Begin(string? target = null)
    {
        var activity = Instruments.Source.StartActivity(activityName);
        return activity is not null || IsWatched ? new Measurement(this, activity, Stopwatch.GetTimestamp(), target) : default;
    }

    /// <summary>Some of the work. The default value measures nothing.</summary>
    internal readonly struct Measurement(MeasuredWork work, Activity? activity, long start, string? target)
    {
        /// <summary>Ends what was done.</summary>
        /// <param name="length">How much audio it was.</param>
        public void Succeed(TimeSpan length)
        {
            if (work is null)
                return;
            work.AddAudio(length, target);
            End(VoiceKitDiagnostics.Success, null);
        }

        /// <summary>Ends what has failed or was cancelled.</summary>
        /// <param name="exception">Why.</param>
        public void Fail(Exception exception)
        {
            if (work is null)
                return;
            if (exception is OperationCanceledException)
                End(VoiceKitDiagnostics.Canceled, null);
            else
                End(VoiceKitDiagnostics.Failure, exception.GetType().FullName);
        }

        private void End(string outcome, string? error)
        {
            var tags = TagsFor(target);
            tags.Add(VoiceKitDiagnostics.OutcomeTag, outcome);
            if (error is not null)
                tags.Add(VoiceKitDiagnostics.ErrorTypeTag, error);
            work.Record(Stopwatch.GetElapsedTime(start), tags);
            if (activity is null)
                return;
            foreach (var (name, value) in tags)
                activity.SetTag(name, value);
            if (error is not null)
                activity.SetStatus(ActivityStatusCode.Error);
            activity.Dispose();
        }
    }

    private static TagList TagsFor(string? target)
    {
        var tags = new TagList();
        if (target is not null)
            tags.Add(VoiceKitDiagnostics.TargetTag, target);
        return tags;
    }

    private void AddAudio(TimeSpan length, string? target) => audio?.Add(length.TotalSeconds, TagsFor(target));

    private void Record(TimeSpan elapsed, in TagList tags)
    {
        duration.Record(elapsed.TotalSeconds, tags);
        count?.Add(1, tags);
    }
}
