using VoiceKit.Audio;
using VoiceKit.Tests.Playback;
using VoiceKit.Tests.Support;

namespace VoiceKit.DependencyInjection.Tests;

/// <summary>A system with a microphone and a speaker of the tests' own.</summary>
internal sealed class FakeAudioDevices : IAudioDevices
{
    public static readonly AudioFormat Mono = new(48_000, 1);

    public event EventHandler? Changed;

    public FakeAudioInput Input { get; } = new(Mono);

    public FakeAudioOutput Output { get; } = new(Mono);

    /// <summary>What opening a device throws; null when it works.</summary>
    public AudioDeviceException? Fault { get; set; }

    public string? AskedFor { get; private set; }

    public bool IsDisposed { get; private set; }

    public void Change() => Changed?.Invoke(this, EventArgs.Empty);

    public ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken = default) =>
        new([new AudioDeviceInfo("mic", "A microphone", AudioDeviceKind.Input)]);

    public ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        Open<IAudioInput>(Input, deviceId);

    public ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        Open<IAudioInput>(Input, deviceId);

    public ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        Open<IAudioOutput>(Output, deviceId);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private ValueTask<T> Open<T>(T device, string? deviceId)
    {
        AskedFor = deviceId;
        return Fault is null ? new ValueTask<T>(device) : throw Fault;
    }
}
