using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using NAudio.Wave;
using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>A device that an app has opened.</summary>
/// <param name="DeviceId">The id that was asked for; null is the default, which is looked up at each start.</param>
/// <param name="Kind">What it is opened for.</param>
/// <param name="Options">How it is used.</param>
/// <param name="Name">What a person calls it.</param>
/// <param name="SampleRate">The rate of its shared sound when it was opened; it is used at this rate from then on.</param>
/// <param name="Channels">The channels of its shared sound when it was opened.</param>
[SupportedOSPlatform("windows")]
internal sealed record WasapiTarget(
    string? DeviceId, AudioDeviceKind Kind, WasapiOptions Options, string Name, int SampleRate, int Channels)
{
    private const int NotFound = unchecked((int)0x80070490);
    private const int InvalidArgument = unchecked((int)0x80070057);

    /// <summary>Finds a device. It may block.</summary>
    /// <exception cref="AudioDeviceException">The system has no device of that id, or the device cannot be used.</exception>
    public static WasapiTarget Find(string? deviceId, AudioDeviceKind kind, WasapiOptions options)
    {
        try
        {
            using var enumerator = new MMDeviceEnumerator();
            using var device = Find(enumerator, deviceId, kind, options.Role);
            using var client = device.CreateAudioClient();
            var format = client.MixFormat;
            return new WasapiTarget(deviceId, kind, options, device.FriendlyName, format.SampleRate, format.Channels);
        }
        catch (Exception exception) when (exception is not AudioDeviceException)
        {
            throw NAudioFault.Create("The device cannot be used", null, exception, deviceId);
        }
    }

    /// <summary>Finds the device again. It may block.</summary>
    public MMDevice Open(MMDeviceEnumerator enumerator) => Find(enumerator, DeviceId, Kind, Options.Role);

    /// <summary>
    /// The format of a stream, floats at the rate and with the channels of the start: that of the device's shared sound where it
    /// is so still, since it may say which loudspeaker each channel is; otherwise one that Windows converts.
    /// </summary>
    public WaveFormat StreamFormat(WaveFormat mix) =>
        mix.SampleRate == SampleRate && mix.Channels == Channels && WaveCodings.IsFloat(mix)
            ? mix
            : WaveFormat.CreateIeeeFloatWaveFormat(SampleRate, Channels);

    private static MMDevice Find(MMDeviceEnumerator enumerator, string? deviceId, AudioDeviceKind kind, Role role)
    {
        var flow = FlowOf(kind);
        if (deviceId is null)
        {
            return enumerator.TryGetDefaultAudioEndpoint(flow, role, out var usual)
                ? usual
                : throw NotThere($"The system has no {WordFor(flow)}.", null);
        }

        var device = FindById(enumerator, deviceId);
        try
        {
            if (device.DataFlow != flow)
                throw NotThere($"“{deviceId}” is no {WordFor(flow)}.", deviceId);
            return device.State == DeviceState.Active
                ? device
                : throw NotThere($"{device.FriendlyName} is {WordFor(device.State)}.", deviceId);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private static MMDevice FindById(MMDeviceEnumerator enumerator, string deviceId)
    {
        try
        {
            return enumerator.GetDevice(deviceId);
        }
        catch (Exception exception) when (exception.HResult is NotFound or InvalidArgument)
        {
            throw NotThere($"There is no device “{deviceId}”.", deviceId);
        }
    }

    /// <summary>Which way the sound of a kind of device flows: a loopback is made of a speaker.</summary>
    public static DataFlow FlowOf(AudioDeviceKind kind) => kind == AudioDeviceKind.Input ? DataFlow.Capture : DataFlow.Render;

    /// <summary>What has become of a device that does not work any more. It may block.</summary>
    /// <param name="id">The device's own id.</param>
    /// <param name="cause">What it threw.</param>
    public AudioDeviceException Explain(string? id, Exception cause)
    {
        if (cause is AudioDeviceException known)
            return known;
        if (!NAudioFault.IsInvalidated(cause) || id is null)
            return NAudioFault.Create("The device cannot be used any longer", Name, cause, DeviceId);
        return StateOf(id) switch
        {
            DeviceState.Active => new AudioDeviceException(
                $"The sound of {Name} was interrupted: its format was changed, or another app took it for itself.",
                DeviceId, AudioDeviceFault.Other, cause),
            { } state => new AudioDeviceException($"{Name} is {WordFor(state)}.", DeviceId, AudioDeviceFault.Removed, cause),
            null => NAudioFault.Create("The device is gone", Name, cause, DeviceId),
        };
    }

    private static DeviceState? StateOf(string id)
    {
        try
        {
            using var enumerator = new MMDeviceEnumerator();
            using var device = enumerator.GetDevice(id);
            return device.State;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static AudioDeviceException NotThere(string message, string? deviceId) =>
        new(message, deviceId, AudioDeviceFault.NotFound);

    private static string WordFor(DataFlow flow) => flow == DataFlow.Capture ? "microphone" : "speaker";

    private static string WordFor(DeviceState state) => state switch
    {
        DeviceState.Disabled => "disabled",
        DeviceState.Unplugged => "unplugged",
        _ => "not there any more",
    };
}
