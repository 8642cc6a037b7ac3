using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Docs.Tests;

/// <summary>A microphone into which somebody talks all the time, and a speaker that plays as fast as it can.</summary>
internal sealed class DocsDevices : IAudioDevices
{
    private static readonly AudioFormat Mono = new(48_000, 1);

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    /// <summary>How much the speaker that was opened last has played.</summary>
    public Speaker? Output { get; private set; }

    public ValueTask<IReadOnlyList<AudioDeviceInfo>> ListAsync(CancellationToken cancellationToken = default) => new([]);

    public ValueTask<IAudioInput> OpenInputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        new(new Microphone());

    public ValueTask<IAudioInput> OpenLoopbackAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        new(new Microphone());

    public ValueTask<IAudioOutput> OpenOutputAsync(string? deviceId = null, CancellationToken cancellationToken = default) =>
        new(Output = new Speaker());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Hears 1.5 s at once when it is started, and then goes on.</summary>
    private sealed class Microphone : IAudioInput
    {
        private static readonly float[] Voice = Signals.Voice(72_000);

        private CancellationTokenSource? _talk;
        private Task _talking = Task.CompletedTask;

        public AudioFormat Format => Mono;

        public string? Name => "A microphone";

        public ValueTask StartAsync(IAudioInputSink sink, CancellationToken cancellationToken = default)
        {
            _talk = new CancellationTokenSource();
            sink.OnAudio(Voice);
            _talking = TalkAsync(sink, _talk.Token);
            return ValueTask.CompletedTask;
        }

        public async ValueTask StopAsync(CancellationToken cancellationToken = default)
        {
            _talk?.Cancel();
            await _talking;
        }

        public ValueTask DisposeAsync() => StopAsync();

        private static async Task TalkAsync(IAudioInputSink sink, CancellationToken cancellationToken)
        {
            for (; !cancellationToken.IsCancellationRequested; await Task.Delay(20, CancellationToken.None))
                sink.OnAudio(Voice.AsSpan(0, 960));
        }
    }

    public sealed class Speaker : IAudioOutput
    {
        private CancellationTokenSource? _stop;
        private Task _playing = Task.CompletedTask;

        public AudioFormat Format => Mono;

        public string? Name => "A speaker";

        public TimeSpan Latency => TimeSpan.Zero;

        public TimeSpan BufferDuration => TimeSpan.FromMilliseconds(100);

        public float Loudest { get; private set; }

        public ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
        {
            _stop = new CancellationTokenSource();
            _playing = Task.Run(() => PlayAsync(source, _stop.Token), CancellationToken.None);
            return ValueTask.CompletedTask;
        }

        public async ValueTask StopAsync(CancellationToken cancellationToken = default)
        {
            _stop?.Cancel();
            await _playing;
        }

        public ValueTask DisposeAsync() => StopAsync();

        private async Task PlayAsync(IAudioOutputSource source, CancellationToken cancellationToken)
        {
            var block = new float[480];
            while (!cancellationToken.IsCancellationRequested)
            {
                var count = source.Read(block);
                foreach (var sample in block.AsSpan(0, count))
                    Loudest = Math.Max(Loudest, Math.Abs(sample));
                if (count < block.Length)
                {
                    source.OnEnded();
                    return;
                }

                await Task.Delay(1, CancellationToken.None);
            }
        }
    }
}
