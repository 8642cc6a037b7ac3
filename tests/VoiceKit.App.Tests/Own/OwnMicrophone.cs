using VoiceKit.Audio;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own microphone: it hears a tone of 300 Hz for a given time as soon as it is started.</summary>
internal sealed class OwnMicrophone(TimeSpan duration) : IAudioInput
{
    public AudioFormat Format { get; } = new(16_000, 1);

    public string? Name => "own";

    public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
    {
        var block = new float[160];
        for (var frame = 0; frame < duration.TotalSeconds * 16_000; frame += block.Length)
        {
            for (var i = 0; i < block.Length; i++)
                block[i] = (float)(0.5 * Math.Sin(2 * Math.PI * 300 * (frame + i) / 16_000));
            sink.OnAudio(block);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StopAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
