using System.Text;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>The content decides what a file is; however its bytes come.</summary>
public class OpusContainersTests
{
    private static readonly string[] Names =
    [
        "opusenc (mono)", "ffmpeg WebM -cluster_time_limit 300 (mono)", "chromium-mono.webm (short)",
        "ffmpeg Mp4 -movflags +faststart (mono)", "ffmpeg Mp4 (stereo)", "chromium-mono.mp4 (short)", "ffmpeg Caf (stereo)",
    ];

    private static readonly Lazy<Dictionary<string, byte[]>> Others = new(MakeOthers);

    public static TheoryData<string> Files => [.. Names];

    public static TheoryData<string, string> OtherFiles => new()
    {
        { "a.wav", "a WAV file" }, { "a.mp3", "MP3" }, { "bare.mp3", "MP3" }, { "a.flac", "FLAC" }, { "a.aiff", "AIFF" },
        { "a.aac", "AAC" }, { "a.au", "AU" }, { "a.avi", "AVI" }, { "a.m4a", "AAC" },
        { "fragments.mp4", "AAC" }, { "flac.mp4", "FLAC" },
        { "a.mov", "PCM" }, { "vorbis.webm", "A_VORBIS" }, { "flac.mka", "A_FLAC" }, { "vorbis.ogg", "Vorbis" },
        { "flac.oga", "FLAC" },
        { "a.caf", "lpcm" }, { "empty", "empty" }, { "text", "text" }, { "utf-16", "text" }, { "page.html", "text" },
        { "noise", "OpusHead" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void File_that_trickles_in_is_read_as_when_it_is_there(string name)
    {
        var data = Corpus.Get(name).Data;
        var whole = OpusDump.Of(data);
        for (var most = 1; most <= 7; most += 2)
        {
            using var reader = OpusContainers.Open(new TrickleStream(data, most));
            AssertSame(whole, OpusDump.Of(reader));
            Assert.Equal(Corpus.Get(name).Container, reader.Container);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_is_awaited_without_a_blocking_read(string name)
    {
        var data = Corpus.Get(name).Data;
        var whole = OpusInfo.Read(new MemoryStream(data));
        foreach (var most in new[] { 2, 6, 100_000 })
        {
            using var stream = new AwaitedStream(data, most);
            var info = await OpusInfo.ReadAsync(stream);
            Assert.Equal((whole.Container, whole.Samples, whole.PacketCount, whole.PacketBytes, whole.DefectCount),
                (info.Container, info.Samples, info.PacketCount, info.PacketBytes, info.DefectCount));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_begins_where_the_stream_stands_and_its_name_says_nothing(string name)
    {
        var data = Corpus.Get(name).Data;
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.mp3"], [.. "RIFFxxxxWAVE"u8, .. data]);
        using var file = File.OpenRead(folder["a.mp3"]);
        file.Position = 12;
        using (var reader = OpusContainers.Open(file, leaveOpen: true))
            AssertSame(OpusDump.Of(data), OpusDump.Of(reader));
        Assert.True(file.CanRead);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Stream_is_closed_with_its_reader_unless_it_stays_open(string name)
    {
        var data = Corpus.Get(name).Data;
        foreach (var leaveOpen in new[] { false, true })
        {
            using var seekable = new MemoryStream(data);
            OpusContainers.Open(seekable, leaveOpen: leaveOpen).Dispose();
            Assert.Equal(leaveOpen, seekable.CanRead);

            using var awaited = new ClosableStream(data);
            (await OpusContainers.OpenAsync(awaited, leaveOpen: leaveOpen)).Dispose();
            Assert.Equal(leaveOpen, !awaited.IsClosed);

            using var forward = new ClosableStream(data);
            OpusContainers.Open(forward, leaveOpen: leaveOpen).Dispose();
            Assert.Equal(leaveOpen, !forward.IsClosed);
        }
    }

    [Theory]
    [MemberData(nameof(OtherFiles))]
    public async Task What_has_no_Opus_is_named_and_its_stream_closed_unless_it_stays_open(string name, string what)
    {
        var data = Others.Value[name];
        foreach (var leaveOpen in new[] { false, true })
        {
            using var seekable = new MemoryStream(data);
            var message = Assert.Throws<VoiceFormatException>(() => OpusContainers.Open(seekable, leaveOpen: leaveOpen)).Message;
            Assert.Contains(what, message);
            Assert.Equal(leaveOpen, seekable.CanRead);

            using var forward = new ClosableStream(data);
            var again = Assert.Throws<VoiceFormatException>(() => OpusContainers.Open(forward, leaveOpen: leaveOpen)).Message;
            using var awaited = new ClosableStream(data);
            var asynchronous = await Assert.ThrowsAsync<VoiceFormatException>(
                () => OpusContainers.OpenAsync(awaited, leaveOpen: leaveOpen));
            Assert.Equal((message, message), (again, asynchronous.Message));
            Assert.Equal((leaveOpen, leaveOpen), (!forward.IsClosed, !awaited.IsClosed));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Container_is_known_by_twelve_bytes_and_fewer_do_no_harm(string name)
    {
        var file = Corpus.Get(name);
        Assert.Equal(file.Container, OpusContainers.Identify(file.Data.AsSpan(0, 12)));
        for (var count = 0; count < 12; count++)
            Assert.Contains(OpusContainers.Identify(file.Data.AsSpan(0, count)), new OpusContainer?[] { null, file.Container });
        for (var count = 0; count < 100; count++)
        {
            var start = new TrickleStream(file.Data[..Math.Min(count, 24)], 5);
            Assert.Throws<VoiceFormatException>(() => OpusContainers.Open(start));
        }
    }

    // QuickTime begins with "wide" or "free" where there is room left, and a streamed file with what tells its segments.
    [Theory]
    [InlineData("wide")]
    [InlineData("free")]
    [InlineData("skip")]
    [InlineData("sidx")]
    [InlineData("pdin")]
    public void MP4_may_begin_with_a_box_that_says_nothing(string type)
    {
        var data = Corpus.Get("ffmpeg Mp4 -movflags frag_every_frame+empty_moov (mono)").Data;
        byte[] behind = [0, 0, 0, 16, .. Encoding.ASCII.GetBytes(type), .. new byte[8], .. data];
        using var reader = OpusContainers.Open(new TrickleStream(behind, 1000));
        Assert.Equal(OpusContainer.Mp4, reader.Container);
        Assert.Equal(OpusContainer.Mp4, OpusContainers.Identify(behind));
    }

    [Theory]
    [InlineData("For free: all you can hear.")]
    [InlineData("The wide world of sound.")]
    public void Text_is_no_MP4_whatever_it_says(string text) =>
        Assert.Null(OpusContainers.Identify(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Stream_that_cannot_be_read_is_an_argument_that_is_wrong()
    {
        Assert.Throws<ArgumentNullException>(() => OpusContainers.Open(null!));
        var closed = new MemoryStream();
        closed.Dispose();
        Assert.Throws<ArgumentException>(() => OpusContainers.Open(closed));
    }

    [Theory]
    [InlineData("ffmpeg Mp4 -movflags +faststart (mono)")]
    [InlineData("ffmpeg Caf (stereo)")]
    public async Task File_that_cannot_seek_is_awaited_into_little_more_memory_than_its_size(string name)
    {
        // The rest is what nobody reads: boxes and chunks that are free to be passed over.
        var data = Corpus.Get(name).Data;
        var isMp4 = Corpus.Get(name).Container == OpusContainer.Mp4;
        const int Rest = 9_000_000;
        byte[] free = isMp4
            ? [(Rest >> 24) & 0xFF, (Rest >> 16) & 0xFF, (Rest >> 8) & 0xFF, Rest & 0xFF, .. "free"u8, .. new byte[Rest - 8]]
            :
            [
                .. "free"u8,
                0,
                0,
                0,
                0,
                (Rest >> 24) & 0xFF,
                (Rest >> 16) & 0xFF,
                (Rest >> 8) & 0xFF,
                Rest & 0xFF,
                .. new byte[Rest],
            ];
        byte[] large = [.. data, .. free];
        await OpusInfo.ReadAsync(new TrickleStream(large, 100_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var info = await OpusInfo.ReadAsync(new TrickleStream(large, 100_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, large.Length, large.Length + 1024 * 1024);
        Assert.Equal(OpusInfo.Read(new MemoryStream(data)).Samples, info.Samples);
    }

    private static void AssertSame(OpusDump expected, OpusDump actual)
    {
        Assert.Equal(expected.Packets, actual.Packets);
        Assert.Equal(expected.Infos, actual.Infos);
        Assert.Equal(expected.Defects, actual.Defects);
        Assert.Equal(expected.Head.PreSkip, actual.Head.PreSkip);
        Assert.Equal(expected.Tags.Vendor, actual.Tags.Vendor);
        Assert.Equal(expected.Tags.Comments, actual.Tags.Comments);
    }

    private static Dictionary<string, byte[]> MakeOthers()
    {
        using var folder = new TemporaryFolder();
        string[][] outputs =
        [
            [folder["a.wav"]], [folder["a.mp3"]],
            ["-write_xing", "0", "-id3v2_version", "0", folder["bare.mp3"]], [folder["a.flac"]],
            [folder["a.aiff"]], [folder["a.aac"]], [folder["a.au"]], [folder["a.avi"]], [folder["a.m4a"]],
            ["-movflags", "frag_keyframe+empty_moov", folder["fragments.mp4"]],
            ["-c:a", "flac", "-strict", "-2", folder["flac.mp4"]], ["-c:a", "pcm_s16le", folder["a.mov"]],
            ["-c:a", "libvorbis", folder["vorbis.webm"]], ["-c:a", "flac", folder["flac.mka"]],
            ["-c:a", "libvorbis", folder["vorbis.ogg"]], ["-c:a", "flac", folder["flac.oga"]],
            ["-c:a", "pcm_s16be", folder["a.caf"]],
        ];
        string[] input = ["-f", "lavfi", "-i", "sine=440:d=0.3:r=48000"];
        Oracle.Run("ffmpeg", ["-v", "error", .. input, .. outputs.SelectMany(output => output)]);
        var noise = new byte[100_000];
        new Random(5).NextBytes(noise);
        return new Dictionary<string, byte[]>(folder.Files.ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes))
        {
            ["empty"] = [],
            ["text"] = "This is no voice message.\n"u8.ToArray(),
            ["utf-16"] = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("This is no voice message.")],
            ["page.html"] = "<!DOCTYPE html>\r\n<title>404 – nicht gefunden</title>"u8.ToArray(),
            ["noise"] = noise,
        };
    }

    /// <summary>Says whether it was closed.</summary>
    private sealed class ClosableStream(byte[] data) : ForwardOnlyStream
    {
        private int _position;

        public bool IsClosed { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, data.Length - _position);
            data.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            base.Dispose(disposing);
        }
    }

    /// <summary>Gives a few bytes at a time, later, and nothing to those who do not wait.</summary>
    private sealed class AwaitedStream(byte[] data, int most) : ForwardOnlyStream
    {
        private int _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position % 64 < most)
                await Task.Yield();
            var count = Math.Min(Math.Min(most, buffer.Length), data.Length - _position);
            data.AsSpan(_position, count).CopyTo(buffer.Span);
            _position += count;
            return count;
        }
    }
}
