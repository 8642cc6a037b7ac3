using VoiceKit.Audio;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own speaker: a thread that takes 10 ms at a time, about ten times as fast as a real one.</summary>
internal sealed class OwnSpeaker : IAudioOutput
{
    private volatile IAudioOutputSource? _source;

    public AudioFormat Format { get; } = new(48_000, 2);

    public string? Name => "own";

    public TimeSpan Latency => TimeSpan.Zero;

    public TimeSpan BufferDuration => TimeSpan.FromMilliseconds(20);

    public double Energy { get; private set; }

    public ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
    {
        _source = source;
        new Thread(() => Play(source)) { IsBackground = true }.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        _source = null;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => StopAsync();

    private void Play(IAudioOutputSource source)
    {
        var buffer = new float[960];
        int count;
        do
        {
            count = source.Read(buffer);
            foreach (var sample in buffer.AsSpan(0, count))
                Energy += sample * sample;
            Thread.Sleep(1);
        }
        while (count == buffer.Length && _source == source);
        if (_source == source)
            source.OnEnded();
    }
}
