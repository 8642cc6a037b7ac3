using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;
using VoiceKit.WebM;

namespace VoiceKit.Tests.Editing;

/// <summary>A repair makes a message of packets whose headers are lost.</summary>
public class LostHeaderTests
{
    private const int PreSkip = 312;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Ogg_without_its_first_pages_is_repaired(int lost)
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(300), (page, index) => index < lost ? [] : [page]);
        Assert.Throws<VoiceFormatException>(() => OpusInfo.Read(new MemoryStream(file)));
        var kept = 300 - 50 * Math.Max(0, lost - 2);
        CheckRepair(file, kept, kept);
    }

    [Fact]
    public void The_tags_are_kept_where_only_the_head_is_lost()
    {
        var tagged = new MemoryStream();
        OggOpusTagEdit.Copy(
            new MemoryStream(NumberedPackets.File(300)), tagged, tags => tags.With("TITLE", new string('x', 90_000)));
        var file = OggBytes.Rewrite(tagged.ToArray(), (page, index) => index < 1 ? [] : [page]);
        Assert.Equal(90_000, CheckRepair(file, 300, 300).Tags.GetValue("TITLE")!.Length);
    }

    [Fact]
    public void Ogg_cut_anywhere_is_repaired()
    {
        var whole = NumberedPackets.File(300);
        var random = new Random(11);
        for (var i = 0; i < 50; i++)
            CheckRepair(whole[random.Next(60, whole.Length * 3 / 4)..], 50, 300);
    }

    [Fact]
    public void Stereo_is_told_by_the_packets()
    {
        var bytes = new OggBytes().Page(OggPageFlags.None, 4800, 7, [.. Enumerable.Repeat<byte[]>([0xFC, 1, 2, 3], 5)])
            .Page(OggPageFlags.EndOfStream, 9600, 7, [.. Enumerable.Repeat<byte[]>([0xFC, 1, 2, 3], 5)]);
        var info = CheckRepair(bytes.ToArray(), 10, 10);
        Assert.Equal((2, 48_000L), (info.Head.Channels, info.Head.InputSampleRate));
    }

    [Fact]
    public void Vorbis_without_its_headers_is_no_Opus()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=3", "-c:a", "libvorbis", folder["a.ogg"]);
        var file = OggBytes.Rewrite(File.ReadAllBytes(folder["a.ogg"]), (page, index) => index < 2 ? [] : [page]);
        Assert.Throws<VoiceFormatException>(() => { OpusEditor.Repair(new MemoryStream(file), Stream.Null); });
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.77)]
    public void WebM_without_its_beginning_is_repaired(double part)
    {
        var webM = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(NumberedPackets.File(1000)), webM, OpusContainer.WebM);
        var file = webM.ToArray()[(int)(webM.Length * part)..];
        var about = (int)(1000 * (1 - part));
        CheckRepair(file, about - 100, about + 100);
    }

    [Fact]
    public void A_browsers_recording_without_its_first_chunk_is_repaired()
    {
        var whole = BrowserRecording.Get("chromium-mono.webm").Load();
        ReadOnlySpan<byte> id = [0x1F, 0x43, 0xB6, 0x75];
        var cluster = whole.AsSpan().IndexOf(id);
        var info = OpusInfo.Read(new MemoryStream(whole));
        var report = OpusEditor.Repair(new MemoryStream(whole[cluster..]), Stream.Null);
        Assert.Equal(info.PacketCount, report.PacketCount);
    }

    private static OpusInfo CheckRepair(byte[] file, int atLeast, int atMost)
    {
        var output = new MemoryStream();
        var report = OpusEditor.Repair(new MemoryStream(file), output);
        Assert.Contains(report.Defects, defect => defect.Kind == OpusDefectKind.BadHead);
        var info = OpusInfo.Read(new MemoryStream(output.ToArray()));
        Assert.Empty(info.Defects);
        Assert.InRange(info.PacketCount, atLeast, atMost);
        Assert.Equal(report.Samples, info.Samples);
        return info;
    }
}
