using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Opus;

public class OpusCodecPoolTests
{
    private static readonly OpusEncoderOptions Options = new() { SampleRate = 16_000, Bitrate = 20_000 };

    [Fact]
    public void What_is_used_again_is_as_if_new()
    {
        using var pool = new OpusCodecPool(LibOpusCodec.Default);
        var (one, other) = (Signals.Voice(16_000, 16_000), Signals.Voice(32_000, 16_000)[16_000..]);
        Encode(pool, other, encoder => (encoder.Bitrate, encoder.PredictionDisabled) = (64_000, true));
        Assert.Equal(Encode(LibOpusCodec.Default, one), Encode(pool, one));

        var packets = Encode(pool, one);
        Decode(pool, Encode(pool, other), decoder => decoder.Gain = 512);
        Assert.Equal(Decode(LibOpusCodec.Default, packets), Decode(pool, packets));
    }

    [Fact]
    public void Other_bitrates_take_no_other_encoders_and_idle_ones_are_few()
    {
        var codec = new CountingCodec();
        using var pool = new OpusCodecPool(codec, maxIdle: 3);
        for (var bitrate = 6000; bitrate < 6100; bitrate++)
        {
            using var encoder = pool.CreateEncoder(Options with { Bitrate = bitrate });
            Assert.Equal(bitrate, encoder.Bitrate);
        }

        Assert.Equal((1, 0), (codec.Made, codec.Released));
        foreach (var complexity in Enumerable.Range(0, 10))
            pool.CreateEncoder(Options with { Complexity = complexity }).Dispose();
        Assert.Equal(3, codec.Made - codec.Released);
    }

    [Fact]
    public void Only_what_has_the_same_settings_is_used_again()
    {
        using var pool = new OpusCodecPool(LibOpusCodec.Default);
        pool.CreateEncoder(Options).Dispose();
        using var other = pool.CreateEncoder(Options with { Channels = 2 });
        Assert.Equal(2, other.Channels);
        pool.CreateDecoder(48_000, 1).Dispose();
        using var decoder = pool.CreateDecoder(8000, 2);
        Assert.Equal((8000, 2), (decoder.SampleRate, decoder.Channels));
    }

    [Fact]
    public void What_is_disposed_twice_is_kept_once_and_can_no_longer_be_used()
    {
        using var pool = new OpusCodecPool(LibOpusCodec.Default);
        var encoder = pool.CreateEncoder(Options);
        encoder.Dispose();
        encoder.Dispose();
        using var first = pool.CreateEncoder(Options);
        using var second = pool.CreateEncoder(Options);
        first.Bitrate = 30_000;
        Assert.Equal(20_000, second.Bitrate);
        Assert.Throws<ObjectDisposedException>(() => encoder.Reset());
    }

    [Fact]
    public void A_disposed_pool_gives_none_and_takes_what_is_out()
    {
        var pool = new OpusCodecPool(LibOpusCodec.Default);
        var encoder = pool.CreateEncoder(Options);
        pool.Dispose();
        Assert.NotEqual(0, encoder.Encode(new float[320], new byte[1500]));
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.CreateEncoder(Options));
    }

    private static byte[][] Encode(IOpusCodec codec, float[] pcm, Action<IOpusEncoder>? prepare = null)
    {
        using var encoder = codec.CreateEncoder(Options);
        prepare?.Invoke(encoder);
        var packet = new byte[1500];
        return [.. pcm.Chunk(encoder.FrameSize).Select(frame => packet[..encoder.Encode(frame, packet)])];
    }

    private static float[] Decode(IOpusCodec codec, byte[][] packets, Action<IOpusDecoder>? prepare = null)
    {
        using var decoder = codec.CreateDecoder(16_000, 1);
        prepare?.Invoke(decoder);
        var pcm = new float[320 * packets.Length];
        for (var i = 0; i < packets.Length; i++)
            decoder.Decode(packets[i], pcm.AsSpan(i * 320));
        return pcm;
    }
}
