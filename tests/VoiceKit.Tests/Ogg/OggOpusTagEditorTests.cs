using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

public sealed class OggOpusTagEditorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pages_behind_one_that_begins_nothing_are_still_renumbered()
    {
        var file = new OggBytes().Head().Tags().Audio(5, 4800)
            .Page(OggPageFlags.BeginOfStream, 0, 1, OggBytes.Packet).Audio(5, 14_400, OggPageFlags.EndOfStream).ToArray();
        using var before = OggOpusReader.Open(file);
        var output = new MemoryStream();
        OggOpusTagEdit.Copy(new MemoryStream(file), output, tags => tags.With("TITLE", new string('x', 70_000)));
        using var after = OggOpusReader.Open(output.ToArray());
        while (before.Read())
        {
            Assert.True(after.Read());
            Assert.Equal(before.PacketInfo, after.PacketInfo);
        }

        Assert.Equal((before.LostSamples, before.Position), (after.LostSamples, after.Position));
    }

    [Fact]
    public void The_first_edit_makes_room_and_the_next_ones_touch_only_the_header_page()
    {
        var path = Voice("a.opus");
        var samples = Oracle.OpusDec(path);
        var result = OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", new string('x', 300)));
        Assert.Equal(OggOpusTagEditOutcome.Rewritten, result.Outcome);
        Assert.Equal("whole", result.Before.GetValue("TITLE"));
        AssertConforms(path, samples, "TITLE", new string('x', 300));
        Assert.Equal(512, OggOpusTagEdit.Read(path).PaddingSize);

        foreach (var length in new[] { 812, 1, 0, 811, 5 })
        {
            var before = File.ReadAllBytes(path);
            result = OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", new string('y', length)));
            Assert.Equal(OggOpusTagEditOutcome.InPlace, result.Outcome);
            AssertConforms(path, samples, "TITLE", new string('y', length));
            AssertSameOutsideOfPage(before, File.ReadAllBytes(path), page: 1);
        }

        Assert.Equal(
            OggOpusTagEditOutcome.Rewritten, OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", new string('z', 813))).Outcome);
        AssertConforms(path, samples, "TITLE", new string('z', 813));
    }

    [Fact]
    public void Tags_that_stay_the_same_leave_the_file_alone()
    {
        var path = Voice("a.opus");
        var before = File.ReadAllBytes(path);
        var time = File.GetLastWriteTimeUtc(path);
        Assert.Equal(OggOpusTagEditOutcome.Unchanged, OggOpusTagEdit.Edit(path, tags => tags).Outcome);
        Assert.Equal(OggOpusTagEditOutcome.Unchanged, OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", "whole")).Outcome);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(time, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public async Task Tags_are_read_and_changed_on_another_thread()
    {
        var path = Voice("a.opus");
        using var changing = new ManualResetEventSlim();
        var thread = Environment.CurrentManagedThreadId;
        var edit = OggOpusTagEdit.EditAsync(path, tags =>
        {
            changing.Set();
            Assert.NotEqual(thread, Environment.CurrentManagedThreadId);
            return tags.With("TITLE", "new");
        });

        // This thread is held here, so that no other work can be given to it.
        Assert.True(changing.Wait(TimeSpan.FromMinutes(2)));
        var result = await edit;
        Assert.Equal(("whole", "new"), (result.Before.GetValue("TITLE"), result.After.GetValue("TITLE")));
        Assert.Equal("new", (await OggOpusTagEdit.ReadAsync(path)).GetValue("TITLE"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => OggOpusTagEdit.EditAsync(path, _ => null!));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Cancelling_leaves_the_file_as_it_was(int length)
    {
        var path = Voice("a.opus");
        OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", "with padding"));
        var before = File.ReadAllBytes(path);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OggOpusTagEdit.EditAsync(
            path,
            tags =>
            {
                source.Cancel();
                return tags.With("TITLE", new string('x', length));
            },
            cancellationToken: source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => OggOpusTagEdit.ReadAsync(path, cancellationToken: source.Token));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!), name => name.Contains("a.opus"));
    }

    [Theory]
    [InlineData("opusenc")]
    [InlineData("ffmpeg")]
    public void Files_of_other_programs_keep_their_sound(string program)
    {
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=12", _folder["a.wav"]);
        var path = _folder["a.opus"];
        if (program == "opusenc")
            Oracle.Run("opusenc", "--quiet", "--title", "old", _folder["a.wav"], path);
        else
            Oracle.Run("ffmpeg", "-v", "error", "-i", _folder["a.wav"], "-c:a", "libopus", "-metadata", "title=old", path);
        var samples = Oracle.OpusDec(path);
        var packets = Packets(path);
        var result = OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", "ü€\U0001F3A4").WithTrackGain(-573));
        Assert.Equal("old", result.Before.GetValue("title"));
        Assert.Empty(result.Defects);
        AssertConforms(path, samples, "TITLE", "ü€\U0001F3A4");
        Assert.Equal((short)-573, OggOpusTagEdit.Read(path).TrackGain);
        Assert.Equal(packets, Packets(path));
    }

    [Fact]
    public void A_picture_of_200_kB_takes_pages_of_its_own_and_can_be_edited_in_place_and_removed()
    {
        var path = Voice("a.opus");
        var small = new FileInfo(path).Length;
        var samples = Oracle.OpusDec(path);
        Oracle.Run(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=s=320x320:d=1,noise=alls=100:all_seed=1", "-frames:v", "1",
            "-pix_fmt", "rgb24", _folder["p.png"]);
        var png = File.ReadAllBytes(_folder["p.png"]);
        Assert.InRange(png.Length, 190_000, 240_000);
        var picture = new OpusPicture(OpusPictureType.FrontCover, "image/png", png)
        {
            Width = 320,
            Height = 320,
            ColorDepth = 24,
        };
        Assert.Equal(OggOpusTagEditOutcome.Rewritten, OggOpusTagEdit.Edit(path, tags => tags.Add(picture)).Outcome);
        AssertConforms(path, samples, "TITLE", "whole");
        Assert.Equal(png, OggOpusTagEdit.Read(path).Pictures.Single().Data.ToArray());
        Assert.True(PagesOf(File.ReadAllBytes(path)).Count(page => page.Sequence > 0 && page.Granule <= 0) >= 5);

        var length = new FileInfo(path).Length;
        var audio = File.ReadAllBytes(path)[^4000..];
        var edited = OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", "in place"));
        Assert.Equal(OggOpusTagEditOutcome.InPlace, edited.Outcome);
        Assert.Equal(length, new FileInfo(path).Length);
        Assert.Equal(audio, File.ReadAllBytes(path)[^4000..]);
        AssertConforms(path, samples, "TITLE", "in place");
        Assert.Single(OggOpusTagEdit.Read(path).Pictures);

        var removed = OggOpusTagEdit.Edit(path, tags => tags.Without(OpusTagNames.MetadataBlockPicture));
        Assert.Equal(OggOpusTagEditOutcome.Rewritten, removed.Outcome);
        AssertConforms(path, samples, "TITLE", "in place");
        Assert.InRange(new FileInfo(path).Length, small, small + 600);
    }

    [Fact]
    public void Either_link_of_a_chain_is_edited_and_the_other_stays_byte_for_byte()
    {
        foreach (var serials in new[] { (1, 2), (7, 7) })
        {
            // opusinfo takes a serial number that comes again for a mistake.
            var hasWarnings = serials.Item1 == serials.Item2;
            var first = VoiceBytes(serials.Item1);
            var second = VoiceBytes(serials.Item2);
            var path = _folder["chain.opus"];
            var large = new string('x', 100_000);

            File.WriteAllBytes(path, [.. first, .. second]);
            OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", large));
            Assert.Equal(second, File.ReadAllBytes(path)[^second.Length..]);
            Assert.Equal([large, "whole"], TitlesOfLinks(path));
            Assert.Equal(hasWarnings, Oracle.Warnings(path).Length > 0);

            File.WriteAllBytes(path, [.. first, .. second]);
            OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", large), new OggOpusTagEditOptions { Link = 1 });
            Assert.Equal(first, File.ReadAllBytes(path)[..first.Length]);
            Assert.Equal(["whole", large], TitlesOfLinks(path));
            Assert.Equal(hasWarnings, Oracle.Warnings(path).Length > 0);

            var missing = new OggOpusTagEditOptions { Link = 2 };
            Assert.Contains("2 links", Assert.Throws<VoiceFormatException>(() => OggOpusTagEdit.Read(path, missing)).Message);
        }
    }

    [Fact]
    public void Another_stream_beside_ours_is_copied_byte_for_byte()
    {
        Oracle.Run(
            "gst-launch-1.0", "-q", "oggmux", "name=m", "!", "filesink", $"location={_folder["m.ogg"]}",
            "audiotestsrc", "num-buffers=400", "!", "audio/x-raw,rate=48000,channels=1", "!", "opusenc", "!", "m.",
            "audiotestsrc",
            "num-buffers=400",
            "!",
            "audio/x-raw,rate=48000,channels=1",
            "!",
            "audioconvert",
            "!",
            "vorbisenc",
            "!",
            "m.");
        var path = _folder["m.ogg"];
        var before = PagesOf(File.ReadAllBytes(path));
        var packets = Packets(path);
        var opus = before.Single(page => page.Data.AsSpan().IndexOf("OpusHead"u8) >= 0).Serial;
        foreach (var length in new[] { 10, 300_000, 5 })
        {
            OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", new string('x', length)));
            var after = PagesOf(File.ReadAllBytes(path));
            Assert.Equal(
                before.Where(page => page.Serial != opus).Select(page => page.Data),
                after.Where(page => page.Serial != opus).Select(page => page.Data));
            Assert.Equal(packets, Packets(path));
            var sequences = after.Where(page => page.Serial == opus).Select(page => page.Sequence).ToArray();
            Assert.Equal(Enumerable.Range(0, sequences.Length).Select(i => (uint)i), sequences);
            Assert.Empty(Oracle.Warnings(path));
            Assert.Contains("vorbis", Oracle.Run("ffprobe", "-v", "error", "-show_entries", "stream=codec_name", path).Output);
        }
    }

    [Fact]
    public void Pages_of_other_streams_among_those_of_the_tags_stay()
    {
        var packet = new OpusTags("v", new OpusComment("A", new string('x', 600))).ToPacket();
        var first = packet[..510];
        var bytes = new OggBytes().Head(serial: 1).Page(OggPageFlags.BeginOfStream, 0, 2, [1, 2, 3])
            .OpenPage(OggPageFlags.None, -1, 1, [], first)
            .Page(OggPageFlags.None, 5, 2, [4, 5])
            .Page(OggPageFlags.Continued, 0, 1, packet[510..])
            .Audio(2, 1920, OggPageFlags.EndOfStream).Page(OggPageFlags.EndOfStream, 6, 2, [6]).ToArray();
        foreach (var (
            length,
            outcome) in new[] { (600, OggOpusTagEditOutcome.InPlace),
            (9, OggOpusTagEditOutcome.InPlace),
            (200_000, OggOpusTagEditOutcome.Rewritten) })
        {
            var path = _folder["m.opus"];
            File.WriteAllBytes(path, bytes);
            Assert.Equal(outcome, OggOpusTagEdit.Edit(path, tags => tags.With("A", new string('y', length))).Outcome);
            var after = PagesOf(File.ReadAllBytes(path));
            Assert.Equal(
                PagesOf(bytes).Where(page => page.Serial == 2).Select(page => page.Data), after.Where(
                    page => page.Serial == 2).Select(
                    page => page.Data));
            using var reader = OggOpusReader.Open(File.OpenRead(path), new OpusReaderOptions { Strict = true });
            Assert.Equal(new string('y', length), reader.Tags.GetValue("A"));
            Assert.True(reader.Read() && reader.Read() && !reader.Read());
        }
    }

    [Fact]
    public void Damaged_bytes_are_copied_as_they_are()
    {
        var bytes = VoiceBytes(3).ToList();
        bytes.InsertRange(0, "junk before"u8.ToArray());
        var pages = PagesOf([.. bytes]);
        bytes.InsertRange(pages[3].Offset, "junk OggS between"u8.ToArray());
        bytes[pages[4].Offset + 100] ^= 1;
        bytes.AddRange("OggS cut off"u8.ToArray());
        var source = bytes.ToArray();

        var output = new MemoryStream();
        var result = OggOpusTagEdit.Copy(new TrickleStream(source, 333), output, tags => tags.Add("B", new string('b', 70_000)));
        Assert.Equal(OggOpusTagEditOutcome.Rewritten, result.Outcome);
        Assert.Contains(result.Defects, defect => defect.Kind == OpusDefectKind.BadChecksum);
        Assert.Contains(result.Defects, defect => defect.Kind == OpusDefectKind.Junk);
        Assert.Equal(70_000, OpusInfo.Read(new MemoryStream(output.ToArray())).Tags.GetValue("B")!.Length);

        // Back to the old tags, without padding, gives the same bytes: the numbers of the pages come down again.
        var back = new MemoryStream();
        OggOpusTagEdit.Copy(
            new MemoryStream(output.ToArray()), back, _ => result.Before, new OggOpusTagEditOptions { Padding = 0 });
        Assert.Equal(source, back.ToArray());
    }

    [Fact]
    public void Audio_on_the_page_on_which_the_tags_end_gets_a_page_of_its_own()
    {
        var tags = new OpusTags("v", new OpusComment("A", "a")).ToPacket();
        byte[] bytes = new OggBytes().Head().Page(OggPageFlags.None, 1920, 1, tags, OggBytes.Packet, OggBytes.Packet)
            .Audio(2, 3840, OggPageFlags.EndOfStream).ToArray();
        var output = new MemoryStream();
        OggOpusTagEdit.Copy(new MemoryStream(bytes), output, old => old.With("A", "b"));
        var path = _folder["a.opus"];
        File.WriteAllBytes(path, output.ToArray());
        Assert.Equal([0u, 1, 2, 3], PagesOf(output.ToArray()).Select(page => page.Sequence));
        Assert.Equal(4, Packets(path).Count);
        Assert.Empty(Oracle.Warnings(path));

        File.WriteAllBytes(path, bytes);
        Assert.Equal(OggOpusTagEditOutcome.InPlace, OggOpusTagEdit.Edit(path, old => old.With("A", "")).Outcome);
        Assert.Equal(bytes.Length, new FileInfo(path).Length);
        Assert.Equal(4, Packets(path).Count);
    }

    [Fact]
    public void Binary_data_is_kept_and_padding_is_never_put_behind_it()
    {
        byte[] tags = [.. new OpusTags("v", new OpusComment("A", "aaaa")).ToPacket(), 1, 2, 3];
        var path = _folder["a.opus"];
        File.WriteAllBytes(
            path, new OggBytes().Head(0).Page(OggPageFlags.None, 0, 1, tags).Audio(2, 1920, OggPageFlags.EndOfStream).ToArray());
        Assert.Equal(OggOpusTagEditOutcome.InPlace, OggOpusTagEdit.Edit(path, old => old.With("A", "bbbb")).Outcome);
        Assert.Equal(OggOpusTagEditOutcome.Rewritten, OggOpusTagEdit.Edit(path, old => old.With("A", "b")).Outcome);
        var read = OggOpusTagEdit.Read(path);
        Assert.Equal([1, 2, 3], read.BinaryData.ToArray());
        Assert.Equal(("b", 0), (read.GetValue("A"), read.PaddingSize));
    }

    [Fact]
    public void In_place_can_be_forbidden()
    {
        var path = Voice("a.opus");
        var options = new OggOpusTagEditOptions { AllowInPlace = false, Padding = 3 };
        Assert.Equal(
            OggOpusTagEditOutcome.Rewritten, OggOpusTagEdit.Edit(path, tags => tags.With("TITLE", "x"), options).Outcome);
        Assert.Equal(3, OggOpusTagEdit.Read(path).PaddingSize);
    }

    [Fact]
    public void What_cannot_be_edited_is_left_as_it_is()
    {
        var head = new OggBytes().Head();
        var tags = new OpusTags("v").ToPacket();
        byte[][] files =
        [
            [],
            [.. "RIFF"u8],
            head.ToArray(),
            new OggBytes().Head().Audio(2, 1920).ToArray(),
            new OggBytes().Head().Page(OggPageFlags.None, 0, 1, "Opus"u8.ToArray()).ToArray(),
            new OggBytes().Head().Skip(1).Tags().Audio(2, 1920).ToArray(),
            new OggBytes().Head().OpenPage(
                OggPageFlags.None, -1, 1, [], [.. tags, .. new byte[510 - tags.Length]]).Audio(2, 1920).ToArray(),
            new OggBytes().Page(OggPageFlags.BeginOfStream, 0, 1, head.ToArray()[^19..], [0])
                .Head(serial: 2).Tags(serial: 2).Audio(2, 1920, serial: 2).ToArray(),
            new OggBytes().Head().OpenPage(OggPageFlags.None, -1, 1, [], [.. tags, .. new byte[1530 - tags.Length]]).ToArray(),
        ];
        var options = new OggOpusTagEditOptions { MaxTagsSize = 1024 };
        foreach (var file in files)
        {
            var path = _folder["a.opus"];
            File.WriteAllBytes(path, file);
            Assert.Throws<VoiceFormatException>(() => OggOpusTagEdit.Edit(path, old => old.With("A", "a"), options));
            Assert.Equal(file, File.ReadAllBytes(path));
        }

        Assert.Throws<InvalidOperationException>(() => OggOpusTagEdit.Edit(Voice("b.opus"), _ => null!));
        Assert.Throws<FileNotFoundException>(() => OggOpusTagEdit.Read(_folder["none"]));
        Assert.Equal(2, _folder.Files.Length);
    }

    [Fact]
    public void Too_many_comments_are_not_thrown_away()
    {
        var tags = new OpusTags("v", Enumerable.Repeat(new OpusComment("A", ""), OpusTags.MaxComments + 1));
        var bytes = new OggBytes().Head().Page(OggPageFlags.None, 0, 1, tags.ToPacket()).ToArray();
        Assert.Throws<VoiceFormatException>(() => OggOpusTagEdit.Copy(new MemoryStream(bytes), new MemoryStream(), old => old));
    }

    [Fact]
    public void Broken_files_are_edited_or_refused_and_keep_their_sound()
    {
        var whole = VoiceBytes(5);
        var random = new Random(7845);
        var edited = 0;
        for (var i = 0; i < 400; i++)
        {
            var data = whole.ToList();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                var at = random.Next(data.Count);
                var count = Math.Min(random.Next(1, 300), data.Count - at);
                switch (random.Next(4))
                {
                    case 0: data[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: data.RemoveRange(at, Math.Min(count, data.Count - 1)); break;
                    case 2: data.InsertRange(at, data.GetRange(at, count)); break;
                    default: data[random.Next(Math.Min(200, data.Count))] = (byte)random.Next(256); break;
                }
            }

            var source = data.ToArray();
            var output = new MemoryStream();
            try
            {
                OggOpusTagEdit.Copy(new MemoryStream(source), output, tags => tags.With("X", new string('x', 70_000)));
            }
            catch (VoiceFormatException exception)
            {
                Assert.InRange(exception.Offset, 0, source.Length);
                continue;
            }

            edited++;
            var before = OpusInfo.Read(new MemoryStream(source));
            var after = OpusInfo.Read(new MemoryStream(output.ToArray()));
            Assert.Equal(
                (before.Samples, before.LostSamples, before.PacketCount), (after.Samples, after.LostSamples, after.PacketCount));
            Assert.Equal(70_000, after.Tags.GetValue("X")!.Length);
        }

        Assert.InRange(edited, 200, 399);
    }

    private static byte[] VoiceBytes(int serial)
    {
        var bytes = new MemoryStream();
        var options = new OpusWriterOptions { Serial = serial, MaxPageDuration = TimeSpan.FromMilliseconds(200) };
        using var writer = new OpusAudioWriter(
            bytes, LibOpusCodec.Default, null, [new("TITLE", "whole"), new("ARTIST", "me")], options);
        writer.Write(Signals.Voice(48_000 * 2));
        writer.Finish();
        return bytes.ToArray();
    }

    private string Voice(string name)
    {
        File.WriteAllBytes(_folder[name], VoiceBytes(9));
        return _folder[name];
    }

    private static void AssertConforms(string path, float[] samples, string name, string value)
    {
        Assert.Empty(Oracle.Warnings(path));
        Assert.Equal(samples, Oracle.OpusDec(path));
        var (probed, _) = Oracle.Run("ffprobe", "-v", "error", "-show_entries", $"stream_tags={name}", "-of", "csv=p=0", path);
        Assert.Equal(value, probed.Split('\n')[0]);
        using var reader = OggOpusReader.Open(File.OpenRead(path), new OpusReaderOptions { Strict = true });
        Assert.Equal(value, reader.Tags.GetValue(name));
        while (reader.Read())
            Assert.False(reader.Packet.IsEmpty);
    }

    private static void AssertSameOutsideOfPage(byte[] before, byte[] after, int page)
    {
        Assert.Equal(before.Length, after.Length);
        var place = PagesOf(before)[page];
        var end = place.Offset + place.Data.Length;
        Assert.Equal(before[..place.Offset], after[..place.Offset]);
        Assert.Equal(before[end..], after[end..]);
    }

    private static List<string> Packets(string path)
    {
        using var reader = OggOpusReader.Open(File.OpenRead(path));
        var packets = new List<string>();
        while (reader.Read())
            packets.Add($"{Convert.ToHexString(reader.Packet)} {reader.PacketInfo}");
        return packets;
    }

    private static List<string?> TitlesOfLinks(string path)
    {
        using var reader = OggOpusReader.Open(File.OpenRead(path), new OpusReaderOptions { Strict = true });
        var titles = new List<string?> { reader.Tags.GetValue("TITLE") };
        while (reader.Read())
        {
            if (reader.Link == titles.Count)
                titles.Add(reader.Tags.GetValue("TITLE"));
        }

        return titles;
    }

    private static List<(int Offset, uint Serial, uint Sequence, long Granule, byte[] Data)> PagesOf(byte[] data)
    {
        var pages = new List<(int, uint, uint, long, byte[])>();
        for (var at = 0; at < data.Length;)
        {
            if (data.AsSpan(at).StartsWith(OggPage.CapturePattern)
                && OggPage.Read(data.AsSpan(at), out var page) == OggPageStatus.Valid)
            {
                pages.Add((at, page.Serial, page.Sequence, page.Granule, page.Data.ToArray()));
                at += page.Data.Length;
            }
            else
            {
                at++;
            }
        }

        return pages;
    }
}
