using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>Files of other programs, put into other containers: the packets and the samples stay what they are.</summary>
public class RemuxCorpusTests
{
    private const int SurroundChannels = 6;

    private static readonly OpusWriterOptions Fixed = new() { Serial = 77 };

    private static readonly Lazy<byte[]> Surround = new(EncodeSurround);

    public static TheoryData<string> AllFiles => [.. Enum.GetValues<OpusContainer>().SelectMany(Corpus.NamesOf)];

    public static TheoryData<string> OggFiles => [.. Corpus.NamesOf(OpusContainer.Ogg)];

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void File_becomes_Ogg_of_the_same_packets_and_samples(string name)
    {
        var file = Corpus.Get(name);
        var (ogg, report) = Remux(file.Data, OpusContainer.Ogg);
        var (before, after) = (OpusDump.Of(file.Data), OpusDump.Of(ogg));
        Assert.Equal(HeardPackets(before), after.Packets);
        Assert.True(Pcm.Decode(file.Data).AsSpan().SequenceEqual(Pcm.Decode(ogg)), "The samples differ.");
        Assert.Equal((file.Container, before.Samples, before.Heads.Count), (report.Source, report.Samples, report.LinkCount));
        Assert.Equal((after.Packets.Count, 0), (report.PacketCount, report.LostSamples));

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.opus"], ogg);
        CheckConforms(ogg);
        AssertQuiet(folder["a.opus"], before.Head.PreSkip);
        Assert.Equal(before.Samples * before.Head.Channels, Oracle.OpusDec(folder["a.opus"]).Length);
    }

    [Theory]
    [MemberData(nameof(OggFiles))]
    public void Ogg_comes_back_from_WebM_as_it_went(string name)
    {
        var ogg = Corpus.Get(name).Data;
        if (OpusDump.Of(ogg).Heads.Count > 1)
            Assert.Contains("chained", RefusalOf(ogg, OpusContainer.WebM));
        else
            CheckRoundTrip(ogg, OpusContainer.WebM);
    }

    [Theory]
    [MemberData(nameof(OggFiles))]
    public void Ogg_comes_back_from_CAF_as_it_went(string name)
    {
        var ogg = Corpus.Get(name).Data;
        var heads = OpusDump.Of(ogg).Heads;
        if (heads.Count > 1)
            Assert.Contains("chained", RefusalOf(ogg, OpusContainer.Caf));
        else if (heads[0].OutputGain != 0)
            Assert.Contains("gain", RefusalOf(ogg, OpusContainer.Caf));
        else
            CheckRoundTrip(ogg, OpusContainer.Caf);
    }

    [Fact]
    public void Surround_comes_back_from_WebM_as_it_went_and_is_refused_in_CAF()
    {
        CheckRoundTrip(Surround.Value, OpusContainer.WebM);
        Assert.Contains($"{SurroundChannels} channels", RefusalOf(Surround.Value, OpusContainer.Caf));
    }

    [Fact]
    public void Two_streams_of_one_channel_are_refused_in_CAF()
    {
        var packets = Pcm.PacketsOf(Corpus.Get("ffmpeg Ogg (short)").Data);
        var bytes = new MemoryStream();
        var head = OpusHead.Parse([.. "OpusHead"u8, 1, 2, 0x38, 1, 0x80, 0xBB, 0, 0, 0, 0, 1, 2, 0, 0, 1]);
        using (var writer = new OggOpusWriter(bytes, head, new OpusTags("test"), leaveOpen: true))
        {
            foreach (var packet in packets)
                writer.WritePacket([packet[0], 0, .. packet]); // The first stream has a frame of no bytes: RFC 6716 appendix B.
            writer.Finish();
        }

        CheckRoundTrip(bytes.ToArray(), OpusContainer.WebM);
        Assert.Contains("2 streams", RefusalOf(bytes.ToArray(), OpusContainer.Caf));
    }

    [Theory]
    [InlineData(OpusContainer.WebM)]
    [InlineData(OpusContainer.Caf)]
    [InlineData(OpusContainer.Ogg)]
    public void Output_that_cannot_seek_holds_the_same(OpusContainer container)
    {
        var ogg = Corpus.Get("opusenc (mono)").Data;
        using var output = new MemoryStream();
        using (var forward = new ForwardOutput(output))
            OpusEditor.Remux(new MemoryStream(ogg), forward, container, Fixed);
        var (before, after) = (OpusDump.Of(ogg), OpusDump.Of(output.ToArray()));
        Assert.Equal(before.Packets, after.Packets);
        Assert.Equal(before.Infos, after.Infos);
    }

    [Fact]
    public void MP4_holds_the_same_packets_and_samples()
    {
        CheckRoundTrip(Corpus.Get("opusenc (mono)").Data, OpusContainer.Mp4);
        Assert.Contains("chained", RefusalOf(
            [.. Corpus.Get("opusenc (mono)").Data, .. Corpus.Get("opusenc (mono)").Data], OpusContainer.Mp4));
    }

    private static void CheckRoundTrip(byte[] ogg, OpusContainer container)
    {
        var (other, report) = Remux(ogg, container);
        var (back, _) = Remux(other, OpusContainer.Ogg);
        Assert.Equal(container, OpusContainers.Identify(other));
        CheckConforms(back);

        var before = OpusDump.Of(ogg);
        foreach (var file in new[] { other, back })
        {
            var after = OpusDump.Of(file);
            Assert.Equal(HeardPackets(before), after.Packets);
            Assert.Equal(before.Infos.Take(after.Infos.Count), after.Infos);
            Assert.Empty(after.Defects);
            Assert.Equal((before.Head.PreSkip, before.Head.OutputGain), (after.Head.PreSkip, after.Head.OutputGain));
            Assert.Equal(before.Head.Channels, after.Head.Channels);
            Assert.True(Pcm.Decode(ogg).AsSpan().SequenceEqual(Pcm.Decode(file)), "The samples differ.");
        }

        Assert.Equal(before.Samples, report.Samples);
    }

    // GStreamer ends a stream of 2.5 ms packets with more than one of which nothing is heard. RFC 7845 §4.4: what is trimmed
    // SHOULD be no more than the last packet.
    private static IEnumerable<byte[]> HeardPackets(OpusDump dump) =>
        dump.Packets.Take(dump.Infos.FindLastIndex(info => info.TrimEnd < info.Duration) + 1);

    // RFC 7845 §4.2 knows no least pre-skip, but opusinfo does. Where there is none in the source, every sample is to be heard.
    private static void AssertQuiet(string path, int preSkip) => Assert.All(Oracle.Warnings(path), warning =>
    {
        Assert.Equal(0, preSkip);
        Assert.Contains("Implausibly low preskip", warning);
    });

    private static void CheckConforms(byte[] ogg)
    {
        var check = OggOpusCheck.Run(new MemoryStream(ogg));
        Assert.True(check.IsConforming, string.Join("\n", check.Findings));
        Assert.Empty(OpusDump.Of(ogg).Defects);
    }

    private static (byte[] File, OpusCopyReport Report) Remux(byte[] file, OpusContainer container)
    {
        using var output = new MemoryStream();
        var report = OpusEditor.Remux(new MemoryStream(file), output, container, Fixed);
        return (output.ToArray(), report);
    }

    private static string RefusalOf(byte[] file, OpusContainer container) =>
        Assert.Throws<VoiceFormatException>(() => Remux(file, container)).Message;

    private static byte[] EncodeSurround()
    {
        using var folder = new TemporaryFolder();
        string[] input = ["-f", "lavfi", "-i", "sine=440:d=1:r=48000", "-ac", $"{SurroundChannels}"];
        Oracle.Run("ffmpeg", ["-v", "error", .. input, "-c:a", "libopus", "-mapping_family", "1", folder["a.opus"]]);
        return File.ReadAllBytes(folder["a.opus"]);
    }

    private sealed class ForwardOutput(Stream target) : ForwardOnlyStream
    {
        public override bool CanWrite => true;

        public override void Write(ReadOnlySpan<byte> buffer) => target.Write(buffer);
    }
}
