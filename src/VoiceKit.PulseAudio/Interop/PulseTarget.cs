using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>What a stream is connected to, and how.</summary>
internal sealed record PulseTarget
{
    /// <summary>What the app named, or null.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What a person calls the device.</summary>
    public required string Description { get; init; }

    /// <summary>The name that the server is given; null leaves the choice to it.</summary>
    public required string? Connect { get; init; }

    /// <summary>Whether the server may move the stream to another device.</summary>
    public required bool MayMove { get; init; }

    /// <summary>The format on the wire: the device's rate, and its channels up to two.</summary>
    public required AudioFormat Wire { get; init; }

    /// <summary>The places of the channels on the wire, or null for the server's usual ones.</summary>
    public required PulseChannelMap? ChannelMap { get; init; }

    /// <summary>Finds a microphone by its id, or the default.</summary>
    public static async Task<PulseTarget> FindInputAsync(
        PulseConnection connection, string? id, CancellationToken cancellationToken)
    {
        var defaults = await connection.AskAsync(new PulseDefaultsRequest(), cancellationToken).ConfigureAwait(false);
        var sources = await connection.AskAsync(new PulseDevicesRequest(sinks: false), cancellationToken).ConfigureAwait(false);
        return Find(sources, id ?? defaults.Source, id, "microphone") with { Connect = id, MayMove = id is null };
    }

    /// <summary>Finds a speaker by its id, or the default.</summary>
    public static async Task<PulseTarget> FindOutputAsync(
        PulseConnection connection, string? id, CancellationToken cancellationToken)
    {
        var defaults = await connection.AskAsync(new PulseDefaultsRequest(), cancellationToken).ConfigureAwait(false);
        var sinks = await connection.AskAsync(new PulseDevicesRequest(sinks: true), cancellationToken).ConfigureAwait(false);
        return Find(sinks, id ?? defaults.Sink, id, "speaker") with { Connect = id, MayMove = id is null };
    }

    /// <summary>Finds the monitor of a sink by the monitor's id, or that of the default sink.</summary>
    /// <remarks>
    /// It is asked for by name, since PipeWire takes the alias @DEFAULT_MONITOR@ for something silent, and is never moved: a
    /// server would move it to a microphone.
    /// </remarks>
    public static async Task<PulseTarget> FindLoopbackAsync(
        PulseConnection connection, string? id, CancellationToken cancellationToken)
    {
        var defaults = await connection.AskAsync(new PulseDefaultsRequest(), cancellationToken).ConfigureAwait(false);
        var sinks = await connection.AskAsync(new PulseDevicesRequest(sinks: true), cancellationToken).ConfigureAwait(false);
        var sources = await connection.AskAsync(new PulseDevicesRequest(sinks: false), cancellationToken).ConfigureAwait(false);
        var monitors = sources.FindAll(source => source.Monitor is not null);
        return Find(monitors, id ?? sinks.Find(sink => sink.Name == defaults.Sink)?.Monitor, id, "loopback");
    }

    private static PulseTarget Find(List<PulseDevice> devices, string? name, string? id, string kind)
    {
        if (devices.Find(device => device.Name == name) is not { Format: { } format } device)
        {
            var message = id is null ? $"There is no {kind}." : $"There is no {kind} '{id}'.";
            throw new AudioDeviceException(message, id, AudioDeviceFault.NotFound);
        }

        return new PulseTarget
        {
            DeviceId = id,
            Description = device.Description,
            Connect = device.Name,
            MayMove = false,
            Wire = new AudioFormat(format.SampleRate, Math.Min(format.Channels, 2)),
            ChannelMap = format.Channels <= 2 ? device.ChannelMap : null,
        };
    }
}
