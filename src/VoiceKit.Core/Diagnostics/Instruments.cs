using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VoiceKit.Diagnostics;

/// <summary>The meter, the source of traces, and what is measured with them.</summary>
internal static class Instruments
{
    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(VoiceKitDiagnostics.MeterName, Version);

    public static readonly ActivitySource Source = new(VoiceKitDiagnostics.ActivitySourceName, Version);

    public static readonly MeasuredWork Encode = new(
        VoiceKitDiagnostics.EncodeActivity,
        Duration(VoiceKitDiagnostics.EncodeDuration, "How long encoding a message took."),
        Meter.CreateCounter<double>(VoiceKitDiagnostics.EncodeAudio, "s", "How much audio was encoded."));

    public static readonly MeasuredWork Decode = new(
        VoiceKitDiagnostics.DecodeActivity,
        Duration(VoiceKitDiagnostics.DecodeDuration, "How long decoding a message took."),
        Meter.CreateCounter<double>(VoiceKitDiagnostics.DecodeAudio, "s", "How much audio was decoded."));

    public static readonly MeasuredWork Import = new(
        VoiceKitDiagnostics.ImportActivity,
        Duration(VoiceKitDiagnostics.ImportDuration, "How long an import took."),
        count: Meter.CreateCounter<long>(VoiceKitDiagnostics.ImportCount, "{import}", "How many imports have ended."));

    private static readonly Counter<long> DeviceFaults = Meter.CreateCounter<long>(
        VoiceKitDiagnostics.DeviceFaults, "{fault}", "How often a microphone or speaker in use failed.");

    private static readonly Counter<long> HandlerFaults = Meter.CreateCounter<long>(
        VoiceKitDiagnostics.HandlerFaults, "{fault}", "How often an app's handler of an event threw.");

    /// <summary>Counts a handler that threw.</summary>
    public static void CountHandlerFault(HandlerFailedEventArgs failure)
    {
        var tags = new TagList
        {
            { VoiceKitDiagnostics.EventTag, failure.EventName },
            { VoiceKitDiagnostics.ErrorTypeTag, failure.Exception.GetType().FullName },
        };
        HandlerFaults.Add(1, tags);
        Trace(VoiceKitDiagnostics.HandlerFaultActivity, tags);
    }

    /// <summary>Counts a failure, if it is a microphone's.</summary>
    public static void CountInputFault(Exception? fault) => CountFault(fault, "input");

    /// <summary>Counts a failure, if it is a speaker's.</summary>
    public static void CountOutputFault(Exception? fault) => CountFault(fault, "output");

    private static void CountFault(Exception? fault, string direction)
    {
        if (fault is not AudioDeviceException device)
            return;
        var tags = new TagList
        {
            { VoiceKitDiagnostics.DirectionTag, direction },
            { VoiceKitDiagnostics.ErrorTypeTag, NameOf(device.Fault) },
        };
        DeviceFaults.Add(1, tags);
        Trace(VoiceKitDiagnostics.DeviceFaultActivity, tags);
    }

    private static void Trace(string activityName, in TagList tags)
    {
        using var activity = Source.StartActivity(activityName);
        if (activity is null)
            return;
        foreach (var (name, value) in tags)
            activity.SetTag(name, value);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    private static string NameOf(AudioDeviceFault fault) => fault switch
    {
        AudioDeviceFault.NotFound => "not_found",
        AudioDeviceFault.Removed => "removed",
        AudioDeviceFault.ServiceUnavailable => "service_unavailable",
        AudioDeviceFault.AccessDenied => "access_denied",
        AudioDeviceFault.Suspended => "suspended",
        AudioDeviceFault.NotResponding => "not_responding",
        AudioDeviceFault.InUse => "in_use",
        _ => "other",
    };

    // A voice message takes milliseconds, and an hour of audio a minute.
    private static Histogram<double> Duration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        });
}
