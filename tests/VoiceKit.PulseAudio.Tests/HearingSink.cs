using System.Collections.Concurrent;
using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>Keeps what an input hears.</summary>
internal sealed class HearingSink : IAudioInputSink
{
    private readonly List<float> _heard = [];
    private readonly TaskCompletionSource<AudioDeviceException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    /// <summary>Called in each call, on the device's thread.</summary>
    public Action? OnCall { get; set; }

    /// <summary>Called when the input ends by itself, on the device's thread.</summary>
    public Action? OnFaultCall { get; set; }

    public Task HasBegun => _hasBegun.Task.WaitAsync(Card.Patience);

    public Task<AudioDeviceException> Fault => _fault.Task.WaitAsync(Card.Patience);

    public bool HasFault => _fault.Task.IsCompleted;

    public int Calls => Volatile.Read(ref _calls);

    public long Lost { get; private set; }

    public float[] Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    public void OnAudio(ReadOnlySpan<float> samples)
    {
        Interlocked.Increment(ref _calls);
        lock (_heard)
            _heard.AddRange(samples);
        _hasBegun.TrySetResult();
        OnCall?.Invoke();
    }

    /// <summary>The devices that it was moved to.</summary>
    public ConcurrentQueue<string?> Moves { get; } = new();

    public void OnMoved(string? name) => Moves.Enqueue(name);

    public void OnLost(long frames) => Lost += frames;

    public void OnFault(AudioDeviceException reason)
    {
        Interlocked.Increment(ref _calls);
        OnFaultCall?.Invoke();
        Assert.True(_fault.TrySetResult(reason), "A second fault.");
    }
}
