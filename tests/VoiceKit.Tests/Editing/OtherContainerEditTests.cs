using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>Cutting and joining what comes in WebM, MP4 and CAF: as decoding it and cutting the samples.</summary>
public class OtherContainerEditTests
{
    private const int SignalToErrorDecibels = 25;

    private static readonly string[] Names =
    [
        "ffmpeg WebM -cluster_time_limit 300 (mono)", "opusenc  ! webmmux streamable=true (mono)", "chromium-mono.webm (short)",
        "ffmpeg Mp4 -movflags +faststart (mono)", "opusenc  ! mp4mux fragment-duration=300 (mono)", "chromium-mono.mp4 (short)",
        "ffmpeg Caf -ar 16000 (16 kHz)", "ffmpeg Mp4 -ar 16000 (16 kHz)",
    ];

    public static TheoryData<string> Files => [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Trimmed_is_what_decoding_and_cutting_gives(string name)
    {
        var file = Corpus.Get(name).Data;
        var (whole, dump) = (Pcm.Decode(file), OpusDump.Of(file));
        foreach (var (from, to) in new[] { (0.0, 0.5), (0, 1.0 / 48_000), (0.0065, 1), (0.3, 0.31), (0.77777, 1.2), (1.1, 100) })
        {
            var first = (int)Math.Round(from * OpusRates.Full);
            var last = (int)Math.Min(whole.Length, Math.Round(to * OpusRates.Full));
            using var output = new MemoryStream();
            var report = OpusEditor.Trim(new MemoryStream(file), output, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
            var trimmed = Pcm.Decode(output.ToArray());
            Assert.Equal((last - first, last - first), (trimmed.Length, report.Samples));
            CheckConforms(output.ToArray());

            // Its packets are a row of the original's, and what is heard begins where it does there, to the sample.
            var cut = OpusDump.Of(output.ToArray());
            var at = IndexOf(dump.Packets, cut.Packets);
            Assert.InRange(at, 0, dump.Packets.Count);
            var before = dump.Infos.Take(at).Sum(info => info.Duration);
            Assert.Equal(first + dump.TrimStart, before + cut.Head.PreSkip);

            // A decoder that has heard all that comes before gives the very same samples.
            if (at == 0)
                Assert.True(whole.AsSpan(first..last).SequenceEqual(trimmed), $"{from} to {to} s: the samples differ.");
            else
                Assert.InRange(
                    Pcm.SignalToError(whole.AsSpan(first..last), trimmed), SignalToErrorDecibels, double.PositiveInfinity);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Parts_of_a_split_are_as_long_as_the_whole(string name)
    {
        var file = Corpus.Get(name).Data;
        using var one = new MemoryStream();
        using var other = new MemoryStream();
        var parts = OpusEditor.Split(new MemoryStream(file), TimeSpan.FromSeconds(0.61), one, other);
        var whole = Pcm.Decode(file);
        Assert.Equal((29_280, whole.Length - 29_280), (parts[0].Samples, parts[1].Samples));
        Assert.True(whole.AsSpan(0, 29_280).SequenceEqual(Pcm.Decode(one.ToArray())));
    }

    [Fact]
    public void Joined_messages_of_all_containers_decode_to_the_samples_of_each()
    {
        var files = Names.Prepend("opusenc (mono)").Select(name => Corpus.Get(name).Data).ToArray();
        using var output = new MemoryStream();
        var report = OpusEditor.Join(files.Select(file => new MemoryStream(file)), output);
        float[] expected = [.. files.SelectMany(Pcm.Decode)];
        Assert.Equal((files.Length, (long)expected.Length), (report.LinkCount, report.Samples));
        Assert.True(expected.AsSpan().SequenceEqual(Pcm.Decode(output.ToArray())), "The samples differ.");
        CheckConforms(output.ToArray());

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.opus"], output.ToArray());
        Pcm.AssertClose("opusdec", Oracle.OpusDec(folder["a.opus"]), expected);
    }

    [Fact]
    public void Stereo_and_mono_of_different_containers_are_joined()
    {
        string[] names =
        [
            "ffmpeg WebM (stereo)", "ffmpeg Mp4 (short)", "chromium-stereo-slices-pause.mp4 (short)", "ffmpeg Caf (stereo)",
        ];
        var files = names.Select(name => Corpus.Get(name).Data).ToArray();
        using var output = new MemoryStream();
        OpusEditor.Join(files.Select(file => new MemoryStream(file)), output);
        float[] expected = [.. files.SelectMany(DecodeStereo)];
        Assert.True(expected.AsSpan().SequenceEqual(DecodeStereo(output.ToArray())), "The samples differ.");
        CheckConforms(output.ToArray());
    }

    private static float[] DecodeStereo(byte[] file)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default, channels: 2);
        return Pcm.ReadAll(reader);
    }

    private static void CheckConforms(byte[] ogg)
    {
        var check = OggOpusCheck.Run(new MemoryStream(ogg));
        Assert.True(check.IsConforming, string.Join("\n", check.Findings));
        Assert.Empty(OpusDump.Of(ogg).Defects);
    }

    private static int IndexOf(List<byte[]> packets, List<byte[]> row)
    {
        for (var at = 0; at + row.Count <= packets.Count; at++)
        {
            if (packets.Skip(at).Zip(row).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)))
                return at;
        }

        return -1;
    }
}
