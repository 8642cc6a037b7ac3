using NAudio.Effects;
using NAudio.Wave;
using VoiceKit.Audio;

namespace VoiceKit.NAudio;

/// <summary>
/// An effect of NAudio (noise suppression, compressor, equalizer…), or a step of sample providers, as a processor of a recorder
/// or an importer: <c>Processors = [format =&gt; new NAudioProcessor(new NoiseSuppressionEffect(), format)]</c>.
/// </summary>
public sealed class NAudioProcessor : IAudioProcessor
{
    private readonly IAudioEffect? _effect;
    private readonly Func<ISampleProvider, ISampleProvider>? _connect;
    private readonly SampleQueue _input;
    private readonly SampleQueue _output;
    private ISampleProvider? _step;

    /// <summary>Takes an effect, which is configured for the format.</summary>
    /// <param name="effect">The effect, used by this object alone from now on.</param>
    /// <param name="format">The format of the samples.</param>
    public NAudioProcessor(IAudioEffect effect, AudioFormat format)
        : this(format)
    {
        ArgumentNullException.ThrowIfNull(effect);
        effect.Configure(format.ToWaveFormat());
        _effect = effect;
        LatencyFrames = effect.LatencySamples;
    }

    /// <summary>Takes a step: what an app would put behind a sample provider.</summary>
    /// <param name="connect">
    /// Makes the step for the provider that it is to read; it is called again at each <see cref="Reset"/>. The provider gives 0
    /// samples where none is there yet, which is not its end. The step has the same format, and gives as much as it gets.
    /// </param>
    /// <param name="format">The format of the samples.</param>
    /// <param name="latencyFrames">How many frames the step holds back, 0 or more.</param>
    /// <exception cref="ArgumentException">The effect's format is another than the one given.</exception>
    public NAudioProcessor(Func<ISampleProvider, ISampleProvider> connect, AudioFormat format, int latencyFrames = 0)
        : this(format)
    {
        ArgumentNullException.ThrowIfNull(connect);
        ArgumentOutOfRangeException.ThrowIfNegative(latencyFrames);
        _connect = connect;
        LatencyFrames = latencyFrames;
        Reset();
        if (_step!.WaveFormat.ToAudioFormat() != format)
            throw new ArgumentException($"The step makes {_step.WaveFormat} of {format}.", nameof(connect));
    }

    private NAudioProcessor(AudioFormat format)
    {
        _input = new SampleQueue(format.ToWaveFormat());
        _output = new SampleQueue(format.ToWaveFormat());
    }

    /// <inheritdoc/>
    public int LatencyFrames { get; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The effect holds back more frames than the stated latency.</exception>
    public void Process(Span<float> samples)
    {
        if (_effect is not null)
        {
            _effect.Process(samples);
            return;
        }

        samples.CopyTo(_input.Append(samples.Length));
        Pull(samples.Length);
        if (_output.Count < samples.Length)
        {
            throw new InvalidOperationException(
                $"The step holds back more than {LatencyFrames} frames: {samples.Length - _output.Count} samples are missing.");
        }

        _output.Read(samples);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        if (_effect is not null)
        {
            _effect.Reset();
            return;
        }

        _input.Clear();
        _output.Clear();
        _output.Append(LatencyFrames * _output.WaveFormat.Channels).Clear();
        _step = _connect!(_input) ?? throw new InvalidOperationException("There is no step.");
    }

    private void Pull(int count)
    {
        var room = _output.Append(count);
        var given = 0;
        while (given < count && _step!.Read(room[given..]) is var more and > 0)
            given += more;
        _output.Shorten(count - given);
    }
}
