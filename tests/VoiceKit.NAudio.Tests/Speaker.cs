using VoiceKit.Audio;

namespace VoiceKit.NAudio.Tests;

/// <summary>Gives an output samples, and does what a test wants meanwhile.</summary>
internal sealed class Speaker(float[] samples) : IAudioOutputSource
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AudioDeviceException> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _position;

    public Action? OnRead { get; set; }

    public int Reads { get; private set; }

    public Task Ended => _ended.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public bool HasEnded => _ended.Task.IsCompleted;

    public Task<AudioDeviceException> Fault => _fault.Task.WaitAsync(TimeSpan.FromMinutes(1));

    public int Read(Span<float> buffer)
    {
        Reads++;
        OnRead?.Invoke();
        var count = Math.Min(buffer.Length, samples.Length - _position);
        samples.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public void OnEnded() => Assert.True(_ended.TrySetResult(), "A second end.");

    public void OnFault(AudioDeviceException reason) => Assert.True(_fault.TrySetResult(reason), "A second fault.");
}
