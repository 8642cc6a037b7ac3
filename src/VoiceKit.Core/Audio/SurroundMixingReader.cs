namespace VoiceKit.Audio;

/// <summary>
/// Makes mono or stereo of a file's surround sound, in the order of WAV: of 3, 5, 6, 7 or 8 channels, by ITU-R BS.775-4, table 2.
/// Speech stands in the centre, which an average of all channels would make faint; the LFE channel is left out.
/// </summary>
/// <remarks>The weights are scaled such that their sum is 1, so that nothing gets louder than full scale.</remarks>
internal sealed class SurroundMixingReader : IAudioReader
{
    private const int BlockFrames = 1024;
    private const float Half = 0.70710678f; // −3 dB.

    // What each channel adds to the left (or, mirrored, to the right): L R C LFE and then the surrounds.
    private static readonly float[] Three = [1, 0, Half];
    private static readonly float[] Five = [1, 0, Half, Half, 0];
    private static readonly float[] Six = [1, 0, Half, 0, Half, 0];
    private static readonly float[] Seven = [1, 0, Half, 0, 0.5f, Half, 0]; // A back centre, and the sides.
    private static readonly float[] Eight = [1, 0, Half, 0, Half, 0, Half, 0];

    private readonly IAudioReader _source;
    private readonly bool _leaveOpen;
    private readonly float[] _left;
    private readonly float[] _right;
    private readonly float[] _block;

    /// <summary>Creates a reader over another.</summary>
    public SurroundMixingReader(IAudioReader source, int channels, bool leaveOpen)
    {
        _source = source;
        _leaveOpen = leaveOpen;
        var left = WeightsOf(source.Format.Channels)!;
        var right = Mirror(left);
        if (channels == 1)
            left = [.. left.Zip(right, (one, other) => (one + other) / 2)];
        _left = Scale(left);
        _right = Scale(right);
        _block = new float[BlockFrames * source.Format.Channels];
        Format = new AudioFormat(source.Format.SampleRate, channels);
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public long? FrameCount => _source.FrameCount;

    /// <summary>Whether a number of channels is a layout with a centre, to be mixed to fewer.</summary>
    public static bool Takes(int inputChannels, int channels) => channels <= 2 && WeightsOf(inputChannels) is not null;

    /// <inheritdoc/>
    public int Read(Span<float> buffer)
    {
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer is smaller than one frame.", nameof(buffer));
        var inputs = _left.Length;
        var wanted = Math.Min(BlockFrames, buffer.Length / Format.Channels);
        var frames = _source.Read(_block.AsSpan(0, wanted * inputs)) / inputs;
        for (var i = 0; i < frames; i++)
        {
            var frame = _block.AsSpan(i * inputs, inputs);
            if (Format.Channels == 1)
                buffer[i] = Sum(frame, _left);
            else
                (buffer[2 * i], buffer[2 * i + 1]) = (Sum(frame, _left), Sum(frame, _right));
        }

        return frames * Format.Channels;
    }

    public void Dispose()
    {
        if (!_leaveOpen)
            _source.Dispose();
    }

    private static float Sum(ReadOnlySpan<float> frame, float[] weights)
    {
        float sum = 0;
        for (var channel = 0; channel < weights.Length; channel++)
            sum += frame[channel] * weights[channel];
        return sum;
    }

    private static float[]? WeightsOf(int channels) => channels switch
    {
        3 => Three,
        5 => Five,
        6 => Six,
        7 => Seven,
        8 => Eight,
        _ => null,
    };

    // Left and right, and each pair of surrounds, change sides. The pairs stand at the end, behind the LFE channel if there is
    // one.
    private static float[] Mirror(float[] left)
    {
        float[] right = [.. left];
        (right[0], right[1]) = (left[1], left[0]);
        var surrounds = left.Length == Five.Length ? 3 : 4;
        for (var channel = left.Length - 1; channel > surrounds; channel -= 2)
            (right[channel], right[channel - 1]) = (left[channel - 1], left[channel]);
        return right;
    }

    private static float[] Scale(float[] weights)
    {
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
