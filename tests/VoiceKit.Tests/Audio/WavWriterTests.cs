using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class WavWriterTests
{
    private static readonly AudioFormat s_mono = new(8000, 1);

    [Theory]
    [InlineData(WavSampleFormat.Pcm8, 1, 0x0001, 16)]
    [InlineData(WavSampleFormat.Pcm16, 2, 0x0001, 16)]
    [InlineData(WavSampleFormat.Pcm16, 3, 0xFFFE, 40)]
    [InlineData(WavSampleFormat.Pcm24, 1, 0xFFFE, 40)]
    [InlineData(WavSampleFormat.Pcm32, 2, 0xFFFE, 40)]
    [InlineData(WavSampleFormat.Float32, 2, 0x0003, 18)]
    [InlineData(WavSampleFormat.Float32, 6, 0xFFFE, 40)]
    public void The_fmt_chunk_is_the_one_that_is_asked_for(WavSampleFormat format, int channels, int tag, int length)
    {
        byte[] wav = Write(new AudioFormat(44_100, channels), format, frames: 5, announced: 5);
        Assert.Equal("fmt "u8, wav.AsSpan(12, 4));
        Assert.Equal(length, BitConverter.ToInt32(wav, 16));
        Assert.Equal(tag, BitConverter.ToUInt16(wav, 20));
        int bytes = format.ToCoding().BytesPerSample();
        Assert.Equal(44_100 * channels * bytes, BitConverter.ToInt32(wav, 28));
        bool hasFact = format == WavSampleFormat.Float32;
        Assert.Equal(hasFact, wav.AsSpan(20 + length).StartsWith("fact"u8));
        if (hasFact)
            Assert.Equal(5, BitConverter.ToInt32(wav, 20 + length + 8));
        if (length == 40)
            Assert.Equal(hasFact ? 3 : 1, BitConverter.ToUInt16(wav, 44));
        Assert.Equal(wav.Length - 8, BitConverter.ToInt32(wav, 4));
    }

    [Fact]
    public void Room_for_ds64_is_kept_where_the_length_is_open()
    {
        byte[] wav = Write(s_mono, WavSampleFormat.Pcm16, frames: 5, announced: null);
        Assert.Equal("JUNK"u8, wav.AsSpan(12, 4));
        Assert.Equal(28, BitConverter.ToInt32(wav, 16));
        Assert.Equal(44 + 36 + 10, wav.Length);
        Assert.Equal(wav.Length - 8, BitConverter.ToInt32(wav, 4));
        Assert.Equal(10, BitConverter.ToInt32(wav, wav.Length - 14));
    }

    [Fact]
    public void Odd_data_is_padded_where_its_size_is_stated()
    {
        byte[] seekable = Write(s_mono, WavSampleFormat.Pcm8, frames: 5, announced: null);
        Assert.Equal(44 + 36 + 6, seekable.Length);
        Assert.Equal(seekable.Length - 8, BitConverter.ToInt32(seekable, 4));
        byte[] announced = Write(s_mono, WavSampleFormat.Pcm8, frames: 5, announced: 5, canSeek: false);
        Assert.Equal(44 + 6, announced.Length);
        Assert.Equal(announced.Length - 8, BitConverter.ToInt32(announced, 4));
        byte[] open = Write(s_mono, WavSampleFormat.Pcm8, frames: 5, announced: null, canSeek: false);
        Assert.Equal(44 + 5, open.Length);
        Assert.Equal(uint.MaxValue, BitConverter.ToUInt32(open, 4));
        Assert.Equal(uint.MaxValue, BitConverter.ToUInt32(open, 40));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void A_wrong_announcement_is_put_right_on_a_stream_that_can_seek(int announced)
    {
        byte[] wav = Write(s_mono, WavSampleFormat.Pcm16, frames: 5, announced);
        Assert.Equal(wav.Length - 8, BitConverter.ToInt32(wav, 4));
        Assert.Equal(5, WavTools.ReadAll(wav).Length);
    }

    [Fact]
    public void Fewer_frames_than_announced_are_an_error_on_a_stream_that_cannot_seek()
    {
        using var output = new MemoryStream();
        using var writer = new WavWriter(new WavTrickleStream(output), s_mono, frameCount: 6);
        writer.Write(new float[5]);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Equal(44 + 10, output.Length);
    }

    [Fact]
    public void More_frames_than_announced_are_refused_on_a_stream_that_cannot_seek()
    {
        using var output = new MemoryStream();
        using var writer = new WavWriter(new WavTrickleStream(output), s_mono, frameCount: 4);
        writer.Write(new float[3]);
        Assert.Throws<InvalidOperationException>(() => writer.Write(new float[2]));
        writer.Write(new float[1]);
        writer.Complete();
        Assert.Equal(44 + 8, output.Length);
    }

    [Fact]
    public void A_file_that_was_never_completed_plays()
    {
        using var output = new MemoryStream();
        using var writer = new WavWriter(output, s_mono);
        writer.Write([0.25f, 0.5f]);
        WavTools.AssertSame([0.25f, 0.5f], WavTools.ReadAll(output.ToArray()));
    }

    [Fact]
    public void A_file_is_written_where_the_stream_stands()
    {
        using var output = new MemoryStream();
        output.Write("before"u8);
        using (var writer = new WavWriter(output, s_mono, leaveOpen: true))
            writer.Write([0.25f, 0.5f]);
        output.Write("behind"u8);
        byte[] all = output.ToArray();
        Assert.Equal("before"u8, all.AsSpan(0, 6));
        Assert.Equal("behind"u8, all.AsSpan(all.Length - 6));
        WavTools.AssertSame([0.25f, 0.5f], WavTools.ReadAll(all[6..]));
    }

    [Fact]
    public void Complete_is_done_once_and_ends_the_writing()
    {
        using var output = new MemoryStream();
        using var writer = new WavWriter(output, s_mono, WavSampleFormat.Pcm8);
        writer.Write(new float[3]);
        writer.Complete();
        byte[] completed = output.ToArray();
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Write(new float[1]));
        writer.Dispose();
        writer.Dispose();
        Assert.Equal(completed, output.ToArray());
        Assert.Throws<ObjectDisposedException>(() => writer.Write(new float[1]));
        Assert.Throws<ObjectDisposedException>(writer.Complete);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_disposes_the_stream_when_it_is_its_own(bool leaveOpen)
    {
        var stream = new MemoryStream();
        new WavWriter(stream, s_mono, leaveOpen: leaveOpen).Dispose();
        Assert.Equal(leaveOpen, stream.CanWrite);
    }

    [Fact]
    public void The_first_failure_is_thrown_again_and_nothing_is_patched()
    {
        var disk = new WavFullDisk(200);
        var writer = new WavWriter(disk, s_mono);
        writer.Write(new float[20]);
        byte[] before = disk.ToArray();
        var first = Assert.Throws<IOException>(() => writer.Write(new float[100]));
        Assert.Same(first, Assert.Throws<IOException>(() => writer.Write(new float[1])));
        Assert.Same(first, Assert.Throws<IOException>(writer.Complete));
        writer.Dispose();
        Assert.Equal(1, disk.Failures);
        Assert.Equal(before, disk.ToArray());
        Assert.False(disk.CanWrite);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        using var output = new MemoryStream();
        Assert.Throws<ArgumentNullException>(() => new WavWriter(null!, s_mono));
        Assert.Throws<ArgumentException>(() => new WavWriter(new MemoryStream([], writable: false), s_mono));
        Assert.Throws<ArgumentException>(() => new WavWriter(output, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WavWriter(output, s_mono, (WavSampleFormat)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WavWriter(output, s_mono, frameCount: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WavWriter(output, s_mono, frameCount: long.MaxValue));
        Assert.Equal(0, output.Length);
        using var writer = new WavWriter(output, new AudioFormat(8000, 3));
        Assert.Throws<ArgumentException>(() => writer.Write(new float[4]));
        writer.Write([]);
        Assert.Equal(0, writer.FramesWritten);
    }

    [Theory]
    [InlineData(WavSampleFormat.Pcm8)]
    [InlineData(WavSampleFormat.Pcm16)]
    [InlineData(WavSampleFormat.Pcm24)]
    [InlineData(WavSampleFormat.Pcm32)]
    [InlineData(WavSampleFormat.Float32)]
    public void Writing_allocates_nothing(WavSampleFormat format)
    {
        using var writer = new WavWriter(new WavSparseStream(new byte[256]), s_mono, format);
        float[] samples = WavTools.Noise(20_011);
        writer.Write(samples);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            writer.Write(samples);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Write(
        AudioFormat format, WavSampleFormat sampleFormat, int frames, long? announced, bool canSeek = true)
    {
        using var output = new MemoryStream();
        Stream stream = canSeek ? output : new WavTrickleStream(output);
        using (var writer = new WavWriter(stream, format, sampleFormat, announced, leaveOpen: true))
        {
            writer.Write(new float[frames * format.Channels]);
            writer.Complete();
        }
        return output.ToArray();
    }
}
