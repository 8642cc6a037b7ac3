using Microsoft.Extensions.Logging;

namespace VoiceKit.DependencyInjection;

/// <summary>
/// What is logged. Exceptions may name files, devices and people, so that they are logged at Debug only; what is above it says
/// the kind of the failure.
/// </summary>
internal static partial class VoiceKitLog
{
    public static void RecordingFault(ILogger log, Exception fault, TimeSpan elapsed)
    {
        if (fault is AudioDeviceException device)
            MicrophoneFailed(log, device.Fault, elapsed);
        else
            RecordingFailed(log, NameOf(fault), elapsed);
        Details(log, fault);
    }

    public static void PlaybackFault(ILogger log, Exception fault, TimeSpan position)
    {
        if (fault is AudioDeviceException device)
            SpeakerFailed(log, device.Fault, position);
        else
            PlaybackFailed(log, NameOf(fault), position);
        Details(log, fault);
    }

    public static void DeviceUnavailable(ILogger log, AudioDeviceException fault)
    {
        DeviceUnavailable(log, fault.Fault);
        Details(log, fault);
    }

    public static void ImportFault(ILogger log, Exception fault)
    {
        ImportFailed(log, NameOf(fault));
        Details(log, fault);
    }

    public static void StoreFault(ILogger log, Exception fault)
    {
        StoreFailed(log, NameOf(fault));
        Details(log, fault);
    }

    private static string NameOf(Exception fault) => fault.GetType().Name;

    [LoggerMessage(1, LogLevel.Warning, "The microphone failed after {Elapsed} of recording: {Fault}. The draft is kept.")]
    private static partial void MicrophoneFailed(ILogger log, AudioDeviceFault fault, TimeSpan elapsed);

    [LoggerMessage(2, LogLevel.Error, "Recording failed after {Elapsed}: {Error}.")]
    private static partial void RecordingFailed(ILogger log, string error, TimeSpan elapsed);

    [LoggerMessage(3, LogLevel.Warning, "The speaker failed at {Position} of a message: {Fault}.")]
    private static partial void SpeakerFailed(ILogger log, AudioDeviceFault fault, TimeSpan position);

    [LoggerMessage(4, LogLevel.Warning, "A message could not be played any further than {Position}: {Error}.")]
    private static partial void PlaybackFailed(ILogger log, string error, TimeSpan position);

    [LoggerMessage(5, LogLevel.Warning, "An audio device cannot be used: {Fault}.")]
    private static partial void DeviceUnavailable(ILogger log, AudioDeviceFault fault);

    [LoggerMessage(6, LogLevel.Warning, "An import failed: {Error}.")]
    private static partial void ImportFailed(ILogger log, string error);

    [LoggerMessage(7, LogLevel.Error, "The message store failed: {Error}.")]
    private static partial void StoreFailed(ILogger log, string error);

    [LoggerMessage(100, LogLevel.Debug, "What failed")]
    private static partial void Details(ILogger log, Exception fault);
}
