using VoiceKit.Opus;

namespace VoiceKit.Fuzz;

/// <summary>Decodes with the managed decoder, and encodes all to silence, which costs nothing.</summary>
internal sealed class SilentCodec : IOpusCodec
{
    public string Name => "silent";

    public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => new SilentEncoder(options);

    public IOpusDecoder CreateDecoder(int sampleRate, int channels) =>
        ManagedOpusCodec.Default.CreateDecoder(sampleRate, channels);

    private sealed class SilentEncoder(OpusEncoderOptions options) : IOpusEncoder
    {
        // CELT, full band, 20 ms; a frame that is told by its length of zero bytes only.
        private readonly byte _toc = (byte)(options.Channels == 2 ? 0xFC : 0xF8);

        public int SampleRate => options.SampleRate;

        public int Channels => options.Channels;

        public int FrameSize => options.SampleRate / 50;

        public int Lookahead => options.SampleRate / 400;

        public int? Bitrate { get; set; }

        public bool PredictionDisabled { get; set; }

        public int Encode(ReadOnlySpan<float> pcm, Span<byte> packet)
        {
            packet[0] = _toc;
            return 1;
        }

        public void Reset()
        {
        }

        public void Dispose()
        {
        }
    }
}
