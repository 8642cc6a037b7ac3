namespace VoiceKit.Diagnostics;

/// <summary>
/// The names of what VoiceKit measures and traces, for whoever listens: OpenTelemetry, <c>dotnet-counters</c>, an app's own
/// <see cref="System.Diagnostics.Metrics.MeterListener"/>. Names and units follow OpenTelemetry's semantic conventions.
/// </summary>
/// <remarks>
/// <para>
/// Whole work is measured, never a packet: a message that is encoded, decoded or imported, a device or a handler that failed. It
/// costs nothing while nobody listens. An import that encodes counts as encoding too. Recording and playing go at the pace of a
/// voice, so only their devices that failed are counted. Work whose token is cancelled before it begins is not counted.
/// </para>
/// <para>No name of a file, a device or a person is in a tag.</para>
/// </remarks>
public static class VoiceKitDiagnostics
{
    /// <summary>The meter: what is given to OpenTelemetry's <c>AddMeter</c>.</summary>
    public const string MeterName = "VoiceKit";

    /// <summary>The source of traces: what is given to OpenTelemetry's <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "VoiceKit";

    /// <summary>
    /// Histogram, in s: how long encoding a message took. Has <see cref="OutcomeTag"/> and <see cref="ErrorTypeTag"/>.
    /// </summary>
    public const string EncodeDuration = "voicekit.encode.duration";

    /// <summary>Counter, in s: how much audio was encoded, in work that succeeded.</summary>
    public const string EncodeAudio = "voicekit.encode.audio";

    /// <summary>
    /// Histogram, in s: how long decoding a message took. Has <see cref="TargetTag"/>, <see cref="OutcomeTag"/> and
    /// <see cref="ErrorTypeTag"/>.
    /// </summary>
    /// <remarks>
    /// A message of which an app reads the audio itself, as a player does, is not measured: the pace is the app's.
    /// </remarks>
    public const string DecodeDuration = "voicekit.decode.duration";

    /// <summary>Counter, in s: how much audio was decoded, in work that succeeded. Has <see cref="TargetTag"/>.</summary>
    public const string DecodeAudio = "voicekit.decode.audio";

    /// <summary>
    /// Counter, in {import}: how many imports have ended, previews not counted. Has <see cref="OutcomeTag"/> and
    /// <see cref="ErrorTypeTag"/>.
    /// </summary>
    public const string ImportCount = "voicekit.import.count";

    /// <summary>Histogram, in s: how long an import took. Has <see cref="OutcomeTag"/> and <see cref="ErrorTypeTag"/>.</summary>
    public const string ImportDuration = "voicekit.import.duration";

    /// <summary>
    /// Counter, in {fault}: how often a recorder's or a player's device failed, when it was started or by itself. Has
    /// <see cref="DirectionTag"/> and, as <see cref="ErrorTypeTag"/>, the <see cref="AudioDeviceFault"/> in snake case.
    /// </summary>
    public const string DeviceFaults = "voicekit.device.faults";

    /// <summary>
    /// Counter, in {fault}: how often a handler of an event threw. Has <see cref="EventTag"/> and, as <see cref="ErrorTypeTag"/>,
    /// the full name of the exception's type.
    /// </summary>
    public const string HandlerFaults = "voicekit.handler.faults";

    /// <summary>The activity around the encoding of a message.</summary>
    public const string EncodeActivity = "voicekit.encode";

    /// <summary>The activity around the decoding of a message.</summary>
    public const string DecodeActivity = "voicekit.decode";

    /// <summary>The activity around an import.</summary>
    public const string ImportActivity = "voicekit.import";

    /// <summary>The activity, without a length, of a device that failed.</summary>
    public const string DeviceFaultActivity = "voicekit.device.fault";

    /// <summary>The activity, without a length, of a handler that threw.</summary>
    public const string HandlerFaultActivity = "voicekit.handler.fault";

    /// <summary>How work ended: <see cref="Success"/>, <see cref="Failure"/> or <see cref="Canceled"/>.</summary>
    public const string OutcomeTag = "outcome";

    /// <summary>What failed, where something did: the full name of the exception's type.</summary>
    public const string ErrorTypeTag = "error.type";

    /// <summary>What a message was decoded for: <c>wav</c> or <c>waveform</c>.</summary>
    public const string TargetTag = "target";

    /// <summary>Which way a device goes: <c>input</c> or <c>output</c>.</summary>
    public const string DirectionTag = "direction";

    /// <summary>The name of the event whose handler threw.</summary>
    public const string EventTag = "event";

    /// <summary>An <see cref="OutcomeTag"/>: the work was done.</summary>
    public const string Success = "success";

    /// <summary>An <see cref="OutcomeTag"/>: the work threw.</summary>
    public const string Failure = "failure";

    /// <summary>An <see cref="OutcomeTag"/>: the work was cancelled.</summary>
    public const string Canceled = "canceled";

    /// <summary>
    /// Raised when a handler of any event of the library has thrown; the sender is the object whose event it was. The work went
    /// on: no recording, no playback and no other handler is affected.
    /// </summary>
    /// <remarks>
    /// It is raised on the thread that raised the event. It holds its handlers for as long as the process lives: remove those
    /// that are no longer wanted.
    /// </remarks>
    public static event EventHandler<HandlerFailedEventArgs>? HandlerFailed;

    /// <summary>Those who listen to <see cref="HandlerFailed"/>.</summary>
    internal static EventHandler<HandlerFailedEventArgs>? HandlersOfFailures => HandlerFailed;
}
