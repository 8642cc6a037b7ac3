using VoiceKit.Audio;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>
/// Streams with pages that are marked as the last, and trimmed, in their middle, as some recorders leave at a pause: what is
/// dropped there in playing is dropped in all that is made of them.
/// </summary>
public class PausedRecordingTests
{
    private const int Rate = 48_000;

    private static byte[] Voice => field ??= Pcm.Encode(
        Signals.Voice(Rate * 6),
        new AudioFormat(Rate, 1),
        new VoiceEncodingOptions
        {
            Container = new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(60) },
        });

    /// <summary>Which pages trim how much, and whether the granule positions behind count on without what is trimmed.</summary>
    public static TheoryData<int[], int, bool> Pauses => new()
    {
        { [30], 500, false },
        { [30], 500, true },
        { [30], 2880, false },
        { [20, 21, 60], 1000, true },
        { [20, 21, 60], 2000, false },
        { [2, 95], 700, false },
    };

    [Theory]
    [MemberData(nameof(Pauses))]
    public void Copies_drop_what_playing_drops(int[] pages, int trim, bool countsOn)
    {
        var file = Pause(Voice, pages, trim, countsOn);
        var pcm = Pcm.Decode(file);
        foreach (var copy in new Func<Stream, Stream, OpusCopyReport>[]
        {
            (input, output) => OpusEditor.Remux(input, output, OpusContainer.Ogg),
            (input, output) => OpusEditor.Repair(input, output),
            (input, output) => OpusEditor.Join([input], output),
            (input, output) => OpusEditor.Trim(input, output, TimeSpan.Zero),
            (input, output) => OpusEditor.Regroup(input, output, TimeSpan.FromMilliseconds(60)),
        })
        {
            var output = new MemoryStream();
            var report = copy(new MemoryStream(file), output);
            var copied = Pcm.Decode(output.ToArray());
            Assert.Equal((pcm.Length, (long)pcm.Length, 0L), (copied.Length, report.Samples, report.UntrimmedSamples));
            Assert.InRange(Pcm.SignalToError(pcm, copied), 40, double.PositiveInfinity);
            CheckConforming(output.ToArray(), pcm.Length);
        }
    }

    [Theory]
    [InlineData(0.1, 1.9)]
    [InlineData(1.5, 2.5)]
    [InlineData(1.65, 1.7)]
    [InlineData(3.1, 5)]
    public void A_stretch_over_or_behind_a_pause_is_cut_to_the_sample(double from, double to)
    {
        var file = Pause(Voice, [30], 500, countsOn: true);
        var (first, last) = ((int)Math.Round(from * Rate), (int)Math.Round(to * Rate));
        var output = new MemoryStream();
        OpusEditor.Trim(new MemoryStream(file), output, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
        var cut = Pcm.Decode(output.ToArray());
        Assert.Equal(last - first, cut.Length);
        Assert.InRange(Pcm.SignalToError(Pcm.Decode(file).AsSpan(first..last), cut), 25, double.PositiveInfinity);
    }

    [Theory]
    [InlineData(OpusContainer.WebM)]
    [InlineData(OpusContainer.Caf)]
    public void A_container_that_cannot_drop_in_the_middle_is_longer_by_as_much_as_is_reported(OpusContainer container)
    {
        var file = Pause(Voice, [30, 50], 500, countsOn: false);
        var output = new MemoryStream();
        var report = OpusEditor.Remux(new MemoryStream(file), output, container);
        Assert.Equal((1000, 1), (report.UntrimmedSamples, report.LinkCount));
        var length = Pcm.Decode(output.ToArray()).Length;
        Assert.Equal(report.Samples, length);
        Assert.Equal(Pcm.Decode(file).Length + 1000, length);
    }

    [Fact]
    public void Endless_pauses_do_not_make_an_endless_file()
    {
        var tags = new OpusTags("test").With("TITLE", new string('x', 20_000));
        var file = Pause(
            NumberedPackets.File(
                3000, new OpusWriterOptions { MaxPageDuration = TimeSpan.Zero }), Enumerable.Range(2, 2900), 900, countsOn: true);
        var bytes = new MemoryStream();
        OggOpusTagEdit.Copy(new MemoryStream(file), bytes, _ => tags);
        var output = new MemoryStream();
        var report = OpusEditor.Remux(new MemoryStream(bytes.ToArray()), output, OpusContainer.Ogg);
        Assert.Equal(OpusInfo.Read(new MemoryStream(file)).Samples + report.UntrimmedSamples, report.Samples);
        Assert.InRange(report.UntrimmedSamples, 1, 3000 * 900);
        Assert.InRange(output.Length, 0, 101 * 30_000L + 4 * file.Length);
    }

    [Fact]
    public void What_is_lost_behind_a_pause_is_silence_up_to_the_end_of_a_stretch()
    {
        var paused = Pause(Voice, [30], 500);
        var file = OggBytes.Rewrite(paused, (page, index) => index == 31 ? [] : [page]);
        var end = TimeSpan.FromSeconds(1.75);
        var output = new MemoryStream();
        var report = OpusEditor.Trim(new MemoryStream(file), output, TimeSpan.Zero, end);
        Assert.Equal(1.75 * Rate, report.Samples);
        Assert.InRange(report.LostSamples, 1, 2879);
        CheckConforming(output.ToArray(), (int)report.Samples);
    }

    private static byte[] Pause(byte[] file, IEnumerable<int> pages, int trim, bool countsOn = false)
    {
        var (set, before) = (pages.ToHashSet(), 0);
        return OggBytes.Rewrite(file, (page, index) =>
        {
            var isPause = set.Contains(index);
            var granule = new OggPage(page).Granule - before - (isPause ? trim : 0);
            if (isPause)
                page[OggPage.FlagsAt] |= (byte)OggPageFlags.EndOfStream;
            if (isPause && countsOn)
                before += trim;
            if (index >= 2)
                BitConverter.TryWriteBytes(page.AsSpan(OggPage.GranuleAt), granule);
            return [page];
        });
    }

    private static void CheckConforming(byte[] file, int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.opus"], file);
        Assert.Empty(Oracle.Warnings(folder["x.opus"]));
        var check = OggOpusCheck.Run(new MemoryStream(file));
        Assert.True(check.IsConforming, string.Join("\n", check.Findings));
        Assert.Empty(OpusInfo.Read(new MemoryStream(file)).Defects);
        Assert.Equal(length, Oracle.OpusDec(folder["x.opus"]).Length);
    }
}
