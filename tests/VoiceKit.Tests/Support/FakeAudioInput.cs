using VoiceKit.Audio;

namespace VoiceKit.Tests.Support;

/// <summary>A microphone that hears what a test says, on the test's own thread.</summary>
internal sealed class FakeAudioInput(AudioFormat format) : IAudioInput
{
    private IAudioInputSink? _sink;

    public AudioFormat Format => format;

    public string? Name => "fake";

    public bool IsStarted => _sink is not null;

    public bool IsDisposed { get; private set; }

    public int StartCount { get; private set; }

    /// <summary>What starting throws; null when it works.</summary>
    public Exception? StartFault { get; set; }

    /// <summary>What stopping throws; null when it works.</summary>
    public Exception? StopFault { get; set; }

    /// <summary>What disposing throws; null when it works.</summary>
    public Exception? DisposeFault { get; set; }

    /// <summary>Whether starting never ends, even when it is cancelled.</summary>
    public bool HangsOnStart { get; set; }

    /// <summary>Whether stopping never ends.</summary>
    public bool HangsOnStop { get; set; }

    /// <summary>What the microphone hears between the wish to stop and the end.</summary>
    public float[] LastWords { get; set; } = [];

    public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
    {
        StartCount++;
        if (HangsOnStart)
            return new ValueTask(new TaskCompletionSource().Task);
        if (StartFault is not null)
            throw StartFault;
        _sink = sink;
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        if (HangsOnStop)
            return new ValueTask(new TaskCompletionSource().Task);
        _sink?.OnAudio(LastWords);
        LastWords = [];
        _sink = null;
        return StopFault is null ? ValueTask.CompletedTask : ValueTask.FromException(StopFault);
    }

    /// <summary>Hears samples; a microphone that is off hears nothing.</summary>
    public void Hear(ReadOnlySpan<float> samples) => _sink?.OnAudio(samples);

    /// <summary>Hears samples in pieces, as a device gives them.</summary>
    public void Hear(ReadOnlySpan<float> samples, int piece)
    {
        for (; !samples.IsEmpty; samples = samples[Math.Min(piece, samples.Length)..])
            Hear(samples[..Math.Min(piece, samples.Length)]);
    }

    public void Lose(long frames) => _sink!.OnLost(frames);

    public void Move(string name) => _sink!.OnMoved(name);

    public void Break(AudioDeviceException reason)
    {
        var sink = _sink;
        _sink = null;
        sink!.OnFault(reason);
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _sink = null;
        return DisposeFault is null ? ValueTask.CompletedTask : ValueTask.FromException(DisposeFault);
    }
}
