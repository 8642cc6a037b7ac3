using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Where stretches that are decoded apart meet: decoders that take their time to converge.</summary>
public class DecodedStretchTests
{
    private const int Rate = OpusRates.Full;
    private const int PacketsPerSecond = 50;
    private const int Seconds = 30;
    private const int StretchSeconds = 5;
    private const int Seams = Seconds / StretchSeconds - 1;

    // The pre-roll is a second, and 100 ms of the same end it.
    private const int PreRoll = PacketsPerSecond;
    private const int Overlap = 5;

    [Theory]
    [InlineData(PreRoll - Overlap, 0)]
    [InlineData(PreRoll, Overlap)]
    [InlineData(PreRoll + 20, 20 + Overlap)]
    [InlineData(PreRoll + 100, 100 + Overlap)]
    [InlineData(PreRoll + 1000, StretchSeconds * PacketsPerSecond)]
    public void What_differs_is_decoded_again_until_it_is_the_same(int packetsToConverge, int again)
    {
        // A little shorter, so that the packet that makes up for the pre-skip begins no stretch.
        var file = Pcm.Encode(Signals.Voice(Seconds * Rate - Rate / 10), new AudioFormat(Rate, 1));
        var codec = new SlowDecoders(Pcm.PacketsOf(file)[0], packetsToConverge);
        using var one = new OpusAudioReader(new MemoryStream(file), codec);
        var expected = Pcm.ReadAll(one);
        var packets = codec.Decoded;

        codec.Decoded = 0;
        using var many = new ParallelOpusAudioReader(new MemoryStream(file), codec, maxDegreeOfParallelism: 2)
        {
            StretchLength = StretchSeconds * Rate,
        };
        Assert.Equal(expected, Pcm.ReadAll(many));
        Assert.Equal(again == 0 ? 0 : Seams, many.Repeats);
        again = Math.Min(Seams * again, packets - StretchSeconds * PacketsPerSecond);
        Assert.Equal(packets + Seams * PreRoll + again, codec.Decoded);
    }

    /// <summary>Decoders that are wrong for some packets, unless they hear the first one.</summary>
    private sealed class SlowDecoders(byte[] first, int packetsToConverge) : IOpusDecoderFactory
    {
        private readonly byte[] _first = first;
        private readonly int _packetsToConverge = packetsToConverge;
        private int _decoded;

        public string Name => "a decoder that converges slowly";

        public int Decoded
        {
            get => _decoded;
            set => _decoded = value;
        }

        public IOpusDecoder CreateDecoder(int sampleRate, int channels) => new Decoder(this);

        private sealed class Decoder(SlowDecoders all) : IOpusDecoder
        {
            private int _heard;

            public int SampleRate => Rate;

            public int Channels => 1;

            public short Gain { get; set; }

            public int Decode(ReadOnlySpan<byte> packet, Span<float> pcm)
            {
                Interlocked.Increment(ref all._decoded);
                if (packet.SequenceEqual(all._first))
                    _heard = all._packetsToConverge;
                var error = _heard++ < all._packetsToConverge ? 0.1f : 0;
                pcm[..(Rate / PacketsPerSecond)].Fill(packet.Length / 1000f + error);
                return Rate / PacketsPerSecond;
            }

            public int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm) => throw new NotSupportedException();

            public int Conceal(Span<float> pcm) => throw new NotSupportedException();

            public void Reset() => _heard = 0;

            public void Dispose()
            {
            }
        }
    }
}
