using System.Buffers.Binary;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Files of other programs in WebM, MP4 and CAF: those of what was encoded, and those of ffmpeg.</summary>
public class ContainerCorpusTests
{
    private static readonly OpusContainer[] Containers = [OpusContainer.WebM, OpusContainer.Mp4, OpusContainer.Caf];

    private static readonly Lazy<Dictionary<string, float[]>> ByFfmpeg = new(DecodeAllByFfmpeg);

    public static TheoryData<string> Files => [.. Containers.SelectMany(Corpus.NamesOf)];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_decodes_as_with_ffmpeg_but_for_trims_that_it_takes_otherwise(string name)
    {
        var file = Corpus.Get(name);
        var dump = OpusDump.Of(file.Data);
        var channels = dump.Head.Channels;
        var (start, end) = TrimsOfFfmpeg(file, dump);
        var all = dump.DecodeAll().AsSpan();
        Pcm.AssertClose("ffmpeg", all[(start * channels)..^(end * channels)].ToArray(), ByFfmpeg.Value[name]);

        var ours = Pcm.Decode(file.Data);
        Assert.True(all[(dump.TrimStart * channels)..^(dump.TrimEnd * channels)].SequenceEqual(ours), "The samples differ.");
        Assert.Equal(dump.Samples * channels, ours.Length);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_is_as_long_as_what_was_encoded(string name)
    {
        var file = Corpus.Get(name);
        using var stream = new MemoryStream(file.Data);
        var info = OpusInfo.Read(stream);
        var dump = OpusDump.Of(file.Data);
        Assert.Equal((file.Container, dump.Samples, dump.Packets.Count), (info.Container, info.Samples, info.PacketCount));
        Assert.Equal((0, 0), (info.LostSamples, info.GapSamples));

        var recipe = CorpusRecipes.All.Single(recipe => recipe.Name == name);
        var (pcm, format) = recipe.Input.Sound;
        if (!IsByChromium(file) && file.Container != OpusContainer.Caf)
            Assert.Equal((long)pcm.Length / format.Channels * (OpusRates.Full / format.SampleRate), info.Samples);
        else
            Assert.Equal(dump.Infos.Sum(packet => packet.Duration) - info.Head.PreSkip, info.Samples);
    }

    // GStreamer writes dOps with its numbers little-endian ("Encapsulation of Opus in ISO Base Media File Format" §4.3.2 has them
    // big-endian). And ffmpeg, at 16 kHz, gives a CodecDelay in Matroska that is not the pre-skip of the OpusHead beside it.
    [Theory]
    [MemberData(nameof(Files))]
    public void File_has_defects_only_where_its_writer_errs(string name)
    {
        var file = Corpus.Get(name);
        var errs = IsMp4ByGStreamer(file) || name.StartsWith("ffmpeg WebM -ar 16000", StringComparison.Ordinal);
        var kinds = OpusDump.Of(file.Data).Defects.Select(defect => defect.Kind);
        Assert.Equal(errs ? [OpusDefectKind.BadHead] : [], kinds);
    }

    /// <summary>What ffmpeg 5.1 drops at the start and at the end, in samples at 48 kHz.</summary>
    private static (int Start, int End) TrimsOfFfmpeg(CorpusFile file, OpusDump dump)
    {
        // RFC 9559 §5.1.4.1.28 and §5.1.3.5.4 (CodecDelay, DiscardPadding) as we do; and CAF of its own, without trims.
        if (file.Container != OpusContainer.Mp4)
            return (dump.TrimStart, dump.TrimEnd);

        // It takes the numbers of dOps for big-endian whatever they are: 312 (0x0138) becomes 14,337 (0x3801).
        if (IsMp4ByGStreamer(file))
            return (BinaryPrimitives.ReverseEndianness((ushort)dump.TrimStart), 0);

        // The edit list's media time is in units of the media's time scale (ISO/IEC 14496-12 §8.6.6), here 16 kHz, which it takes
        // for samples of the decoder's 48 kHz. What the last sample lasts shorter than its packet (§4.4 of the Opus mapping) it
        // plays, everywhere.
        var factor = file.Name.Contains("-ar 16000", StringComparison.Ordinal) ? 3 : 1;
        return (dump.TrimStart / factor, 0);
    }

    private static bool IsMp4ByGStreamer(CorpusFile file) =>
        file.Container == OpusContainer.Mp4 && file.Name.StartsWith("opusenc", StringComparison.Ordinal);

    private static bool IsByChromium(CorpusFile file) => file.Name.StartsWith("chromium", StringComparison.Ordinal);

    private static Dictionary<string, float[]> DecodeAllByFfmpeg()
    {
        var files = Containers.SelectMany(Corpus.GetAll).ToArray();
        var decoded = FfmpegBatch.Decode([.. files.Select(file => file.Data)]);
        return files.Zip(decoded).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }
}
