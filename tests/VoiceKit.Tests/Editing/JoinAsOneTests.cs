using VoiceKit.Audio;
using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>Messages that are joined into one stream: copied but for the sound next to a seam, where nothing clicks.</summary>
public class JoinAsOneTests
{
    private static readonly IOpusCodec Codec = LibOpusCodec.Default;

    public static TheoryData<int, int, double, OpusApplication> Kinds => new()
    {
        { 1, 24_000, 20, OpusApplication.Voip }, { 1, 12_000, 60, OpusApplication.Voip },
        { 1, 64_000, 20, OpusApplication.Audio },
        { 2, 64_000, 20, OpusApplication.Audio }, { 2, 32_000, 40, OpusApplication.Voip },
        { 1, 48_000, 2.5, OpusApplication.Audio },
        { 1, 24_000, 120, OpusApplication.Voip },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_is_one_stream_that_sounds_like_both(
        int channels, int bitrate, double milliseconds, OpusApplication application)
    {
        var first = Encode(Voice(channels, 2.03), channels, bitrate, milliseconds, application);
        var second = Encode(Voice(channels, 1.57), channels, bitrate, milliseconds, application);
        var (joined, report) = Join(first, second);
        Assert.Equal((1, 1), (report.LinkCount, OpusInfo.Read(new MemoryStream(joined)).LinkCount));
        Assert.True(OggOpusCheck.Run(new MemoryStream(joined)).IsConforming);
        var (a, b, all) = (Pcm.Decode(first), Pcm.Decode(second), Pcm.Decode(joined));
        Assert.Equal(report.Samples * channels, all.Length);
        Assert.InRange(all.Length - a.Length - b.Length, -480 * channels, 480 * channels);

        // What is copied is the same: to the bit before the seam, and behind it once the decoder has come to the same state.
        var kept = a.Length - (240 * 48 + 5760) * channels;
        Assert.True(a.AsSpan(0, kept).SequenceEqual(all.AsSpan(0, kept)), "What is before the seam differs.");
        var last = Math.Min(b.Length, all.Length) - (240 * 48 + 5760 + 24_000) * channels;
        Assert.InRange(Pcm.SignalToError(b.AsSpan(b.Length - last), all.AsSpan(all.Length - last)), 25, double.MaxValue);
        AssertNoClick(all, a.Length, channels);
    }

    [Theory]
    [InlineData(24_000, OpusApplication.Voip)]
    [InlineData(64_000, OpusApplication.Audio)]
    public void What_was_cut_in_two_goes_on_without_a_gap(int bitrate, OpusApplication application)
    {
        var whole = Encode(Voice(1, 4), 1, bitrate, 20, application);
        var expected = Pcm.Decode(whole);
        var at = Enumerable.Range(50, 100).Select(i => 960 * i + 34).MaxBy(i => Power(expected.AsSpan(i - 960, 1920)));
        var (first, second) = (new MemoryStream(), new MemoryStream());
        OpusEditor.Split(new MemoryStream(whole), OpusRates.ToTime(at), first, second);
        var (joined, _) = Join(first.ToArray(), second.ToArray());
        var actual = Pcm.Decode(joined);
        Assert.InRange(actual.Length - expected.Length, -240, 240);

        // The level does not dip where it was cut, in the middle of sound.
        var (before, after) = (Power(expected.AsSpan(at - 960, 1920)), Power(actual.AsSpan(at - 960, 1920)));
        Assert.InRange(after / before, 0.5, 2);
        AssertNoClick(actual, at, 1);
    }

    [Fact]
    public void Messages_of_any_length_are_joined_in_any_number()
    {
        double[][] lengths =
            [[0.01, 0.01], [0.2, 0.3, 0.1], [2, 0.05, 0.05, 2], [0.05, 3], [3, 0.05], [1, 1, 1, 1, 1], [2]];
        foreach (var seconds in lengths)
        {
            byte[][] files = [.. seconds.Select(length => Encode(Voice(1, length), 1, 24_000, 20, OpusApplication.Voip))];
            var (joined, report) = Join(files);
            var expected = files.Sum(file => OpusInfo.Read(new MemoryStream(file)).Samples);
            Assert.InRange(report.Samples - expected, -480 * files.Length, 480 * files.Length);
            Assert.Equal(report.Samples, Pcm.Decode(joined).Length);
            Assert.True(OggOpusCheck.Run(new MemoryStream(joined)).IsConforming);
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder["a.opus"], joined);
            Assert.Empty(Oracle.Warnings(folder["a.opus"]));
            Assert.Equal(report.Samples, Oracle.OpusDec(folder["a.opus"]).Length);
        }
    }

    [Fact]
    public void A_message_of_other_channels_or_gain_is_a_link_of_its_own()
    {
        var mono = Encode(Voice(1, 1), 1, 24_000, 20, OpusApplication.Voip);
        var stereo = Encode(Voice(2, 1), 2, 24_000, 20, OpusApplication.Voip);
        var louder = new MemoryStream();
        OpusEditor.Amplify(new MemoryStream(mono), louder, 6);
        var (joined, report) = Join(mono, mono, stereo, louder.ToArray(), louder.ToArray());
        Assert.Equal((3, 3), (report.LinkCount, OpusInfo.Read(new MemoryStream(joined)).LinkCount));
    }

    [Fact]
    public void Other_containers_are_joined_and_nothing_is_refused()
    {
        var ogg = Encode(Voice(1, 1), 1, 24_000, 20, OpusApplication.Voip);
        var files = new[] { OpusContainer.WebM, OpusContainer.Mp4, OpusContainer.Caf }.Select(container =>
        {
            var output = new MemoryStream();
            OpusEditor.Remux(new MemoryStream(ogg), output, container);
            return output.ToArray();
        }).ToArray();
        Assert.Equal(1, Join(files).Report.LinkCount);
        Assert.Throws<ArgumentException>(() => OpusEditor.JoinAsOne([], Stream.Null, Codec));
        Assert.Throws<VoiceFormatException>(() => Join(new byte[1000]));
    }

    private static (byte[] File, OpusCopyReport Report) Join(params byte[][] files)
    {
        var output = new MemoryStream();
        var report = OpusEditor.JoinAsOne(files.Select(file => new MemoryStream(file)), output, Codec);
        return (output.ToArray(), report);
    }

    private static float[] Voice(int channels, double seconds) => Signals.Voice((int)(48_000 * seconds), channels: channels);

    private static byte[] Encode(float[] pcm, int channels, int bitrate, double milliseconds, OpusApplication application) =>
        Pcm.Encode(
        pcm,
        new AudioFormat(48_000, channels),
        new VoiceEncodingOptions
        {
            Channels = channels,
            Encoder = new()
            {
                Channels = channels,
                Bitrate = bitrate,
                PacketDuration = TimeSpan.FromMilliseconds(milliseconds),
                Application = application,
            },
        });

    // A click is a step that the sound around it has not.
    private static void AssertNoClick(float[] pcm, int at, int channels)
    {
        var around = Steps(
            pcm, Math.Max(channels, at - 48_000 * channels), Math.Min(pcm.Length, at + 48_000 * channels), channels);
        var near = Steps(pcm, Math.Max(channels, at - 14_400 * channels), Math.Min(pcm.Length, at + 14_400 * channels), channels);
        Assert.InRange(near, 0, 1.5f * around + 0.01f);
        Assert.InRange(pcm.Max(Math.Abs), 0, 1.1f);
    }

    private static float Steps(float[] pcm, int start, int end, int channels)
    {
        var steps = new List<float>();
        for (var i = start; i < end; i++)
            steps.Add(Math.Abs(pcm[i] - pcm[i - channels]));
        steps.Sort();
        return steps[^(1 + steps.Count / 1000)];
    }

    private static double Power(ReadOnlySpan<float> pcm)
    {
        var power = 1e-9;
        foreach (var sample in pcm)
            power += sample * sample;
        return power;
    }
}
