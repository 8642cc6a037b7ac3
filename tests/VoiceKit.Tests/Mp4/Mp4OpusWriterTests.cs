using System.Globalization;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Mp4;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Mp4;

public class Mp4OpusWriterTests
{
    public static TheoryData<int?, bool, int> Ways => new()
    {
        { null, true, 0 },
        { null, true, 700 },
        { null, false, 700 },
        { 1000, true, 700 },
        { 1000, false, 0 },
        { 1000, false, 700 },
        { 20, true, 1 }, { 60_000, false, 959 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_written_is_read_packet_for_packet(int? fragment, bool canSeek, int trimEnd)
    {
        foreach (var count in new[] { 1, 2, 50, 51, 1234 })
        {
            var head = new OpusHead(1, 312, 16_000, -300);
            var file = Write(head, count, fragment, canSeek, count == 1 ? Math.Min(trimEnd, 600) : trimEnd);
            using var reader = Mp4OpusReader.Open(new MemoryStream(file));
            Assert.Equal(
                (1, 312, 16_000L, (short)-300),
                (reader.Head.Channels, reader.Head.PreSkip, reader.Head.InputSampleRate, reader.Head.OutputGain));
            Assert.Equal(("The vendor", "A title"), (reader.Tags.Vendor, reader.Tags.GetValue("TITLE")));
            for (var i = 0; i < count; i++)
            {
                Assert.True(reader.Read());
                Assert.Equal(NumberedPackets.Make(i), reader.Packet.ToArray());
            }

            Assert.False(reader.Read());
            Assert.Equal(count * 960L - 312 - (count == 1 ? Math.Min(trimEnd, 600) : trimEnd), reader.Position);
            Assert.Empty(reader.Defects);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_there_and_back_decodes_to_the_same_samples_and_ffmpeg_has_them_too(int channels)
    {
        using var folder = new TemporaryFolder();
        var ogg = new MemoryStream();
        using (var writer = new OpusAudioWriter(
            ogg, LibOpusCodec.Default, new() { Channels = channels, Bitrate = 32_000 }, leaveOpen: true))
        {
            writer.Write(Signals.Voice(48_000 * 3 + 123, channels: channels));
            writer.Finish();
        }

        var expected = Decode(ogg.ToArray());
        using (var mp4 = File.Create(folder["a.mp4"]))
            OpusEditor.Remux(new MemoryStream(ogg.ToArray()), mp4, OpusContainer.Mp4);
        var back = new MemoryStream();
        using (var mp4 = File.OpenRead(folder["a.mp4"]))
            OpusEditor.Remux(mp4, back, OpusContainer.Ogg);
        Assert.Equal(expected, Decode(File.ReadAllBytes(folder["a.mp4"])));
        Assert.Equal(expected, Decode(back.ToArray()));

        Oracle.Run(
            "ffmpeg",
            "-v",
            "error",
            "-xerror",
            "-c:a",
            "libopus",
            "-i",
            folder["a.mp4"],
            "-f",
            "f32le",
            "-c:a",
            "pcm_f32le",
            folder["a.raw"]);
        var theirs = File.ReadAllBytes(folder["a.raw"]);

        // This ffmpeg heeds where the edit begins, and not where it ends within a packet.
        Assert.InRange(theirs.Length / 4, expected.Length, expected.Length + 959 * channels);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(BitConverter.ToSingle(theirs, 4 * i) - expected[i], -1e-4f, 1e-4f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fragments_are_played_by_ffmpeg(bool canSeek)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.mp4"], Write(new OpusHead(1, 312, 48_000), 500, 1000, canSeek, 0));
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.mp4"], "-c", "copy", folder["b.opus"]);
        using var file = File.OpenRead(folder["b.opus"]);
        Assert.Equal(500, OpusInfo.Read(file).PacketCount);
    }

    [Fact]
    public void Ffprobe_tells_the_length_that_is_heard()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.m4a"], Write(new OpusHead(1, 312, 48_000), 500, null, true, 700));
        var text = Oracle.Run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", folder["a.m4a"]);
        Assert.Equal((500 * 960 - 312 - 700) / 48_000.0, double.Parse(text.Output.Trim(), CultureInfo.InvariantCulture), 3);
    }

    [Fact]
    public void Fragments_can_be_read_while_the_file_grows()
    {
        var stream = new MemoryStream();
        using var writer = new Mp4OpusWriter(
            stream, new OpusHead(1, 312, 48_000), new OpusTags("x"), new()
            {
                FragmentDuration = TimeSpan.FromSeconds(1),
            }, leaveOpen: true);
        for (var i = 0; i < 200; i++)
            writer.WritePacket(NumberedPackets.Make(i));
        writer.Flush();
        var info = OpusInfo.Read(new MemoryStream(stream.ToArray()));
        Assert.InRange(info.PacketCount, 150, 200);
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        using var writer = new Mp4OpusWriter(new MemoryStream(), new OpusHead(1, 312, 48_000), new OpusTags("x"));
        Assert.Throws<VoiceFormatException>(() => writer.WritePacket([]));
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        writer.WritePacket(NumberedPackets.Make(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Finish(961));
        Assert.Throws<InvalidOperationException>(() => writer.Finish(900));
        writer.Finish();
        Assert.Throws<InvalidOperationException>(() => writer.WritePacket(NumberedPackets.Make(1)));
    }

    private static byte[] Write(OpusHead head, int count, int? fragment, bool canSeek, int trimEnd)
    {
        var bytes = new MemoryStream();
        Stream stream = canSeek ? bytes : new Pipe(bytes);
        var options = new OpusWriterOptions { FragmentDuration = fragment is { } ms ? TimeSpan.FromMilliseconds(ms) : null };
        using var writer = new Mp4OpusWriter(
            stream, head, new OpusTags("The vendor", [new("TITLE", "A title")]), options, leaveOpen: true);
        for (var i = 0; i < count; i++)
            writer.WritePacket(NumberedPackets.Make(i));
        writer.Finish(trimEnd);
        return bytes.ToArray();
    }

    private static float[] Decode(byte[] file)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default);
        var all = new List<float>();
        var buffer = new float[4800];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    private sealed class Pipe(MemoryStream to) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => to.Write(buffer, offset, count);
    }
}
