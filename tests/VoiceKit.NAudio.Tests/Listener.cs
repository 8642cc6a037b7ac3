using VoiceKit.Audio;

namespace VoiceKit.NAudio.Tests;

/// <summary>Takes what an input hears, and does what a test wants meanwhile.</summary>
internal sealed class Listener : IAudioInputSink
{
    private readonly List<float> _heard = [];
    private readonly TaskCompletionSource<AudioDeviceException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Action? OnBlock { get; set; }

    public Action? OnBreak { get; set; }

    public float[] Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    public Task<AudioDeviceException> Fault => _fault.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public void OnAudio(ReadOnlySpan<float> samples)
    {
        lock (_heard)
            _heard.AddRange(samples);
        OnBlock?.Invoke();
    }

    public void OnLost(long frames) => Assert.Fail("NAudio tells of no loss.");

    public void OnFault(AudioDeviceException reason)
    {
        Assert.True(_fault.TrySetResult(reason), "A second fault.");
        OnBreak?.Invoke();
    }
}
