using VoiceKit.Opus;

namespace VoiceKit.Testing;

/// <summary>The decoder of <see cref="TestOpusCodec"/>.</summary>
internal sealed class TestOpusDecoder(int sampleRate, int channels) : IOpusDecoder
{
    private bool _isDisposed;

    public int SampleRate => sampleRate;

    public int Channels => channels;

    public short Gain { get; set; }

    public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var head = TestPacket.ReadHead(packet);
        var frames = head.Duration / (48_000 / sampleRate);
        if (pcm.Length < frames * channels)
            throw new ArgumentException("The buffer is smaller than the packet's duration.", nameof(pcm));
        pcm = pcm[..(frames * channels)];
        if (head.IsOurs)
            Expand(packet[head.Start..], head, pcm);
        else
            pcm.Clear();
        return frames;
    }

    public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm)
    {
        TestPacket.ReadHead(nextPacket);
        return Conceal(pcm);
    }

    public int Conceal(Span<float> pcm)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (pcm.Length % (sampleRate / 400 * channels) != 0 || pcm.Length > sampleRate * 3 / 25 * channels)
            throw new ArgumentException("The length is no multiple of 2.5 ms up to 120 ms.", nameof(pcm));
        pcm.Clear();
        return pcm.Length / channels;
    }

    public void Reset()
    {
    }

    public void Dispose() => _isDisposed = true;

    private void Expand(ReadOnlySpan<byte> data, in TestPacket.Head head, Span<float> pcm)
    {
        var gain = (float)Math.Pow(10, Gain / (20.0 * 256));
        var perFrame = TestPacket.SamplesOf(head.Frame);
        for (var frame = 0; frame < pcm.Length / channels; frame++)
        {
            var sample = frame * TestPacket.Rate / sampleRate;
            var at = sample * head.Channels + sample / perFrame + 1;
            var left = gain * TestPacket.Expand(data[at]);
            var right = gain * TestPacket.Expand(data[at + head.Channels - 1]);
            if (channels == 1)
                pcm[frame] = (left + right) / 2;
            else
                (pcm[2 * frame], pcm[2 * frame + 1]) = (left, right);
        }
    }
}
