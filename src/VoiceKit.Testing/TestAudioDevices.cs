using VoiceKit.Audio;

namespace VoiceKit.Testing;

/// <summary>A system with one microphone, one speaker and what the speaker plays.</summary>
public sealed class TestAudioDevices : IAudioDevices
{
    /// <summary>The id of <see cref="Microphone"/>.</summary>
    public const string MicrophoneId = "microphone";

    /// <summary>The id of <see cref="Speaker"/>.</summary>
    public const string SpeakerId = "speaker";

    /// <summary>The id of <see cref="Loopback"/>.</summary>
    public const string LoopbackId = "speaker.loopback";

    /// <inheritdoc/>
    public event EventHandler? Changed;

    /// <summary>What <see cref="OpenInputAsync"/> gives.</summary>
    public TestMicrophone Microphone { get; set; } = new();

    /// <summary>What <see cref="OpenOutputAsync"/> gives.</summary>
    public TestSpeaker Speaker { get; set; } = new();

    /// <summary>What <see cref="OpenLoopbackAsync"/> gives.</summary>
    public TestMicrophone Loopback { get; set; } = new() { Name = "Test speaker" };

    /// <summary>What listing and opening throw; null, the default, when they work.</summary>
    public AudioDeviceException? Fault { get; set; }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        Check(null, null, cancellationToken);
        return ValueTask.FromResult<IReadOnlyList<AudioDeviceInfo>>(
        [
            Describe(MicrophoneId, Microphone.Name, AudioDeviceKind.Input, Microphone.Format),
            Describe(SpeakerId, Speaker.Name, AudioDeviceKind.Output, Speaker.Format),
            Describe(LoopbackId, Loopback.Name, AudioDeviceKind.Loopback, Loopback.Format),
        ]);
    }

    /// <inheritdoc/>
    public ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        Check(deviceId, MicrophoneId, cancellationToken);
        return ValueTask.FromResult<IAudioInput>(Microphone);
    }

    /// <inheritdoc/>
    public ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        Check(deviceId, LoopbackId, cancellationToken);
        return ValueTask.FromResult<IAudioInput>(Loopback);
    }

    /// <inheritdoc/>
    public ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        Check(deviceId, SpeakerId, cancellationToken);
        return ValueTask.FromResult<IAudioOutput>(Speaker);
    }

    /// <summary>Raises <see cref="Changed"/>.</summary>
    public void RaiseChanged() => Changed?.Invoke(this, EventArgs.Empty);

    /// <summary>Does nothing: the devices live on.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static AudioDeviceInfo Describe(string id, string? name, AudioDeviceKind kind, AudioFormat format) =>
        new(id, name ?? id, kind) { IsDefault = true, Format = format };

    private void Check(string? wanted, string? id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Fault is { } fault)
            throw fault;
        if (wanted is not null && wanted != id)
            throw new AudioDeviceException($"There is no device '{wanted}'.", wanted, AudioDeviceFault.NotFound);
    }
}
