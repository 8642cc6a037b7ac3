using VoiceKit.Opus;

namespace VoiceKit.Tests.Codecs;

/// <summary>What every codec must do.</summary>
public abstract class OpusCodecTests(IOpusCodec codec)
{
    private static readonly double[] Durations = [2.5, 5, 10, 20, 40, 60, 80, 100, 120];

    protected IOpusCodec Codec => codec;

    public static TheoryData<int, int, double, OpusApplication> AllFormats
    {
        get
        {
            var data = new TheoryData<int, int, double, OpusApplication>();
            foreach (var rate in new[] { 8000, 12_000, 16_000, 24_000, 48_000 })
            foreach (var channels in new[] { 1, 2 })
            foreach (var duration in Durations)
            foreach (var application in Enum.GetValues<OpusApplication>())
                data.Add(rate, channels, duration, application);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllFormats))]
    public void Every_format_encodes_and_decodes_to_the_same_tone(
        int rate, int channels, double milliseconds, OpusApplication application)
    {
        var options = new OpusEncoderOptions
        {
            SampleRate = rate,
            Channels = channels,
            PacketDuration = TimeSpan.FromMilliseconds(milliseconds),
            Application = application,
            Bitrate = 64_000,
            Complexity = 5,
        };
        using var encoder = Codec.CreateEncoder(options);
        using var decoder = Codec.CreateDecoder(rate, channels);
        Assert.Equal((int)(rate * milliseconds / 1000), encoder.FrameSize);
        Assert.InRange(encoder.Lookahead, rate / 400, rate / 100);

        var input = Tone(rate, channels, encoder.FrameSize * (int)Math.Ceiling(600 / milliseconds));
        var output = new List<float>();
        var packet = new byte[OpusPacket.MaxEncodedSize];
        var pcm = new float[encoder.FrameSize * channels];
        for (var at = 0; at < input.Length; at += pcm.Length)
        {
            var length = encoder.Encode(input.AsSpan(at, pcm.Length), packet);
            var parsed = OpusPacket.Parse(packet.AsSpan(0, length));
            Assert.Equal((int)(48 * milliseconds), parsed.Duration);
            Assert.Equal(encoder.FrameSize, decoder.Decode(packet.AsSpan(0, length), pcm));
            output.AddRange(pcm);
        }

        // After the codec has settled, what comes out is what went in, later by the look-ahead. Tuned for speech, the encoder has
        // a high-pass filter, which turns the phase of the tone.
        var alike = application == OpusApplication.Voip ? 0.9 : 0.95;
        var skip = rate / 4 * channels;
        var delay = encoder.Lookahead * channels;
        Assert.True(Correlation(input.AsSpan(skip, skip), output.ToArray().AsSpan(skip + delay, skip)) > alike);
    }

    [Fact]
    public void Settings_reach_the_encoder()
    {
        Assert.All(
            Sizes(new OpusEncoderOptions { BitrateMode = OpusBitrateMode.Constant, Bitrate = 32_000 }), size =>
                Assert.Equal(80, size));
        Assert.True(
            Sizes(new OpusEncoderOptions { Bitrate = 64_000 }).Sum() > 2 * Sizes(
                new OpusEncoderOptions { Bitrate = 12_000 }).Sum());
        Assert.All(
            Packets(new OpusEncoderOptions { MaxBandwidth = OpusBandwidth.Narrowband }),
            packet => Assert.Equal(OpusBandwidth.Narrowband, new OpusToc(packet[0]).Bandwidth));
        Assert.All(
            Packets(new OpusEncoderOptions { Application = OpusApplication.RestrictedLowDelay }),
            packet => Assert.Equal(OpusMode.Celt, new OpusToc(packet[0]).Mode));
        Assert.Contains(OpusMode.Silk, ModesOf(new OpusEncoderOptions { Signal = OpusSignal.Voice, Bitrate = 12_000 }));
        Assert.DoesNotContain(
            OpusMode.Silk,
            ModesOf(new OpusEncoderOptions { Signal = OpusSignal.Music, Application = OpusApplication.Audio, Bitrate = 64_000 }));
        Assert.NotEqual(Packets(new OpusEncoderOptions()), Packets(new OpusEncoderOptions { PredictionDisabled = true }));
        Assert.NotEqual(Packets(new OpusEncoderOptions { Complexity = 0 }), Packets(new OpusEncoderOptions { Complexity = 10 }));
        Assert.NotEqual(
            Packets(
                new OpusEncoderOptions
                {
                    BitrateMode = OpusBitrateMode.Variable,
                    Bitrate = 64_000,
                    Application = OpusApplication.Audio,
                }),
            Packets(
                new OpusEncoderOptions
                {
                    BitrateMode = OpusBitrateMode.ConstrainedVariable,
                    Bitrate = 64_000,
                    Application = OpusApplication.Audio,
                }));
    }

    [Fact]
    public void Bitrate_and_prediction_change_while_encoding()
    {
        using var encoder = Codec.CreateEncoder(
            new OpusEncoderOptions { BitrateMode = OpusBitrateMode.Constant, Bitrate = 32_000 });
        var packet = new byte[OpusPacket.MaxEncodedSize];
        var pcm = Tone(48_000, 1, encoder.FrameSize);
        Assert.Equal(80, encoder.Encode(pcm, packet));
        encoder.Bitrate = 16_000;
        encoder.PredictionDisabled = true;
        Assert.Equal(40, encoder.Encode(pcm, packet));
        Assert.Equal((16_000, true), (encoder.Bitrate!.Value, encoder.PredictionDisabled));
        encoder.Bitrate = null;
        encoder.Encode(pcm, packet);
        Assert.Null(encoder.Bitrate);
        Assert.Throws<ArgumentOutOfRangeException>(() => encoder.Bitrate = 100);
    }

    [Fact]
    public void Silence_under_DTX_takes_next_to_nothing()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions { SampleRate = 16_000, UseDtx = true });
        var packet = new byte[OpusPacket.MaxEncodedSize];
        var sizes = Enumerable.Range(0, 100).Select(_ => encoder.Encode(new float[encoder.FrameSize], packet)).ToList();
        Assert.Contains(sizes, size => size <= 2);
    }

    [Fact]
    public void Reset_makes_an_encoder_and_a_decoder_as_new()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions());
        var input = Tone(48_000, 1, encoder.FrameSize * 3);
        var first = Encode(encoder, input);
        encoder.Reset();
        Assert.Equal(first, Encode(encoder, input));

        using var decoder = Codec.CreateDecoder(48_000, 1);
        var once = Decode(decoder, first);
        decoder.Reset();
        Assert.Equal(once, Decode(decoder, first));
    }

    [Fact]
    public void Lost_packet_is_recovered_from_the_next_one_and_better_than_concealed()
    {
        var options = new OpusEncoderOptions
        {
            UseInBandFec = true,
            ExpectedPacketLoss = 30,
            SampleRate = 16_000,
            Bitrate = 32_000,
        };
        using var encoder = Codec.CreateEncoder(options);
        // The pitch jumps with the lost packet, so that what came before does not tell what is in it.
        var input = Glide(16_000, encoder.FrameSize * 50);
        Glide(16_000, encoder.FrameSize * 140).AsSpan(encoder.FrameSize * 120).CopyTo(input.AsSpan(encoder.FrameSize * 30));
        var packets = Encode(encoder, input);
        var whole = new float[encoder.FrameSize];
        var fec = new float[encoder.FrameSize];
        var concealed = new float[encoder.FrameSize];
        using var decoder = Codec.CreateDecoder(16_000, 1);
        using var fecDecoder = Codec.CreateDecoder(16_000, 1);
        using var plcDecoder = Codec.CreateDecoder(16_000, 1);
        for (var i = 0; i < 30; i++)
        {
            decoder.Decode(packets[i], whole);
            fecDecoder.Decode(packets[i], whole);
            plcDecoder.Decode(packets[i], whole);
        }

        decoder.Decode(packets[30], whole);
        Assert.Equal(encoder.FrameSize, fecDecoder.DecodeFec(packets[31], fec));
        Assert.Equal(encoder.FrameSize, plcDecoder.Conceal(concealed));
        Assert.True(Correlation(whole, fec) > Correlation(whole, concealed));
        Assert.True(Correlation(whole, fec) > 0.8);
    }

    [Fact]
    public void Constant_bitrate_gives_packets_of_one_size_whatever_their_duration()
    {
        foreach (var duration in Durations)
        {
            var options = new OpusEncoderOptions
            {
                BitrateMode = OpusBitrateMode.Constant,
                Bitrate = 32_000,
                PacketDuration = TimeSpan.FromMilliseconds(duration),
            };
            using var encoder = Codec.CreateEncoder(options);
            var packets = Encode(encoder, Glide(48_000, encoder.FrameSize * 12));
            Assert.All(packets, packet => Assert.Equal((duration, (int)(4 * duration)), (duration, packet.Length)));
        }
    }

    [Fact]
    public void What_DTX_leaves_out_is_concealed_and_the_voice_comes_back()
    {
        foreach (var duration in Durations)
        {
            var options = new OpusEncoderOptions
            {
                SampleRate = 16_000, UseDtx = true, PacketDuration = TimeSpan.FromMilliseconds(duration), Bitrate = 16_000,
            };
            using var encoder = Codec.CreateEncoder(options);
            using var decoder = Codec.CreateDecoder(16_000, 1);
            var packets = (int)(2400 / duration);
            var input = Glide(16_000, encoder.FrameSize * packets);
            input.AsSpan(encoder.FrameSize * packets / 4, encoder.FrameSize * packets / 2).Clear();
            var output = Decode(decoder, Encode(encoder, input), encoder.FrameSize);
            Assert.Equal(input.Length, output.Length);
            Assert.True(
                Energy(output.AsSpan(input.Length / 2, input.Length / 8)) < 1e-3 * Energy(input.AsSpan(0, input.Length / 8)));
            Assert.True(Energy(output.AsSpan(input.Length * 7 / 8)) > 0.3 * Energy(input.AsSpan(input.Length * 7 / 8)));
        }
    }

    [Fact]
    public void Any_lost_time_is_concealed_in_every_mode_and_before_the_first_packet()
    {
        OpusEncoderOptions[] modes =
        [
            new() { Bitrate = 12_000, Signal = OpusSignal.Voice },
            new() { Bitrate = 32_000, Signal = OpusSignal.Voice },
            new() { Bitrate = 64_000, Application = OpusApplication.RestrictedLowDelay },
        ];
        foreach (var options in modes)
        {
            var packets = Packets(options);
            using var decoder = Codec.CreateDecoder(48_000, 2);
            var pcm = new float[5760 * 2];
            for (var units = 1; units <= 48; units++)
            {
                var lost = pcm.AsSpan(0, units * 240);
                Assert.Equal(units * 120, units % 2 == 0 ? decoder.Conceal(lost) : decoder.DecodeFec(packets[units], lost));
                Assert.Equal(960, decoder.Decode(packets[units], pcm));
                Assert.All(pcm[..1920], sample => Assert.InRange(sample, -1.5f, 1.5f));
            }
        }
    }

    [Fact]
    public void Reset_leaves_the_settings_as_they_are()
    {
        var options = new OpusEncoderOptions
        {
            BitrateMode = OpusBitrateMode.Constant, Bitrate = 32_000, MaxBandwidth = OpusBandwidth.Narrowband,
        };
        using var encoder = Codec.CreateEncoder(options);
        encoder.Bitrate = 16_000;
        encoder.Reset();
        Assert.All(
            Encode(encoder, Glide(48_000, encoder.FrameSize * 20)),
            packet => Assert.Equal((40, OpusBandwidth.Narrowband), (packet.Length, new OpusToc(packet[0]).Bandwidth)));

        using var decoder = Codec.CreateDecoder(48_000, 1);
        decoder.Gain = -512;
        decoder.Reset();
        Assert.Equal(-512, decoder.Gain);
    }

    [Fact]
    public void Any_bits_in_a_well_formed_packet_are_some_sound()
    {
        var random = new Random(7);
        using var decoder = Codec.CreateDecoder(48_000, 2);
        var pcm = new float[5760 * 2];
        for (var i = 0; i < 3000; i++)
        {
            // Frames that are empty, short and long, of one packet or another.
            var packet =
                new byte[1 + random.Next(4) switch { 0 => 0, 1 => random.Next(4), 2 => random.Next(60), _ => random.Next(1275) }];
            random.NextBytes(packet);
            packet[0] &= 0b1111_1100;
            var frames = new OpusToc(packet[0]).FrameDuration;
            Assert.Equal(frames, decoder.Decode(packet, pcm));
            Assert.DoesNotContain(pcm[..(frames * 2)], float.IsNaN);
            if (i % 5 == 0)
                Assert.Equal(frames, decoder.DecodeFec(packet, pcm.AsSpan(0, frames * 2)));
        }
    }

    [Fact]
    public void Frames_of_a_packet_that_were_not_sent_are_concealed_among_those_that_were()
    {
        var packets = Packets(new OpusEncoderOptions { Bitrate = 16_000, Signal = OpusSignal.Voice });
        var repacketizer = new OpusRepacketizer();
        var toc = packets[20][0];
        byte[] nothing = [(byte)(toc & ~3)];
        Assert.All((byte[][])[packets[20], nothing, packets[22]], packet => Assert.True(repacketizer.TryAdd(packet)));
        var joined = new byte[OpusRepacketizer.MaxSize];
        joined = joined[..repacketizer.Write(joined)];

        using var decoder = Codec.CreateDecoder(48_000, 1);
        using var single = Codec.CreateDecoder(48_000, 1);
        Decode(decoder, packets[..20]);
        Decode(single, packets[..20]);
        var pcm = new float[2880];
        Assert.Equal(2880, decoder.Decode(joined, pcm));
        Assert.Equal(Decode(single, [packets[20], nothing, packets[22]]), pcm);
    }

    [Fact]
    public void Gain_scales_the_output()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions());
        var packets = Encode(encoder, Tone(48_000, 1, encoder.FrameSize * 5));
        using var plain = Codec.CreateDecoder(48_000, 1);
        using var quieter = Codec.CreateDecoder(48_000, 1);
        quieter.Gain = -6 * 256;
        Assert.Equal(-6 * 256, quieter.Gain);
        var expected = Decode(plain, packets);
        var actual = Decode(quieter, packets);
        var ratio = Math.Sqrt(actual.Sum(x => x * x) / expected.Sum(x => x * x));
        Assert.Equal(Math.Pow(10, -6 / 20.0), ratio, 3);
    }

    [Fact]
    public void Malformed_packet_is_refused_and_leaves_the_decoder_usable()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions());
        var packet = Encode(encoder, Tone(48_000, 1, encoder.FrameSize))[0];
        using var decoder = Codec.CreateDecoder(48_000, 1);
        var pcm = new float[5760];
        Assert.Throws<VoiceFormatException>(() => decoder.Decode([], pcm));
        Assert.Throws<VoiceFormatException>(() => decoder.Decode([0x49, 1], pcm));
        Assert.Throws<VoiceFormatException>(() => decoder.DecodeFec([0x4B, 0], pcm.AsSpan(0, 960)));
        Assert.Throws<ArgumentException>(() => decoder.Decode(packet, pcm.AsSpan(0, 959)));
        Assert.Throws<ArgumentException>(() => decoder.Conceal([]));
        Assert.Throws<ArgumentException>(() => decoder.Conceal(pcm.AsSpan(0, 121)));
        Assert.Equal(960, decoder.Decode(packet, pcm));
    }

    [Fact]
    public void Wrong_sizes_and_formats_are_refused()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions());
        Assert.Throws<ArgumentException>(() => encoder.Encode(new float[959], new byte[100]));
        Assert.Throws<ArgumentException>(() => encoder.Encode(new float[960], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codec.CreateDecoder(44_100, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Codec.CreateDecoder(48_000, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoderOptions { SampleRate = 44_100 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoderOptions { Channels = 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoderOptions { Bitrate = 499 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoderOptions { Complexity = 11 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoderOptions { ExpectedPacketLoss = 101 });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(30) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OpusEncoderOptions { Application = (OpusApplication)3 });
    }

    [Fact]
    public void Disposed_codecs_refuse()
    {
        var encoder = Codec.CreateEncoder(new OpusEncoderOptions());
        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(new float[960], new byte[100]));
        Assert.Throws<ObjectDisposedException>(() => encoder.Reset());
        Assert.Throws<ObjectDisposedException>(() => encoder.Bitrate = 16_000);

        var decoder = Codec.CreateDecoder(48_000, 1);
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode([0x48], new float[960]));
        Assert.Throws<ObjectDisposedException>(() => decoder.Conceal(new float[960]));
        Assert.Throws<ObjectDisposedException>(() => decoder.Gain = 1);
    }

    [Fact]
    public void Two_threads_in_one_encoder_get_packets_or_exceptions_and_never_a_crash()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions { Complexity = 10 });
        var pcm = Tone(48_000, 1, encoder.FrameSize);
        var refused = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            var packet = new byte[OpusPacket.MaxEncodedSize];
            for (var i = 0; i < 2000 && Volatile.Read(ref refused) < 50; i++)
            {
                try
                {
                    Assert.InRange(encoder.Encode(pcm, packet), 1, packet.Length);
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.NotEqual(0, refused);
    }

    protected List<byte[]> Packets(OpusEncoderOptions options)
    {
        using var encoder = Codec.CreateEncoder(options);
        return Encode(encoder, Glide(48_000, encoder.FrameSize * 50));
    }

    private IEnumerable<int> Sizes(OpusEncoderOptions options) => Packets(options).Select(packet => packet.Length);

    private IEnumerable<OpusMode> ModesOf(OpusEncoderOptions options) =>
        Packets(options).Skip(10).Select(packet => new OpusToc(packet[0]).Mode);

    protected static List<byte[]> Encode(IOpusEncoder encoder, float[] input)
    {
        var buffer = new byte[OpusPacket.MaxEncodedSize];
        return [.. input.Chunk(encoder.FrameSize).Select(frame => buffer[..encoder.Encode(frame, buffer)])];
    }

    protected static float[] Decode(IOpusDecoder decoder, IEnumerable<byte[]> packets, int frameSize = 960)
    {
        var pcm = new float[frameSize * decoder.Channels];
        return [.. packets.SelectMany(packet =>
        {
            decoder.Decode(packet, pcm);
            return pcm.ToArray();
        })];
    }

    protected static float[] Tone(int rate, int channels, int frames) =>
        [.. Enumerable.Range(0, frames * channels).Select(i => 0.4f * MathF.Sin(2 * MathF.PI * 440 * (i / channels) / rate))];

    protected static float[] Glide(int rate, int frames) =>
        [.. Enumerable.Range(0, frames).Select(i =>
        {
            var t = (double)i / rate;
            var phase = 2 * Math.PI * (150 * t + 60 * t * t);
            return (float)(0.15 * (Math.Sin(phase) + Math.Sin(2 * phase) + 0.7 * Math.Sin(5 * phase)));
        })];

    protected static double Energy(ReadOnlySpan<float> samples)
    {
        var energy = 0.0;
        foreach (var sample in samples)
            energy += sample * sample;
        return energy;
    }

    protected static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }

        return ab / Math.Sqrt(aa * bb + 1e-20);
    }
}
