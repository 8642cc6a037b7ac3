using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Interop;

/// <summary>Length, samples, tags and the time line of files, as libopusfile has them.</summary>
public class LibOpusFileTests
{
    public static TheoryData<double, int> Formats
    {
        get
        {
            var data = new TheoryData<double, int>();
            foreach (var milliseconds in new[] { 2.5, 5, 10, 20, 40, 60, 80, 100, 120 })
            {
                data.Add(milliseconds, 1);
                data.Add(milliseconds, 2);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Files_of_every_packet_duration_read_alike(double milliseconds, int channels)
    {
        var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) };
        var options = new VoiceEncodingOptions { Channels = channels, Encoder = encoder };
        var file = Pcm.Encode(Signals.Voice(100_001, 48_000, channels), new AudioFormat(48_000, channels), options);
        Assert.Equal(100_001, ReadsAlike(file));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(311)]
    [InlineData(648)]
    [InlineData(649)]
    [InlineData(48_001)]
    public void Shortest_files_read_alike(int frames) =>
        Assert.Equal(frames, ReadsAlike(Pcm.Encode(Signals.Voice(frames), new AudioFormat(48_000, 1))));

    [Theory]
    [InlineData(0x180)]
    [InlineData(-0x600)]
    public void Header_gain_is_applied_alike(short gain)
    {
        var packets = Packets(100_001, 1);
        var file = File(new OggBytes(), packets, 1, 0, gain);
        ReadsAlike(file);
        using var plain = new LibOpusFile(file);
        plain.ApplyGain(false);
        var loudness = Pcm.Decode(file).Sum(Math.Abs) / plain.ReadToEnd().Sum(Math.Abs);
        Assert.Equal(Math.Pow(10, gain / (20.0 * 256)), loudness, 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(480_000)]
    [InlineData(1L << 40)]
    public void Live_start_reads_alike(long start) => ReadsAlike(File(new OggBytes(), Packets(100_001, 1), 1, start));

    [Theory]
    [InlineData(0)]
    [InlineData(312)]
    [InlineData(3840)]
    [InlineData(65_535)]
    public void Any_pre_skip_reads_alike(int preSkip)
    {
        var packets = Packets(100_001, 2);
        var file = File(new OggBytes(), packets, 2, preSkip: preSkip);
        Assert.Equal(packets.Length * OggBytes.PacketDuration - preSkip, ReadsAlike(file));
    }

    [Fact]
    public void Chain_reads_alike()
    {
        var chain = new OggBytes();
        File(chain, Packets(50_001, 1), 1, serial: 1);
        File(chain, Packets(1000, 1), 1, serial: 2, gain: 0x100, preSkip: 0);
        var file = File(chain, Packets(70_000, 1), 1, serial: 3, start: 9_000_000);
        ReadsAlike(file);
        using var theirs = new LibOpusFile(file);
        Assert.Equal(3, theirs.LinkCount);
    }

    /// <summary>We give every link in the channels of the first, libopusfile each in its own.</summary>
    [Fact]
    public void Chain_of_mono_and_stereo_is_equally_long()
    {
        var chain = new OggBytes();
        File(chain, Packets(50_001, 1), 1, serial: 1);
        var file = File(chain, Packets(70_000, 2), 2, serial: 2);
        using var theirs = new LibOpusFile(file);
        Assert.Equal([1, 2], [theirs.LinkChannels(0), theirs.LinkChannels(1)]);

        var ours = Pcm.Decode(file);
        Assert.Equal(theirs.Samples, ours.Length);
        var (first, all) = ((int)theirs.LinkSamples(0), theirs.ReadToEnd());
        Assert.Equal(first + 2 * theirs.LinkSamples(1), all.Length);
        Pcm.AssertClose("the first link", all[..first], ours[..first]);
    }

    [Fact]
    public void Tags_read_alike()
    {
        OpusComment[] comments =
            [new("TITLE", "ü€\U0001F3A4"), new("ARTIST", ""), new("artist", "twice=2"), new("X", new string('y', 70_000))];
        var options = new VoiceEncodingOptions { Vendor = "Somebody 1.0", Comments = comments };
        var file = Pcm.Encode(Signals.Voice(1000, 16_000), new AudioFormat(16_000, 1), options);
        using var theirs = new LibOpusFile(file);
        Assert.Equal("Somebody 1.0", theirs.Vendor);
        Assert.Equal(comments.Select(comment => $"{comment.Name}={comment.Value}"), theirs.Comments);
        Assert.Equal((1, 16_000u, 0), (theirs.Head.Channels, theirs.Head.InputSampleRate, theirs.Head.MappingFamily));
        using var ours = OggOpusReader.Open(new MemoryStream(file));
        Assert.Equal((uint)ours.Head.PreSkip, theirs.Head.PreSkip);
    }

    /// <summary>After a seek libopusfile decodes 80 ms in advance; half a second later all is as it would be.</summary>
    [Fact]
    public void Our_positions_are_where_libopusfile_seeks_to()
    {
        var file = File(new OggBytes(), Packets(300_000, 1), 1, start: 4_800_000);
        var ours = Pcm.Decode(file);
        using var theirs = new LibOpusFile(file);
        foreach (var position in new[] { 0, 1, 311, 48_000, 123_457, ours.Length - 1 })
        {
            theirs.Seek(position);
            Assert.Equal(position, theirs.Position);
            var rest = theirs.ReadToEnd();
            Assert.Equal(ours.Length - position, rest.Length);
            var settled = Math.Min(rest.Length, 24_000);
            Pcm.AssertClose($"from {position}", ours[(position + settled)..], rest[settled..], 1e-4f);
        }
    }

    private static long ReadsAlike(byte[] file)
    {
        using var theirs = new LibOpusFile(file);
        using var stream = new MemoryStream(file);
        var info = OpusInfo.Read(stream, new OpusReaderOptions { Strict = true });
        Assert.Equal(theirs.Samples, info.Samples);
        Assert.Equal(theirs.LinkCount, info.LinkCount);
        Pcm.AssertClose("all", theirs.ReadToEnd(), Pcm.Decode(file));
        Assert.Equal((info.Samples, 0), (theirs.Position, theirs.Holes));
        return info.Samples;
    }

    private static byte[][] Packets(int frames, int channels) =>
        Pcm.PacketsOf(Pcm.Encode(Signals.Voice(frames, 48_000, channels), new AudioFormat(48_000, channels)));

    private static byte[] File(
        OggBytes bytes, byte[][] packets, int channels, long start = 0, short gain = 0, int preSkip = 312, uint serial = 1)
    {
        bytes.Head(preSkip, serial, channels, gain).Tags(serial);
        var granule = start;
        var pages = packets.Chunk(50).ToArray();
        foreach (var page in pages)
        {
            granule += page.Length * OggBytes.PacketDuration;
            bytes.Page(page == pages[^1] ? OggPageFlags.EndOfStream : OggPageFlags.None, granule, serial, page);
        }

        return bytes.ToArray();
    }
}
