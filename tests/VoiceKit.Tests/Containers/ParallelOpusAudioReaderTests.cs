using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests.Containers;

public class ParallelOpusAudioReaderTests
{
    private const int Rate = OpusRates.Full;
    private const float Tolerance = 1e-4f; // -80 dBFS

    // Noise that a decoder makes up in pauses.
    private const float NoiseTolerance = 1e-2f;

    [Theory]
    [InlineData(OpusApplication.Voip, 12_000, 20)]
    [InlineData(OpusApplication.Voip, 24_000, 60)]
    [InlineData(OpusApplication.Audio, 64_000, 2.5)]
    public void It_gives_what_one_decoder_gives_to_80_decibels(OpusApplication application, int bitrate, double milliseconds)
    {
        var options = new OpusEncoderOptions
        {
            Application = application,
            Bitrate = bitrate,
            Complexity = 3,
            PacketDuration = TimeSpan.FromMilliseconds(milliseconds),
        };
        var file = Encode(Sounds.Speech[..(60 * Rate)], options);
        foreach (var rate in new[] { Rate, 16_000 })
        {
            var expected = Decode(file, rate);
            Pcm.AssertClose($"{rate} Hz", expected, DecodeParallel(file, rate, degree: 3, length: 2 * Rate), Tolerance);
        }
    }

    [Fact]
    public void A_decoder_that_has_not_converged_is_replaced_by_the_one_before()
    {
        var file = Encode(Sounds.Speech[..(30 * Rate)], new OpusEncoderOptions { Complexity = 3 });
        using var reader = OpenShort(file, 1);
        Pcm.AssertClose("200 ms of pre-roll", Decode(file, Rate), Pcm.ReadAll(reader), Tolerance);
        Assert.InRange(reader.Repeats, 1, 29);
    }

    [Theory]
    [InlineData(WavSampleFormat.Pcm8, 1)]
    [InlineData(WavSampleFormat.Pcm16, 1)]
    [InlineData(WavSampleFormat.Pcm16, 2)]
    [InlineData(WavSampleFormat.Pcm24, 2)]
    [InlineData(WavSampleFormat.Float32, 1)]
    public void A_WAV_file_of_it_has_the_samples_that_it_gives(WavSampleFormat format, int channels)
    {
        var file = Encode(Sounds.Speech[..(20 * Rate)], new OpusEncoderOptions { Complexity = 3 });
        using var floats = OpenShort(file, channels);
        using var encoded = OpenShort(file, channels);
        var expected = WriteWav(new PcmReader(Pcm.ReadAll(floats), floats.Format), format);
        Assert.Equal(expected, WriteWav(encoded, format));
        Assert.InRange(encoded.Repeats, 1, 19);
    }

    [Fact]
    public void A_WAV_file_of_the_rest_begins_where_reading_stopped()
    {
        var file = Encode(Sounds.Speech[..(5 * Rate)], new OpusEncoderOptions { Complexity = 3 });
        using var whole = OpenShort(file, 1);
        using var begun = OpenShort(file, 1);
        var read = begun.Read(new float[1000]);
        var rest = Pcm.ReadAll(whole).AsMemory(read);
        Assert.Equal(WriteWav(new PcmReader(rest, whole.Format), WavSampleFormat.Pcm16), WriteWav(begun, WavSampleFormat.Pcm16));
    }

    [Theory]
    [InlineData(OpusContainer.Ogg)]
    [InlineData(OpusContainer.WebM)]
    [InlineData(OpusContainer.Mp4)]
    [InlineData(OpusContainer.Caf)]
    public void Each_third_file_of_the_corpus_decodes_as_by_one_decoder(OpusContainer container)
    {
        foreach (var name in Corpus.NamesOf(container).Where((_, i) => i % 3 == 0))
        {
            var file = Corpus.Get(name);
            var expected = Decode(file.Data, Rate);
            var makesNoise = file.Name.EndsWith("(pauses)", StringComparison.Ordinal);
            var actual = DecodeParallel(file.Data, Rate, 2, length: Rate / 2);
            Pcm.AssertClose(file.Name, expected, actual, makesNoise ? NoiseTolerance : Tolerance);
        }
    }

    [Fact]
    public void Losses_are_concealed_and_listed_as_by_one_decoder()
    {
        var file = Encode(Sounds.Speech[..(40 * Rate)], new OpusEncoderOptions { Complexity = 3 });
        var random = new Random(12);
        for (var round = 0; round < 6; round++)
        {
            var damaged = file.ToArray();
            for (var i = 0; i < 5; i++)
                random.NextBytes(damaged.AsSpan(random.Next(300, damaged.Length - 40), 40));
            using var one = new OpusAudioReader(new MemoryStream(damaged), LibOpusCodec.Default);
            using var many = Open(damaged, Rate, 3, length: 2 * Rate);
            var (expected, actual) = (Pcm.ReadAll(one), Pcm.ReadAll(many));
            Assert.Equal(expected.Length, actual.Length);
            // Half a minute is heard, and what is made up for the seconds that are lost has another noise in it.
            Assert.InRange(Pcm.SignalToError(expected, actual), 30, 1000);
            Assert.NotEmpty(one.Defects);
            Assert.Equal(one.Defects, many.Defects);
        }
    }

    [Fact]
    public void Links_are_decoded_each_by_its_own_header()
    {
        var (mono, stereo) = (Signals.Voice(3 * Rate), Signals.Voice(4 * Rate, channels: 2));
        using var chain = new MemoryStream();
        OpusEditor.Join(
            [
                new MemoryStream(Pcm.Encode(mono, new AudioFormat(Rate, 1))),
                new MemoryStream(Pcm.Encode(stereo, new AudioFormat(Rate, 2))),
                new MemoryStream(Pcm.Encode(mono, new AudioFormat(Rate, 1))),
            ],
            chain);
        var expected = Decode(chain.ToArray(), Rate);
        foreach (var length in new[] { Rate / 10, 3 * Rate, 20 * Rate })
            Pcm.AssertClose($"stretches of {length}", expected, DecodeParallel(chain.ToArray(), Rate, 2, length), Tolerance);
    }

    [Fact]
    public void A_strict_reader_gives_what_is_before_the_defect_and_then_throws()
    {
        var file = Encode(Sounds.Speech[..(20 * Rate)], new OpusEncoderOptions { Complexity = 3 });
        file[file.Length / 2] ^= 1;
        var strict = new OpusReaderOptions { Strict = true };
        using var one = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default, options: strict);
        using var many = new ParallelOpusAudioReader(
            new MemoryStream(file),
            LibOpusCodec.Default,
            maxDegreeOfParallelism: 2,
            options: strict) { StretchLength = 2 * Rate };
        var (expected, expectedFault) = ReadToFault(one);
        var (actual, fault) = ReadToFault(many);
        Pcm.AssertClose("before the defect", expected, actual, Tolerance);
        Assert.InRange(expected.Length, 5 * Rate, 15 * Rate);
        Assert.Equal(expectedFault.Message, fault.Message);
        Assert.Throws<VoiceFormatException>(() => many.Read(new float[10]));
    }

    [Fact]
    public void It_can_be_disposed_while_cores_are_at_work()
    {
        var file = Encode(Sounds.Speech, new OpusEncoderOptions { Complexity = 0 });
        for (var round = 0; round < 10; round++)
        {
            using var reader = Open(file, Rate, 4, length: Rate);
            Assert.NotEqual(0, reader.Read(new float[100]));
        }
    }

    [Fact]
    public void What_is_no_Opus_is_refused_and_the_stream_closed()
    {
        var stream = new MemoryStream("no Opus at all, but some text"u8.ToArray());
        Assert.Throws<VoiceFormatException>(() => new ParallelOpusAudioReader(stream, LibOpusCodec.Default));
        Assert.False(stream.CanRead);
        Assert.Throws<ArgumentOutOfRangeException>(
            () =>
                new ParallelOpusAudioReader(
                    new MemoryStream(Encode([], new())), LibOpusCodec.Default, maxDegreeOfParallelism: 0));
    }

    [Theory]
    [InlineData(12_000, false)]
    [InlineData(24_000, true)]
    [InlineData(64_000, false)]
    public void Bars_are_within_2_percent_of_those_of_the_full_rate(int bitrate, bool useDtx)
    {
        var file = Encode(
            Sounds.Speech[..(60 * Rate)], new OpusEncoderOptions { Bitrate = bitrate, Complexity = 3, UseDtx = useDtx });
        using var full = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default);
        var expected = Waveform.FromAudio(full, 64);
        var one = Waveform.FromOpus(new MemoryStream(file), 64, LibOpusCodec.Default);
        var many = Waveform.FromOpus(new MemoryStream(file), 64, LibOpusCodec.Default, maxDegreeOfParallelism: 3);
        Assert.Equal((expected.Duration, expected.Duration), (one.Duration, many.Duration));
        var highest = expected.Rms.ToArray().Max();
        for (var i = 0; i < 64; i++)
        {
            Assert.InRange(one.Rms[i] - expected.Rms[i], -0.02 * highest, 0.02 * highest);
            Assert.InRange(one.Peaks[i] - expected.Peaks[i], -0.06 * expected.Peak, 0.06 * expected.Peak);
            Assert.InRange(one.ToBars()[i] - expected.ToBars()[i], -0.02, 0.02);

            // Where the second 30 s begin, a decoder has heard 80 ms before them and not all.
            Assert.InRange(many.Rms[i] - one.Rms[i], -0.002 * highest, 0.002 * highest);
            Assert.InRange(many.ToBars()[i] - one.ToBars()[i], -0.002, 0.002);
        }
    }

    private static byte[] Encode(float[] pcm, OpusEncoderOptions options) =>
        Pcm.Encode(pcm, new AudioFormat(Rate, 1), new VoiceEncodingOptions { Encoder = options });

    private static float[] Decode(byte[] file, int rate)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default, rate);
        return Pcm.ReadAll(reader);
    }

    private static float[] DecodeParallel(byte[] file, int rate, int degree, int length)
    {
        using var reader = Open(file, rate, degree, length);
        return Pcm.ReadAll(reader);
    }

    private static ParallelOpusAudioReader Open(byte[] file, int rate, int degree, int length) =>
        new(new MemoryStream(file), LibOpusCodec.Default, rate, maxDegreeOfParallelism: degree) { StretchLength = length };

    // Too short a pre-roll to converge in.
    private static ParallelOpusAudioReader OpenShort(byte[] file, int channels) =>
        new(new MemoryStream(file), LibOpusCodec.Default, channels: channels, maxDegreeOfParallelism: 2)
        {
            StretchLength = Rate,
            PreRoll = Rate / 5,
        };

    private static byte[] WriteWav(IAudioReader reader, WavSampleFormat format)
    {
        using var file = new MemoryStream();
        using var writer = new WavWriter(file, reader.Format, format);
        reader.CopyTo(writer);
        writer.Complete();
        return file.ToArray();
    }

    private static (float[] Pcm, VoiceFormatException Fault) ReadToFault(IAudioReader reader)
    {
        var pcm = new List<float>();
        var buffer = new float[480];
        try
        {
            while (true)
            {
                var count = reader.Read(buffer);
                Assert.NotEqual(0, count);
                pcm.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (VoiceFormatException fault)
        {
            return ([.. pcm], fault);
        }
    }
}
