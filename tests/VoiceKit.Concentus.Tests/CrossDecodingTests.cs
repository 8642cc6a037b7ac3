using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Concentus.Tests;

/// <summary>What one codec encodes, the other decodes to the same sound.</summary>
public class CrossDecodingTests
{
    private static readonly IOpusCodec[] Codecs = [LibOpusCodec.Default, ConcentusCodec.Default];

    private static readonly OpusEncoderOptions Silk = new() { Bitrate = 12_000, Signal = OpusSignal.Voice };
    private static readonly OpusEncoderOptions Hybrid = new() { Bitrate = 28_000, Signal = OpusSignal.Voice };
    private static readonly OpusEncoderOptions Celt = new()
    {
        Bitrate = 64_000,
        Application = OpusApplication.RestrictedLowDelay,
    };

    [Fact]
    public void Both_decode_alike_in_every_mode_and_packet_duration()
    {
        foreach (var codec in Codecs)
        foreach (var mode in new[] { Silk, Hybrid, Celt })
        foreach (var (channels, duration) in new[] { (1, 10), (2, 20), (1, 60), (2, 100) })
        {
            var options = mode with { Channels = channels, PacketDuration = TimeSpan.FromMilliseconds(duration) };
            var packets = Encode(codec, options, seconds: 1);
            var by = Codecs.Select(decoder => Decode(decoder, packets, 48_000, channels)).ToArray();
            var ratio = Pcm.SignalToError(by[0], by[1]);
            Assert.True(ratio > 60, $"{codec.Name}, {ModesOf(packets)}, {channels} ch, {duration} ms: {ratio} dB");
        }
    }

    [Fact]
    public void Both_decode_alike_at_lower_rates()
    {
        foreach (var mode in new[] { Silk, Hybrid, Celt })
        foreach (var rate in new[] { 8000, 12_000, 16_000, 24_000 })
        {
            var packets = Encode(LibOpusCodec.Default, mode, seconds: 1);
            var by = Codecs.Select(decoder => Decode(decoder, packets, rate, 1)).ToArray();
            var ratio = Pcm.SignalToError(by[0], by[1]);

            // Hybrid packets are brought to the rate by a filter, which delays by 0.15 ms at most.
            var least = mode == Hybrid ? 10 : 60;
            Assert.True(ratio > least, $"{ModesOf(packets)}, {rate} Hz: {ratio} dB");
        }
    }

    // Once this fails, Concentus has been mended, and hybrid packets need no decoder at 48 kHz any more.
    [Fact]
    public void Concentus_by_itself_loses_the_voice_of_hybrid_packets_at_lower_rates()
    {
        var packets = Encode(LibOpusCodec.Default, Hybrid, seconds: 1);
        foreach (var rate in new[] { 8000, 12_000, 16_000, 24_000 })
        {
#pragma warning disable CS0618 // The factory might choose a native library.
            var bare = new global::Concentus.Structs.OpusDecoder(rate, 1);
#pragma warning restore CS0618
            var pcm = new float[5760];
            float[] heard = [.. packets.SelectMany(packet => pcm[..bare.Decode(packet, pcm, pcm.Length)])];
            var ratio = Pcm.SignalToError(Decode(LibOpusCodec.Default, packets, rate, 1), heard);
            Assert.True(ratio < 3, $"{ModesOf(packets)}, {rate} Hz: {ratio} dB");
        }
    }

    [Fact]
    public void Hybrid_that_comes_later_is_heard_at_a_lower_rate_without_a_break()
    {
        using var encoder = LibOpusCodec.Default.CreateEncoder(Silk);
        var pcm = Signals.Voice(48_000 * 2);
        var packets = pcm.Chunk(encoder.FrameSize).Select((frame, i) =>
        {
            encoder.Bitrate = i < 50 ? 12_000 : 28_000;
            var packet = new byte[OpusPacket.MaxEncodedSize];
            return packet[..encoder.Encode(frame, packet)];
        }).ToList();
        Assert.Equal([OpusMode.Silk, OpusMode.Hybrid], packets.Select(packet => new OpusToc(packet[0]).Mode).Distinct());
        var by = Codecs.Select(decoder => Decode(decoder, packets, 16_000, 1)).ToArray();
        Assert.True(Pcm.SignalToError(by[0], by[1]) > 16, $"{Pcm.SignalToError(by[0], by[1])} dB");
    }

    [Fact]
    public void Both_recover_lost_packets_alike()
    {
        foreach (var codec in Codecs)
        foreach (var rate in new[] { 16_000, 48_000 })
        {
            var options = Silk with { SampleRate = rate, Bitrate = 20_000, UseInBandFec = true, ExpectedPacketLoss = 30 };
            var packets = Encode(codec, options, seconds: 2);
            var by = Codecs.Select(decoder => DecodeWithLosses(decoder, packets, rate)).ToArray();
            var ratio = Pcm.SignalToError(by[0], by[1]);
            Assert.True(ratio > 40, $"{codec.Name}, {ModesOf(packets)}, {rate} Hz: {ratio} dB");
        }
    }

    [Fact]
    public void Both_decode_what_DTX_leaves_alike()
    {
        foreach (var codec in Codecs)
        foreach (var duration in new[] { 20, 60, 120 })
        {
            var pcm = Signals.Voice(16_000 * 3, 16_000);
            pcm.AsSpan(16_000, 16_000).Clear();
            var options = Silk with { SampleRate = 16_000, UseDtx = true, PacketDuration = TimeSpan.FromMilliseconds(duration) };
            var packets = Encode(codec, options, pcm);
            Assert.Contains(packets, packet => packet.Length <= 2);
            var by = Codecs.Select(decoder => Decode(decoder, packets, 16_000, 1)).ToArray();
            var ratio = Pcm.SignalToError(by[0], by[1]);
            Assert.True(ratio > 40, $"{codec.Name}, {duration} ms: {ratio} dB");
        }
    }

    [Fact]
    public async Task Message_of_Concentus_conforms_and_is_what_opusdec_hears()
    {
        using var folder = new TemporaryFolder();
        var pcm = Signals.Voice(100_123);
        var options = new VoiceEncodingOptions { Encoder = new OpusEncoderOptions { Application = OpusApplication.Audio } };
        var message = await VoiceMessage.EncodeAsync(pcm, new AudioFormat(48_000, 1), ConcentusCodec.Default, options);
        await message.SaveAsync(folder["a.opus"]);
        Assert.Equal(100_123, message.Info.Samples);
        Assert.Equal(ConcentusCodec.Default.Name, message.Tags.Vendor);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));

        var heard = Oracle.OpusDec(folder["a.opus"]);
        using var reader = message.OpenAudio(ConcentusCodec.Default);
        var decoded = Pcm.ReadAll(reader);
        Assert.Equal(100_123, decoded.Length);
        Assert.True(Pcm.SignalToError(heard, decoded) > 60, $"{Pcm.SignalToError(heard, decoded)} dB");
        Assert.True(Pcm.SignalToError(pcm, decoded) > 6, $"{Pcm.SignalToError(pcm, decoded)} dB");
    }

    private static List<byte[]> Encode(IOpusCodec codec, OpusEncoderOptions options, int seconds) =>
        Encode(codec, options, Signals.Voice(options.SampleRate * seconds, options.SampleRate, options.Channels));

    private static List<byte[]> Encode(IOpusCodec codec, OpusEncoderOptions options, float[] pcm)
    {
        using var encoder = codec.CreateEncoder(options);
        var buffer = new byte[OpusPacket.MaxEncodedSize];
        var size = encoder.FrameSize * encoder.Channels;
        return [.. pcm.Chunk(size).Where(frame => frame.Length == size).Select(frame => buffer[..encoder.Encode(frame, buffer)])];
    }

    private static float[] Decode(IOpusCodec codec, List<byte[]> packets, int rate, int channels)
    {
        using var decoder = codec.CreateDecoder(rate, channels);
        var pcm = new float[5760 * channels];
        return [.. packets.SelectMany(packet => pcm[..(decoder.Decode(packet, pcm) * channels)])];
    }

    // One in five is lost, by turns recovered from the next and made up.
    private static float[] DecodeWithLosses(IOpusCodec codec, List<byte[]> packets, int rate)
    {
        using var decoder = codec.CreateDecoder(rate, 1);
        var pcm = new float[rate / 50];
        var all = new List<float>();
        for (var i = 0; i < packets.Count; i++)
        {
            if (i % 5 != 3 || i + 1 == packets.Count)
                decoder.Decode(packets[i], pcm);
            else if (i % 10 == 3)
                decoder.DecodeFec(packets[i + 1], pcm);
            else
                decoder.Conceal(pcm);
            all.AddRange(pcm);
        }

        return [.. all];
    }

    private static string ModesOf(List<byte[]> packets) =>
        string.Join(", ", packets.Select(packet => new OpusToc(packet[0]).Mode).Distinct());
}
