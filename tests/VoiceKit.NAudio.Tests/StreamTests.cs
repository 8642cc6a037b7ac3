using System.Runtime.InteropServices;
using NAudio.Wave;
using NAudio.Wave.SampleProviders;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Tests.Support;

namespace VoiceKit.NAudio.Tests;

/// <summary>Voice messages as NAudio's streams, and NAudio's providers as readers.</summary>
public class StreamTests
{
    private static readonly LibOpusCodec Codec = LibOpusCodec.Default;

    private static VoiceMessage Message =>
        field ??= VoiceMessage.FromBytes(Pcm.Encode(Signals.Voice(100_001, 48_000, 2), new AudioFormat(48_000, 2)));

    [Theory]
    [InlineData(48_000, null)]
    [InlineData(48_000, 1)]
    [InlineData(16_000, 2)]
    public void Stream_gives_the_sound_of_the_message_as_floats_and_as_bytes(int rate, int? channels)
    {
        using var reader = Message.OpenAudio(Codec, rate, channels);
        var expected = Pcm.ReadAll(reader);
        using var stream = Message.ToWaveStream(Codec, rate, channels);
        Assert.Equal(reader.Format, stream.WaveFormat.ToAudioFormat());
        Assert.Equal(expected.Length * sizeof(float), stream.Length);
        Assert.Equal(expected, Read(stream));
        Assert.Equal(stream.Length, stream.Position);

        stream.Position = 0;
        using var bytes = new MemoryStream();
        var buffer = new byte[1000];
        int[] sizes = [1, 3, 8, 13, 1000, 7];
        for (int i = 0, count; (count = stream.Read(buffer, 0, sizes[i % sizes.Length])) > 0; i++)
        {
            bytes.Write(buffer, 0, count);
            Assert.Equal(bytes.Length, stream.Position);
        }

        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(bytes.ToArray()).ToArray());
    }

    [Fact]
    public void Seeking_is_exact_to_the_sample()
    {
        using var stream = Message.ToWaveStream(Codec);
        using var reader = new OpusAudioReader(Message.OpenRead(), Codec);
        var linear = Read(stream);
        foreach (var frame in new long[] { 50_003, 0, 99_999, 960, 100_001 })
        {
            // Within a frame is at its start.
            stream.Position = frame * stream.BlockAlign + 5 % stream.BlockAlign;
            Assert.Equal(Math.Min(frame * stream.BlockAlign, stream.Length), stream.Position);
            reader.Seek(frame);
            var rest = Read(stream);
            Assert.Equal(Pcm.ReadAll(reader), rest);
            Assert.Equal(linear.Length - frame * 2, rest.Length);
            if (rest.Length > 1000)
                Assert.True(Pcm.SignalToError(linear.AsSpan((int)frame * 2), rest) > 30);
        }

        stream.CurrentTime = TimeSpan.FromSeconds(1.5);
        Assert.Equal((TimeSpan.FromSeconds(1.5), 72_000L * 8), (stream.CurrentTime, stream.Position));
        Assert.Equal(Message.Duration.TotalSeconds, stream.TotalTime.TotalSeconds, 4);
        Assert.Equal(stream.Length - 80, stream.Seek(-80, SeekOrigin.End));
        Assert.Equal(20, Read(stream).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Position = -1);
    }

    [Fact]
    public void NAudio_writes_and_resamples_it()
    {
        using var folder = new TemporaryFolder();
        using (var stream = Message.ToWaveStream(Codec))
            WaveFileWriter.CreateWaveFile16(folder["a.wav"], stream);
        using var source = Message.OpenAudio(Codec);
        using var wav = WavReader.Open(folder["a.wav"]);
        Pcm.AssertClose("NAudio's WAV", Pcm.ReadAll(source), Pcm.ReadAll(wav), 2 * Pcm.Lsb);

        using var again = Message.ToWaveStream(Codec);
        using var resampled = new WdlResamplingSampleProvider(again, 44_100).ToAudioReader(leaveOpen: true);
        Assert.Equal(new AudioFormat(44_100, 2), resampled.Format);
        Assert.InRange(Pcm.ReadAll(resampled).Length / 2, 91_800, 91_900);
    }

    [Fact]
    public async Task What_NAudio_makes_becomes_a_message()
    {
        var tone = new SignalGenerator(44_100, 1) { Frequency = 440, Gain = 0.3 }.Take(TimeSpan.FromSeconds(2));
        using var reader = tone.ToAudioReader();
        var message = await VoiceMessage.EncodeAsync(reader, Codec);
        Assert.Equal(96_000, message.Info.Samples);
    }

    [Fact]
    public void A_provider_may_stop_within_a_frame()
    {
        var samples = Signals.Voice(1000, 48_000, 2);
        var provider = new Crumbs([.. samples, 0.5f], channels: 2);
        var reader = provider.ToAudioReader();
        Assert.Equal(samples, Pcm.ReadAll(reader));
        Assert.Throws<ArgumentException>(() => reader.Read(new float[1]));
        reader.Dispose();
        Assert.True(provider.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(new float[2]));
    }

    [Fact]
    public void Formats_are_told_both_ways()
    {
        Assert.All(
            Formats.All.Values, format =>
                Assert.Equal(new AudioFormat(format.SampleRate, format.Channels), format.ToAudioFormat()));
        var format = new AudioFormat(22_050, 3).ToWaveFormat();
        Assert.Equal(
            (WaveFormatEncoding.IeeeFloat, 32, 22_050, 3),
            (format.Encoding, format.BitsPerSample, format.SampleRate, format.Channels));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WaveFormat(1_000_000, 16, 1).ToAudioFormat());
    }

    private static float[] Read(VoiceWaveStream stream)
    {
        var all = new List<float>();
        var buffer = new float[1234];
        for (int count; (count = stream.Read(buffer)) > 0;)
            all.AddRange(buffer[..count]);
        return [.. all];
    }

    private sealed class Crumbs(float[] samples, int channels) : ISampleProvider, IDisposable
    {
        private int _position;

        public bool IsDisposed { get; private set; }

        public WaveFormat WaveFormat { get; } = WaveFormat.CreateIeeeFloatWaveFormat(48_000, channels);

        public int Read(Span<float> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, 3), samples.Length - _position);
            samples.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public void Dispose() => IsDisposed = true;
    }
}
