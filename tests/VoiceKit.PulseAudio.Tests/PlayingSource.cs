using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>Gives samples to an output; after them it ends, or is silent for ever.</summary>
internal sealed class PlayingSource(float[] samples, bool goesOn = false) : IAudioOutputSource
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AudioDeviceException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hasBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;
    private int _given;

    /// <summary>Called in each call, on the device's thread.</summary>
    public Action? OnCall { get; set; }

    public Task HasBegun => _hasBegun.Task.WaitAsync(Card.Patience);

    public Task Ended => _ended.Task.WaitAsync(Card.Patience);

    public bool HasEnded => _ended.Task.IsCompleted;

    public Task<AudioDeviceException> Fault => _fault.Task.WaitAsync(Card.Patience);

    public bool HasFault => _fault.Task.IsCompleted;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How many floats were given.</summary>
    public int Given => Volatile.Read(ref _given);

    public int Read(Span<float> buffer)
    {
        Interlocked.Increment(ref _calls);
        var count = Math.Min(buffer.Length, samples.Length - Math.Min(_given, samples.Length));
        samples.AsSpan(Math.Min(_given, samples.Length), count).CopyTo(buffer);
        buffer[count..].Clear();
        Volatile.Write(ref _given, _given + (goesOn ? buffer.Length : count));
        _hasBegun.TrySetResult();
        OnCall?.Invoke();
        return goesOn ? buffer.Length : count;
    }

    public void OnEnded()
    {
        Interlocked.Increment(ref _calls);
        _ended.TrySetResult();
    }

    public void OnFault(AudioDeviceException reason)
    {
        Interlocked.Increment(ref _calls);
        _fault.TrySetResult(reason);
    }
}
