using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>More than 4 GiB, on streams that hold next to nothing.</summary>
public class WavLargeTests
{
    // 16 float channels: few conversions for many bytes.
    private static readonly AudioFormat s_wide = new(48_000, 16);

    [Fact]
    public void An_output_that_grows_past_4_GiB_becomes_RF64()
    {
        const long portions = 68;
        const int portionFrames = 1 << 20;
        var head = new byte[256];
        var stream = new WavSparseStream(head);
        var zeros = new float[portionFrames * 16];
        using (var writer = new WavWriter(stream, s_wide, WavSampleFormat.Float32, leaveOpen: true))
        {
            Assert.Equal("JUNK"u8, head.AsSpan(12, 4));
            for (int i = 0; i < portions; i++)
                writer.Write(zeros);
        }
        Assert.True(stream.Length > uint.MaxValue);
        Assert.Equal("RF64"u8, head.AsSpan(0, 4));
        Assert.Equal("ds64"u8, head.AsSpan(12, 4));
        Assert.Equal(stream.Length - 8, BitConverter.ToInt64(head, 20));
        Assert.Equal(portions * portionFrames * 64, BitConverter.ToInt64(head, 28));
        Assert.Equal(portions * portionFrames, BitConverter.ToInt64(head, 36));
        Assert.Equal(stream.Length, stream.Position);

        stream.Position = 0;
        using var reader = new WavReader(new WavTrickleStream(stream));
        Assert.Equal(portions * portionFrames, reader.FrameCount);
        long read = 0;
        for (int count; (count = reader.Read(zeros)) > 0;)
            read += count;
        Assert.Equal(portions * portionFrames * 16, read);
        Assert.False(reader.IsTruncated);
    }

    [Theory]
    [InlineData(0x7FFFFFED, "RIFF")]
    [InlineData(0x7FFFFFEE, "RF64")]
    [InlineData(1L << 50, "RF64")]
    public void An_announced_length_past_4_GiB_is_RF64_at_once(long frames, string id)
    {
        // 36 bytes behind the RIFF size and 2 a frame: 0xFFFFFFFE is the last that does not mean "unknown".
        foreach (bool canSeek in new[] { true, false })
        {
            var head = new byte[128];
            var sparse = new WavSparseStream(head);
            var stream = canSeek ? (Stream)sparse : new WavTrickleStream(sparse);
            _ = new WavWriter(stream, new AudioFormat(8000, 1), WavSampleFormat.Pcm16, frames);
            Assert.Equal(id, System.Text.Encoding.ASCII.GetString(head, 0, 4));

            sparse.SetLength(sparse.Length + frames * 2);
            sparse.Position = 0;
            using var reader = new WavReader(canSeek ? sparse : new WavTrickleStream(sparse));
            Assert.Equal(frames, reader.FrameCount);
            Assert.False(reader.IsTruncated);
        }
    }

    [Fact]
    public void A_plain_header_takes_no_more_than_4_GiB()
    {
        var stream = new WavSparseStream(new byte[256]);
        using var writer = new WavWriter(stream, s_wide, WavSampleFormat.Float32, frameCount: 10);
        var zeros = new float[(1 << 20) * 16];
        for (int i = 0; i < 63; i++)
            writer.Write(zeros);
        Assert.Throws<InvalidOperationException>(() => writer.Write(zeros));
        writer.Write(zeros.AsSpan(0, zeros.Length / 2));
        writer.Complete();

        stream.Position = 0;
        using var reader = new WavReader(stream);
        Assert.Equal(63 * (1 << 20) + (1 << 19), reader.FrameCount);
    }

    [Fact]
    public void A_stated_size_is_capped_by_the_stream()
    {
        byte[] ds64 = WavBytes.Ds64(1L << 62, 1L << 62, 1L << 61);
        byte[] head = new WavBytes { Riff = "RF64", RiffSize = ~0u, BeforeFmt = ds64, DataSize = ~0u, Data = [] }.Build();
        using var reader = new WavReader(new WavSparseStream(head, head.Length + (6L << 30)));
        Assert.Equal(3L << 30, reader.FrameCount);
        Assert.True(reader.IsTruncated);
    }
}
