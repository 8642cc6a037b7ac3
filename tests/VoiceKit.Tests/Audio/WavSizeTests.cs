using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>Sizes left open, sizes that promise too much, and inputs that end anywhere.</summary>
public class WavSizeTests
{
    private static readonly float[] s_samples = [.. Enumerable.Range(1, 50).Select(code => code / 32768f)];
    private static readonly byte[] s_data = WavTools.ToBytes(Enumerable.Range(1, 50).Select(code => (short)code).ToArray());
    private static readonly byte[] s_list = WavBytes.Chunk("LIST", [.. "INFOISFT"u8, 4, 0, 0, 0, .. "none"u8]);

    /// <summary>The sizes that programs leave when they write to a pipe.</summary>
    public static TheoryData<string, uint, uint> OpenSizes => new()
    {
        { "ffmpeg", 0xFFFFFFFF, 0xFFFFFFFF },
        { "SoX, eSpeak", 0x7FFFF024, 0x7FFFF000 },
        { "the largest int", 0x7FFFFFFF, 0x7FFFFFFF },
        { "arecord", 0x7FFFFF24, 0x7FFFFF00 },
        { "both zero", 0, 0 },
        { "data zero, RIFF open", 0xFFFFFFFF, 0 },
        { "data open, RIFF zero", 0, 0xFFFFFFFF },
        { "the header alone", 36, 0 },
        { "RIFF smaller than the header", 8, 0 },
        { "RIFF patched, data not", 136, 0 },
    };

    [Theory]
    [MemberData(nameof(OpenSizes))]
    public void Open_sizes_mean_the_end_of_the_stream(string what, uint riffSize, uint dataSize)
    {
        byte[] wav = new WavBytes { RiffSize = riffSize, DataSize = dataSize, Data = s_data }.Build();
        AssertReads(what, wav, s_samples, known: false);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void SoX_counts_whole_frames_into_its_open_size(ushort channels)
    {
        uint size = 0x7FFFF000u / (3u * channels) * (3u * channels);
        byte[] data = new byte[3 * channels * 7];
        byte[] wav = new WavBytes { Bits = 24, Channels = channels, RiffSize = size + 36, DataSize = size, Data = data }.Build();
        using var reader = new WavReader(new WavTrickleStream(new MemoryStream(wav)));
        Assert.Null(reader.FrameCount);
        Assert.Equal(7 * channels, WavTools.ReadAll(reader).Length);
        Assert.False(reader.IsTruncated);
    }

    [Fact]
    public void An_RF64_of_a_pipe_means_the_end_of_the_stream()
    {
        foreach (ulong open in new ulong[] { 0, ulong.MaxValue, long.MaxValue })
        {
            byte[] ds64 = WavBytes.Ds64(open, open, open);
            byte[] wav = new WavBytes { Riff = "RF64", RiffSize = ~0u, BeforeFmt = ds64, DataSize = ~0u, Data = s_data }.Build();
            AssertReads($"{open:X}", wav, s_samples, known: false);
        }
    }

    [Fact]
    public void An_empty_file_has_no_frames()
    {
        AssertReads("nothing behind", new WavBytes { Data = [] }.Build(), [], known: true);
        AssertReads("a chunk behind", new WavBytes { Data = [], AfterData = s_list }.Build(), [], known: true);
        AssertReads("two chunks behind", new WavBytes { Data = [], AfterData = [.. s_list, .. s_list] }.Build(), [], known: true);
        var behindRiff = new WavBytes { Data = [], RiffSize = 36, AfterData = s_list };
        AssertReads("a chunk behind the RIFF", behindRiff.Build(), [], known: true);
        var cutOff = new WavBytes { Data = [], RiffSize = 136, AfterData = s_list[..15] };
        AssertReads("a chunk cut off", cutOff.Build(), [], known: true);
        byte[] large = WavBytes.Chunk("LIST", new byte[100_000]);
        AssertReads("a large chunk behind", new WavBytes { Data = [], AfterData = large }.Build(), [], known: true);
        byte[] many = [.. Enumerable.Repeat(WavBytes.Chunk("junk", []), 10_000).SelectMany(chunk => chunk)];
        AssertReads("many chunks behind", new WavBytes { Data = [], AfterData = many }.Build(), [], known: true);
    }

    [Fact]
    public void An_empty_stream_of_open_size_has_no_frames() =>
        AssertReads("open", new WavBytes { Data = [], RiffSize = ~0u, DataSize = ~0u }.Build(), [], known: false);

    [Fact]
    public void A_file_that_ends_early_gives_what_it_has_and_says_so()
    {
        byte[] wav = new WavBytes { Data = s_data, DataSize = 200, RiffSize = 236 }.Build();
        using var seekable = new WavReader(new MemoryStream(wav));
        Assert.Equal(50, seekable.FrameCount);
        Assert.True(seekable.IsTruncated);
        WavTools.AssertSame(s_samples, WavTools.ReadAll(seekable));

        using var forward = new WavReader(new WavTrickleStream(new MemoryStream(wav), 1));
        Assert.Equal(100, forward.FrameCount);
        Assert.False(forward.IsTruncated);
        WavTools.AssertSame(s_samples, WavTools.ReadAll(forward));
        Assert.True(forward.IsTruncated);
        Assert.Equal(50, forward.FrameCount);
        Assert.Equal(0, forward.Read(new float[10]));
    }

    [Fact]
    public void A_last_frame_that_is_not_whole_is_dropped()
    {
        byte[] wav = new WavBytes { Data = [.. s_data, 77] }.Build();
        AssertReads("odd size", wav, s_samples, known: true);
        byte[] open = new WavBytes { Data = [.. s_data, 77], HasPadding = false, RiffSize = ~0u, DataSize = ~0u }.Build();
        AssertReads("open size", open, s_samples, known: false);
    }

    [Fact]
    public void A_file_of_the_very_size_that_SoX_leaves_open_ends_where_it_says()
    {
        byte[] head = new WavBytes { Data = [], DataSize = 0x7FFFF000, RiffSize = 36 + 0x7FFFF000u + 28 }.Build();
        using var reader = new WavReader(new WavSparseStream(head, 44 + 0x7FFFF000L + 28));
        Assert.Equal(0x7FFFF000 / 2, reader.FrameCount);
        using var longer = new WavReader(new WavSparseStream(head, 44 + 0x7FFFF000L + 1000));
        Assert.Equal((0x7FFFF000 + 1000) / 2, longer.FrameCount);
    }

    [Fact]
    public void A_file_may_begin_inside_a_stream()
    {
        byte[] wav = new WavBytes { Data = s_data, RiffSize = ~0u, DataSize = ~0u }.Build();
        using var reader = new WavReader(new MemoryStream([.. new byte[33], .. wav]) { Position = 33 });
        Assert.Equal(50, reader.FrameCount);
        WavTools.AssertSame(s_samples, WavTools.ReadAll(reader));
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_read_or_refused_with_its_place()
    {
        byte[] wav = new WavBytes
        {
            Riff = "RF64",
            RiffSize = ~0u,
            DataSize = ~0u,
            BeforeFmt = WavBytes.Ds64(1000, 100, 50),
            BeforeData = s_list,
            Data = s_data,
            AfterData = s_list,
        }.Build();
        int dataStart = wav.Length - s_list.Length - s_data.Length;
        for (int length = 0; length < wav.Length; length++)
        {
            byte[] cut = wav[..length];
            foreach (Stream stream in new Stream[] { new MemoryStream(cut), new WavTrickleStream(new MemoryStream(cut), 1) })
            {
                if (length < dataStart)
                {
                    var thrown = Assert.Throws<VoiceFormatException>(() => new WavReader(stream));
                    Assert.InRange(thrown.Offset, 0, length);
                    continue;
                }
                using var reader = new WavReader(stream);
                WavTools.AssertSame(s_samples[..Math.Min(50, (length - dataStart) / 2)], WavTools.ReadAll(reader));
                Assert.Equal(length - dataStart < 100, reader.IsTruncated);
            }
        }
    }

    private static void AssertReads(string what, byte[] wav, float[] expected, bool known)
    {
        using var seekable = new WavReader(new MemoryStream(wav));
        Assert.True(seekable.FrameCount == expected.Length, $"{what}: {seekable.FrameCount} frames");
        WavTools.AssertSame(expected, WavTools.ReadAll(seekable));
        Assert.False(seekable.IsTruncated);

        using var forward = new WavReader(new WavTrickleStream(new MemoryStream(wav), 1));
        Assert.Equal(known ? expected.Length : null, forward.FrameCount);
        WavTools.AssertSame(expected, WavTools.ReadAll(forward));
        Assert.Equal(expected.Length, forward.FrameCount);
        Assert.False(forward.IsTruncated);
    }
}
