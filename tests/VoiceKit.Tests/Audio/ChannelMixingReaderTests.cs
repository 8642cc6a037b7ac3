using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class ChannelMixingReaderTests
{
    [Theory]
    [InlineData(2, 1, 1, 1)]
    [InlineData(2, 1, 700, 5_000)]
    [InlineData(1, 2, 3, 7)]
    [InlineData(6, 2, int.MaxValue, 4_097)]
    [InlineData(5, 1, 100, 64)]
    [InlineData(3, 3, 100, 64)]
    public void Reads_what_the_mixer_gives(int from, int to, int framesPerRead, int bufferSize)
    {
        const int Frames = 3_001;
        float[] input = ResamplerLab.Noise(Frames * from);
        float[] expected = new float[Frames * to];
        ChannelMixer.Mix(input, from, expected, to);

        using ChannelMixingReader reader = new(
            new ResamplerSource(input, new AudioFormat(44_100, from), framesPerRead), to);
        Assert.Equal(new AudioFormat(44_100, to), reader.Format);
        Assert.Equal(Frames, reader.FrameCount);
        Assert.Equal(expected, ResamplerLab.ReadAll(reader, bufferSize));
        Assert.Equal(0, reader.Read(new float[to]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disposes_the_source_unless_told_not_to(bool leaveOpen)
    {
        ResamplerSource source = new(new float[8], new AudioFormat(44_100, 2), knowsLength: false);
        ChannelMixingReader reader = new(source, 1, leaveOpen);
        Assert.Null(reader.FrameCount);
        reader.Dispose();
        reader.Dispose();
        Assert.Equal(!leaveOpen, source.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(new float[8]));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        ResamplerSource source = new(new float[8], new AudioFormat(44_100, 1));
        Assert.Throws<ArgumentNullException>(() => new ChannelMixingReader(null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChannelMixingReader(source, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChannelMixingReader(source, 3));
        using ChannelMixingReader reader = new(source, 2);
        Assert.Throws<ArgumentException>(() => reader.Read(new float[1]));
    }
}
