using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;
using static VoiceKit.Tests.Waveforms.Signals;

namespace VoiceKit.Tests.Waveforms;

public class AudioWaveformFileTests
{
    private static readonly short[] Samples = [-10, 20, -1, 0, 0, 127, -128, 5];

    [Fact]
    public void A_dat_file_is_its_header_and_pairs()
    {
        byte[] expected =
        [
            2, 0, 0, 0, 1, 0, 0, 0, 0x44, 0xAC, 0, 0, 0, 2, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0,
            0xF6, 20, 0xFF, 0, 0, 127, 0x80, 5,
        ];
        var file = new AudioWaveformFile(44_100, 512, 8, 2, Samples);
        Assert.Equal(expected, file.ToDat());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ToDat(1));

        byte[] version1 = [1, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xBB, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0x18, 0xFC, 0xE8, 0x03];
        Assert.Equal(version1, new AudioWaveformFile(48_000, 256, 16, 1, [-1000, 1000]).ToDat(1));
    }

    [Fact]
    public void Json_has_the_fields_of_version_2()
    {
        var json = Encoding.UTF8.GetString(new AudioWaveformFile(44_100, 512, 8, 2, Samples).ToJson());
        Assert.Equal(
            """{"version":2,"channels":2,"sample_rate":44100,"samples_per_pixel":512,"bits":8,"length":2,"data":[-10,20,-1,0,0,127,-128,5]}""",
            json);
    }

    [Fact]
    public void Everything_comes_back_as_it_was() => Fx.Check(
        from rate in Gen.Choose(1, 192_000)
        from samplesPerPixel in Gen.Choose(1, 100_000)
        from bits in Gen.Elements(8, 16)
        from channels in Gen.Choose(1, 8)
        from length in Gen.Choose(0, 40)
        from data in Gen.Choose(-(1 << (bits - 1)), (1 << (bits - 1)) - 1).Select(value => (short)value).ArrayOf(
            2 * channels * length)
        select new AudioWaveformFile(rate, samplesPerPixel, bits, channels, data),
        file =>
        {
            AssertEqual(file, AudioWaveformFile.ParseDat(file.ToDat()));
            AssertEqual(file, AudioWaveformFile.ParseJson(file.ToJson()));
            if (file.Channels == 1)
                AssertEqual(file, AudioWaveformFile.ParseDat(file.ToDat(1)));
        });

    // The samples are those that ffmpeg reads; what is done with them is what audiowaveform's documentation says.
    [Theory]
    [InlineData(1, 16, 256, 48_000)]
    [InlineData(2, 16, 300, 44_100)]
    [InlineData(2, 8, 512, 16_000)]
    [InlineData(1, 8, 2, 8000)]
    public void Audio_becomes_the_lowest_and_highest_sample_of_each_stretch(int channels, int bits, int samplesPerPixel, int rate)
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WavWriter(File.Create(folder["a.wav"]), new AudioFormat(rate, channels), WavSampleFormat.Pcm16))
            writer.Write(Support.Signals.Voice(20_001, rate, channels));
        var (raw, _) = Oracle.RunPiped("ffmpeg", null, "-v", "error", "-i", folder["a.wav"], "-f", "s16le", "-");
        var mixed = MemoryMarshal.Cast<byte, short>(raw).ToArray().Chunk(channels).Select(
            frame => frame.Sum(sample => sample) / channels);
        var expected = mixed.Chunk(samplesPerPixel).SelectMany(stretch => new[] { stretch.Min(), stretch.Max() })
            .Select(sample => (short)(bits == 8 ? sample / 256 : sample));

        using var reader = WavReader.Open(folder["a.wav"]);
        var file = AudioWaveformFile.FromAudio(reader, samplesPerPixel, bits);
        Assert.Equal((rate, samplesPerPixel, bits, 1), (file.SampleRate, file.SamplesPerPixel, file.Bits, file.Channels));
        Assert.Equal(expected, file.Data.ToArray());
    }

    [Fact]
    public void As_many_stretches_as_wanted_are_those_of_their_length() => Fx.Check(
        from frames in Gen.Choose(0, 3000)
        from most in Gen.Choose(1, 200)
        select (Frames: frames, Most: most),
        sample =>
        {
            var pcm = Support.Signals.Voice(sample.Frames);
            var file = AudioWaveformFile.FitAudio(new PcmReader(pcm, Mono48), sample.Most);
            Assert.InRange(file.Length, 0, sample.Most);
            Assert.True(file.SamplesPerPixel == 2
                || (long)sample.Most * (file.SamplesPerPixel - 1) < sample.Frames, "Stretches are longer than needed.");
            AssertEqual(AudioWaveformFile.FromAudio(new PcmReader(pcm, Mono48), file.SamplesPerPixel), file);
        });

    [Fact]
    public void Long_audio_is_measured_in_ever_longer_stretches()
    {
        var pcm = Support.Signals.Voice(700_001);
        foreach (var most in new[] { 1, 64, 1000, 65_536 })
        {
            var file = AudioWaveformFile.FitAudio(new PcmReader(pcm, Mono48), most);
            Assert.InRange(file.Length, most - most / 8, most);
            AssertEqual(AudioWaveformFile.FromAudio(new PcmReader(pcm, Mono48), file.SamplesPerPixel), file);
        }
    }

    [Fact]
    public void Samples_that_are_no_numbers_or_too_large_fit_all_the_same()
    {
        float[] wild = [float.NaN, float.PositiveInfinity, -9, float.NegativeInfinity, 0.5f];
        var file = AudioWaveformFile.FromAudio(new PcmReader(wild, Mono48), 4);
        Assert.Equal([-32768, 32767, 16384, 16384], file.Data.ToArray());
        Assert.Empty(AudioWaveformFile.FromAudio(new PcmReader(Array.Empty<float>(), Mono48)).Data.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AudioWaveformFile.FromAudio(new PcmReader(Array.Empty<float>(), Mono48), 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AudioWaveformFile.FromAudio(new PcmReader(Array.Empty<float>(), Mono48), bits: 12));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => AudioWaveformFile.FitAudio(new PcmReader(Array.Empty<float>(), Mono48), 0));
    }

    [Fact]
    public void Old_json_and_unknown_fields_are_read()
    {
        var file = AudioWaveformFile.ParseJson(
            """ {"x":[{"data":[9]}],"length":1,"data":[-2,3],"bits":8,"samples_per_pixel":4,"sample_rate":8} """u8);
        AssertEqual(new AudioWaveformFile(8, 4, 8, 1, [-2, 3]), file);
    }

    [Fact]
    public void Bars_are_the_greatest_magnitude_of_all_channels()
    {
        var waveform = new AudioWaveformFile(1000, 500, 8, 2, Samples).ToWaveform();
        Assert.Equal([20 / 128f, 1], waveform.ToBars(WaveformScale.Linear));
        Assert.Equal(TimeSpan.FromSeconds(1), waveform.Duration);
        Assert.Equal(1, waveform.Peak);
        Assert.Equal([0f], new AudioWaveformFile(1000, 500, 8, 2, []).ToWaveform().Peaks.ToArray());

        var many = new short[200_000];
        many[100_001] = 16_384;
        var merged = new AudioWaveformFile(1000, 1, 16, 1, many).ToWaveform();
        Assert.Equal((Waveform.MaxCount, 0.5f), (merged.Count, merged.Peaks[Waveform.MaxCount / 2]));
    }

    [Theory]
    [InlineData(8, 0.01)]
    [InlineData(16, 0.0001)]
    public void Bars_go_there_and_back(int bits, double tolerance)
    {
        var waveform = Draw(Scale(WanderingNoise(480_000, seed: 3), -1), 300, Mono48);
        var back = AudioWaveformFile.FromWaveform(waveform, bits).ToWaveform();
        Assert.All(waveform.Peaks.ToArray().Zip(back.Peaks.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        Assert.Equal(waveform.Duration, back.Duration);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWaveformFile(0, 1, 8, 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWaveformFile(1, 0, 8, 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWaveformFile(1, 1, 24, 1, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWaveformFile(1, 1, 8, 0, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWaveformFile(1, 1, 8, 256, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AudioWaveformFile(1, 1, 8, 1, [0, 128]));
        Assert.Throws<ArgumentException>(() => new AudioWaveformFile(1, 1, 8, 2, [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => AudioWaveformFile.FromWaveform(Waveform.FromLevels([1]), bits: 12));
    }

    [Fact]
    public void Sizes_that_a_file_claims_take_no_memory()
    {
        var file = new AudioWaveformFile(44_100, 512, 8, 2, Samples).ToDat();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), uint.MaxValue);
        var json = """{"channels":255,"sample_rate":1,"samples_per_pixel":1,"bits":16,"length":2147483647,"data":[1,2]}"""u8.ToArray();
        AudioWaveformFile.ParseDat(new AudioWaveformFile(44_100, 512, 8, 2, Samples).ToDat());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<VoiceFormatException>(() => AudioWaveformFile.ParseDat(file));
        Assert.Throws<VoiceFormatException>(() => AudioWaveformFile.ParseJson(json));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);

        // 2^28 stretches of 2^31 samples at 1 Hz are more than a TimeSpan holds.
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), int.MaxValue);
        Assert.Throws<VoiceFormatException>(() => AudioWaveformFile.ParseDat(file));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("[]", 0)]
    [InlineData("""{"bits":8.5}""", 8)]
    [InlineData("""{"bits":"8"}""", 8)]
    [InlineData("""{"version":3}""", 11)]
    [InlineData("""{"data":{}}""", 8)]
    [InlineData("""{"data":[1,40000]}""", 11)]
    [InlineData("""{"data":[1,[2]]}""", 11)]
    [InlineData("""{"bits":8,"data":[1,200]}""", 20)]
    [InlineData("""{"data":[1],"data":[1]}""", 12)]
    public void Json_that_is_no_waveform_is_refused_where_it_goes_wrong(string json, int offset) =>
        Assert.Equal(
            offset, Assert.Throws<VoiceFormatException>(() => AudioWaveformFile.ParseJson(Encoding.UTF8.GetBytes(json))).Offset);

    [Fact]
    public void Broken_files_are_read_or_refused()
    {
        var random = new Random(11);
        var file = AudioWaveformFile.FromWaveform(Draw(WanderingNoise(48_000, seed: 2), 60, Mono48));
        foreach (var whole in new[] { file.ToDat(), file.ToDat(1), file.ToJson() })
        {
            for (var i = 0; i < 1500; i++)
            {
                var data = Mutation.Of(whole, random);
                try
                {
                    var read = whole[0] == '{' ? AudioWaveformFile.ParseJson(data) : AudioWaveformFile.ParseDat(data);
                    Assert.All(read.ToWaveform().Peaks.ToArray(), peak => Assert.InRange(peak, 0, 1));
                }
                catch (VoiceFormatException exception)
                {
                    Assert.InRange(exception.Offset, 0, data.Length);
                }
            }
        }
    }

    private static void AssertEqual(AudioWaveformFile expected, AudioWaveformFile actual)
    {
        Assert.Equal(
            (expected.SampleRate, expected.SamplesPerPixel, expected.Bits, expected.Channels, expected.Length),
            (actual.SampleRate, actual.SamplesPerPixel, actual.Bits, actual.Channels, actual.Length));
        Assert.Equal(expected.Data.ToArray(), actual.Data.ToArray());
    }
}
