using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.NAudio;
using VoiceKit.PulseAudio;
using VoiceKit.Recording;

namespace VoiceKit.Cli;

/// <summary>The computer's microphones and speakers, and the place of drafts.</summary>
internal static class Devices
{
    public static VoiceDrafts Drafts { get; } = new(Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "voicekit",
        "drafts"));

    public static Option<string?> Option() => new("--device")
    {
        Description = "The device's id, as 'voicekit devices' lists it; the default one otherwise.",
        HelpName = "ID",
    };

    public static async ValueTask<IAudioDevices> OpenAsync(CancellationToken cancellationToken) => OperatingSystem.IsWindows()
        ? await WasapiDevices.OpenAsync(cancellationToken: cancellationToken)
        : await PulseAudioDevices.OpenAsync(new PulseAudioOptions { ApplicationName = "voicekit" }, cancellationToken);
}
