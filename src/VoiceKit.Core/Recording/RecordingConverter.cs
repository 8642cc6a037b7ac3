using VoiceKit.Audio;

namespace VoiceKit.Recording;

/// <summary>Brings what one input gives to the rate and the channels of the message. Allocates nothing once it is made.</summary>
internal sealed class RecordingConverter
{
    private readonly int _outputChannels;
    private readonly Resampler _resampler;
    private readonly float[] _mixed;
    private readonly float[] _output;

    public RecordingConverter(AudioFormat input, AudioFormat output)
    {
        Input = input;
        _outputChannels = output.Channels;
        ChunkSize = Math.Max(1, input.SampleRate / 50) * input.Channels;
        _resampler = new Resampler(input.SampleRate, output.SampleRate, output.Channels);
        _mixed = new float[ChunkSize / input.Channels * output.Channels];
        _output = new float[MaxPieceOf(output)];
    }

    /// <summary>The format that it takes.</summary>
    public AudioFormat Input { get; }

    /// <summary>The most samples that <see cref="Add"/> takes at once.</summary>
    public int ChunkSize { get; }

    /// <summary>The most samples of output that come at once.</summary>
    public static int MaxPieceOf(AudioFormat output) => Math.Max(1, output.SampleRate / 50) * output.Channels;

    /// <summary>Takes input.</summary>
    /// <param name="samples">Whole frames, at most <see cref="ChunkSize"/> samples.</param>
    public Pass Add(ReadOnlySpan<float> samples)
    {
        var mixed = _mixed.AsSpan(0, samples.Length / Input.Channels * _outputChannels);
        ChannelMixer.Mix(samples, Input.Channels, mixed, _outputChannels);
        return new Pass(_resampler, mixed, _output);
    }

    /// <summary>Gives what is left in the resampler, and begins anew: call it until it gives nothing.</summary>
    public Span<float> Flush()
    {
        var rest = _output.AsSpan(0, _resampler.Flush(_output));
        if (rest.IsEmpty)
            _resampler.Reset();
        return rest;
    }

    /// <summary>The output that some input makes, piece by piece.</summary>
    public ref struct Pass(Resampler resampler, ReadOnlySpan<float> input, Span<float> output)
    {
        private ReadOnlySpan<float> _input = input;
        private readonly Span<float> _output = output;

        /// <summary>The next piece; valid until the one after it.</summary>
        public Span<float> Current { get; private set; }

        public bool MoveNext()
        {
            resampler.Process(_input, _output, out var consumed, out var produced);
            _input = _input[consumed..];
            Current = _output[..produced];
            return produced > 0;
        }

        public readonly Pass GetEnumerator() => this;
    }
}
