using VoiceKit.Opus;

namespace VoiceKit.Testing;

/// <summary>The encoder of <see cref="TestOpusCodec"/>.</summary>
internal sealed class TestOpusEncoder(OpusEncoderOptions options) : IOpusEncoder
{
    private readonly int _duration = options.FrameSize * (48_000 / options.SampleRate);
    // The newest frames come with the next packet, as with a real encoder.
    private readonly float[] _delayed = new float[(LookaheadAt(options.SampleRate) + options.FrameSize) * options.Channels];
    private bool _isDisposed;

    public int SampleRate { get; } = options.SampleRate;

    public int Channels { get; } = options.Channels;

    public int FrameSize { get; } = options.FrameSize;

    public int Lookahead { get; } = LookaheadAt(options.SampleRate);

    public int? Bitrate
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? OpusEncoderOptions.MinBitrate, OpusEncoderOptions.MinBitrate);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? OpusEncoderOptions.MaxBitrate, OpusEncoderOptions.MaxBitrate);
            field = value;
        }
    } = options.Bitrate;

    public bool PredictionDisabled { get; set; } = options.PredictionDisabled;

    public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (pcm.Length != FrameSize * Channels)
            throw new ArgumentException("The PCM has another length.", nameof(pcm));
        var size = TestPacket.SizeOf(_duration, Channels);
        if (packet.Length < size)
            throw new ArgumentException("There is no room for the packet.", nameof(packet));
        pcm.CopyTo(_delayed.AsSpan(Lookahead * Channels));
        var at = TestPacket.WriteHead(_duration, Channels, packet);
        var samples = TestPacket.SamplesOf(_duration);
        var perFrame = Math.Min(samples, TestPacket.Rate / 50);
        for (var sample = 0; sample < samples; sample++)
        {
            if (sample % perFrame == 0)
                packet[at++] = TestPacket.Mark;
            for (var channel = 0; channel < Channels; channel++)
                packet[at++] = TestPacket.Compress(Average(_delayed, sample, channel));
        }

        _delayed.AsSpan(pcm.Length).CopyTo(_delayed);

        return size;
    }

    public void Reset() => Array.Clear(_delayed);

    public void Dispose() => _isDisposed = true;

    // 6.5 ms, as libopus has it.
    private static int LookaheadAt(int sampleRate) => sampleRate * 13 / 2_000;

    // What one sample at 8 kHz stands for.
    private float Average(ReadOnlySpan<float> pcm, int sample, int channel)
    {
        var first = sample * SampleRate / TestPacket.Rate;
        var end = Math.Max(first + 1, (sample + 1) * SampleRate / TestPacket.Rate);
        var sum = 0f;
        for (var frame = first; frame < end; frame++)
            sum += pcm[frame * Channels + channel];
        return sum / (end - first);
    }
}
