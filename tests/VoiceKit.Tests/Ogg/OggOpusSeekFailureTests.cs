using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>Where a seek fails, reading goes on where it was, or says that it cannot.</summary>
public class OggOpusSeekFailureTests
{
    public static TheoryData<string> Files => ["short", "long", "chain"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_seek_that_fails_at_any_read_leaves_the_reader_where_it_was_or_without_a_place(string name)
    {
        var file = FileOf(name);
        var target = OggOpusOutline.Read(new MemoryStream(file)).Samples * 3 / 4;
        foreach (var isAsync in new[] { false, true })
        {
            var outcomes = (Stayed: 0, Lost: 0, Done: 0);
            for (var reads = 0; outcomes.Done == 0; reads++)
            {
                var stream = new UnsteadyStream(file);
                using var reader = OggOpusReader.Open(stream);
                for (var i = 0; i < 20; i++)
                    reader.Read();
                stream.ReadsLeft = reads;
                var failed = isAsync
                    ? await Record.ExceptionAsync(async () => await reader.SeekAsync(target))
                    : Record.Exception(() => reader.Seek(target));
                stream.ReadsLeft = int.MaxValue;
                if (failed is null)
                {
                    outcomes.Done++;
                    continue;
                }

                Assert.IsType(isAsync ? typeof(OperationCanceledException) : typeof(IOException), failed);
                if (reader.Packet.IsEmpty)
                {
                    outcomes.Lost++;
                    Assert.Throws<InvalidOperationException>(() => reader.Read());
                    await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
                }
                else
                {
                    outcomes.Stayed++;
                    for (var i = 19; i < 500; i++)
                    {
                        Assert.Equal(i, NumberedPackets.NumberOf(reader.Packet));
                        Assert.True(reader.Read());
                    }

                    Assert.Empty(reader.Defects);
                }

                CheckSeek(reader, target);
            }

            Assert.InRange(outcomes.Stayed, 1, 1000);
            Assert.InRange(outcomes.Lost, name == "chain" ? 1 : 0, 20);
        }
    }

    [Fact]
    public void A_seek_where_there_is_no_audio_leaves_the_stream_where_it_was()
    {
        byte[] headers = new OggBytes().Head().Tags().ToArray();
        using var stream = new MemoryStream(headers);
        using var reader = OggOpusReader.Open(stream, leaveOpen: true);
        stream.Position = 3;
        reader.Seek(1000);
        Assert.Equal(3, stream.Position);
    }

    [Fact]
    public void Decoding_goes_on_behind_a_seek_that_failed()
    {
        var file = Pcm.Encode(Signals.Voice(48_000 * 10), new VoiceKit.Audio.AudioFormat(48_000, 1));
        var expected = Pcm.Decode(file);
        var stream = new UnsteadyStream(file);
        using var reader = new OpusAudioReader(stream, LibOpusCodec.Default);
        var start = new float[5000];
        var count = reader.Read(start);
        stream.ReadsLeft = 1;
        Assert.Throws<IOException>(() => reader.Seek(48_000 * 8));
        stream.ReadsLeft = int.MaxValue;
        float[] actual = [.. start.AsSpan(0, count), .. Pcm.ReadAll(reader)];
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Defects_that_a_seek_has_passed_over_are_found_when_they_are_read()
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(5000), (page, index) => index == 30 ? [] : [page]);
        using var reader = OggOpusReader.Open(file);
        reader.Seek(4900 * 960);
        Drain(reader);
        Assert.Empty(reader.Defects);
        reader.Seek(0);
        Drain(reader);
        Assert.Equal(OpusDefectKind.MissingPages, Assert.Single(reader.Defects).Kind);
        for (var target = 0; target < 4900; target += 100)
        {
            reader.Seek(target * 960);
            Drain(reader);
        }

        Assert.Equal(1, reader.DefectCount);
    }

    [Fact]
    public void Defects_that_a_seek_has_passed_over_throw_when_they_are_read_strictly()
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(5000), (page, index) => index == 30 ? [] : [page]);
        using var reader = OggOpusReader.Open(file, new OpusReaderOptions { Strict = true });
        reader.Seek(4900 * 960);
        Drain(reader);
        reader.Seek(0);
        Assert.Throws<VoiceFormatException>(() => Drain(reader));
    }

    [Fact]
    public void A_defect_on_the_page_that_a_seek_has_landed_on_is_found_when_it_is_read()
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(5000), (page, index) => index == 30 ? [] : [page]);
        for (var target = 1300; target < 1500; target += 10)
        {
            using var reader = OggOpusReader.Open(file);
            reader.Seek(target * 960);
            Drain(reader);
            reader.Seek(0);
            Drain(reader);
            Assert.Equal(OpusDefectKind.MissingPages, Assert.Single(reader.Defects).Kind);
        }
    }

    [Fact]
    public void A_missing_end_is_not_listed_twice()
    {
        using var reader = OggOpusReader.Open(NumberedPackets.File(5000).AsMemory(..^40));
        Drain(reader);
        var count = reader.DefectCount;
        reader.Seek(4000 * 960);
        Drain(reader);
        Assert.Equal(count, reader.DefectCount);
        Assert.Contains(reader.Defects, defect => defect.Kind == OpusDefectKind.MissingEnd);
    }

    private static byte[] FileOf(string name) => name switch
    {
        "short" => NumberedPackets.File(1000),
        "long" => NumberedPackets.File(60_000),
        _ =>
        [
            .. NumberedPackets.File(30_000, new OpusWriterOptions { Serial = 1 }),
            .. NumberedPackets.File(30_000, new OpusWriterOptions { Serial = 2 }, first: 30_000),
        ],
    };

    private static void CheckSeek(OggOpusReader reader, long target)
    {
        reader.Seek(target);
        do
            Assert.True(reader.Read());
        while (reader.PacketInfo.Playable == 0);
        Assert.Equal(target, reader.PacketInfo.Position);
    }

    private static void Drain(OggOpusReader reader)
    {
        while (reader.Read())
        {
        }
    }
}
