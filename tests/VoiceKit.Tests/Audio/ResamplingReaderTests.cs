using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class ResamplingReaderTests
{
    [Theory]
    [InlineData(44_100, 48_000, 1, 1, 7)]
    [InlineData(44_100, 48_000, 2, 5_000, 3)]
    [InlineData(48_000, 8_000, 2, 100, 100_000)]
    [InlineData(8_000, 48_000, 1, 333, 1)]
    [InlineData(47_999, 48_000, 3, int.MaxValue, 4_096)]
    [InlineData(16_000, 16_000, 2, 17, 2_001)]
    public void Reads_what_the_resampler_gives(int rate, int target, int channels, int framesPerRead, int bufferSize)
    {
        float[] input = ResamplerLab.Noise(5_003 * channels);
        using ResamplingReader reader = new(
            new ResamplerSource(input, new AudioFormat(rate, channels), framesPerRead), target);
        Assert.Equal(new AudioFormat(target, channels), reader.Format);

        float[] output = ResamplerLab.ReadAll(reader, Math.Max(bufferSize, channels));
        Assert.Equal(ResamplerLab.Run(input, rate, target, channels), output);
        Assert.Equal(reader.FrameCount, output.Length / channels);
        Assert.Equal(0, reader.Read(new float[channels]));
    }

    [Fact]
    public void An_empty_source_ends_at_once()
    {
        using ResamplingReader reader = new(new ResamplerSource([], new AudioFormat(44_100, 1)), 48_000);
        Assert.Equal(0, reader.FrameCount);
        Assert.Equal(0, reader.Read(new float[10]));
    }

    [Fact]
    public void A_length_the_source_does_not_know_is_not_known()
    {
        using ResamplingReader reader = new(
            new ResamplerSource([], new AudioFormat(44_100, 1), knowsLength: false), 48_000);
        Assert.Null(reader.FrameCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disposes_the_source_unless_told_not_to(bool leaveOpen)
    {
        ResamplerSource source = new(new float[8], new AudioFormat(44_100, 1));
        ResamplingReader reader = new(source, 48_000, leaveOpen);
        reader.Dispose();
        reader.Dispose();
        Assert.Equal(!leaveOpen, source.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(new float[8]));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        ResamplerSource source = new(new float[8], new AudioFormat(44_100, 2));
        Assert.Throws<ArgumentNullException>(() => new ResamplingReader(null!, 48_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResamplingReader(source, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResamplingReader(source, 100));
        using ResamplingReader reader = new(source, 48_000);
        Assert.Throws<ArgumentException>(() => reader.Read(new float[1]));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using ResamplingReader reader = new(new ResamplerSource(new float[400_000], new AudioFormat(44_100, 2)), 48_000);
        float[] buffer = new float[1_920];
        Assert.True(reader.Read(buffer) > 0);

        long before = GC.GetAllocatedBytesForCurrentThread();
        long total = 0;
        int read;
        while ((read = reader.Read(buffer)) > 0)
            total += read;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(total > 400_000);
    }
}
