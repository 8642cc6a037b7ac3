using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>What comes out is what went in, to the sample, in files that others have nothing to complain of.</summary>
public class OpusEditorTests
{
    private const int Rate = 48_000;

    private static byte[] Voice => field ??= Encode(Signals.Voice(Rate * 12 + 777));
    private static float[] Pcm => field ??= Decode(Voice);

    public static TheoryData<double, double?> Stretches => new()
    {
        { 0, null },
        { 0, 5 },
        { 0, 0.001 },
        { 0.0065, 3 },
        { 0.05, 0.07 },
        { 1, 2 },
        { 3.333333, 9.876543 },
        { 5, 5.0025 },
        { 11.6, null },
        { 2, 1000 },
    };

    [Theory]
    [MemberData(nameof(Stretches))]
    public void A_trimmed_message_has_the_samples_of_its_stretch(double from, double? to)
    {
        using var folder = new TemporaryFolder();
        var bytes = new MemoryStream();
        var report = OpusEditor.Trim(
            new MemoryStream(Voice), bytes, TimeSpan.FromSeconds(from), to is { } t ? TimeSpan.FromSeconds(t) : null);
        var first = (int)Math.Round(from * Rate);
        var last = (int)Math.Round(Math.Min(to ?? 1000, (double)Pcm.Length / Rate) * Rate);
        var trimmed = Decode(bytes.ToArray());
        Assert.Equal(last - first, trimmed.Length);
        Assert.Equal(last - first, report.Samples);
        if (first == 0)
            Assert.Equal(Pcm[..last], trimmed);
        else
            Assert.InRange(Support.Pcm.SignalToError(Pcm.AsSpan(first..last), trimmed), 25, double.PositiveInfinity);
        CheckConforming(bytes.ToArray(), folder);
        Assert.Equal(last - first, Oracle.OpusDec(folder["x.opus"]).Length);
    }

    [Fact]
    public void A_trimmed_message_has_room_for_decoders_to_converge()
    {
        var bytes = new MemoryStream();
        OpusEditor.Trim(new MemoryStream(Voice), bytes, TimeSpan.FromSeconds(5));
        Assert.InRange(OpusInfo.Read(new MemoryStream(bytes.ToArray())).Head.PreSkip, 3840, ushort.MaxValue); // RFC 7845 §4.2
    }

    [Fact]
    public void Trimming_copies_packets_and_does_not_need_to_seek()
    {
        var file = NumberedPackets.File(60_000);
        var seeking = new MemoryStream();
        var reading = new MemoryStream();
        var options = new OpusWriterOptions { Serial = 5 };
        OpusEditor.Trim(new MemoryStream(file), seeking, TimeSpan.FromSeconds(700), TimeSpan.FromSeconds(702), options);
        OpusEditor.Trim(new TrickleStream(file, 10_000), reading, TimeSpan.FromSeconds(700), TimeSpan.FromSeconds(702), options);
        Assert.Equal(seeking.ToArray(), reading.ToArray());
        using var reader = OggOpusReader.Open(seeking.ToArray());
        var number = (700 * Rate + 312 - reader.Head.PreSkip) / 960;
        while (reader.Read())
            Assert.Equal(number++, NumberedPackets.NumberOf(reader.Packet));
    }

    [Fact]
    public void Joined_parts_are_the_whole()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        for (var i = 0; i < 5; i++)
        {
            var at = TimeSpan.FromSeconds(random.NextDouble() * 11 + 0.5);
            var (one, other) = (new MemoryStream(), new MemoryStream());
            OpusEditor.Split(new MemoryStream(Voice), at, one, other);
            var joined = new MemoryStream();
            var report = OpusEditor.Join([new MemoryStream(one.ToArray()), new MemoryStream(other.ToArray())], joined);
            var pcm = Decode(joined.ToArray());
            Assert.Equal(2, report.LinkCount);
            Assert.Equal(Pcm.Length, pcm.Length);
            Assert.InRange(Support.Pcm.SignalToError(Pcm, pcm), 25, double.PositiveInfinity);
            CheckConforming(joined.ToArray(), folder);
            Assert.Equal(Pcm.Length, Oracle.OpusDec(folder["x.opus"]).Length);
        }
    }

    [Fact]
    public void Messages_of_different_channels_and_gains_are_joined_as_a_chain()
    {
        using var folder = new TemporaryFolder();
        var stereo = Encode(Signals.Voice(Rate * 2, channels: 2), channels: 2);
        var joined = new MemoryStream();
        OpusEditor.Join([new MemoryStream(Voice), new MemoryStream(stereo), new MemoryStream(Voice)], joined);
        CheckConforming(joined.ToArray(), folder);
        var info = OpusInfo.Read(new MemoryStream(joined.ToArray()));
        Assert.Equal(3, info.LinkCount);
        Assert.Equal(2 * Pcm.Length + 2 * Rate, info.Samples);
        Assert.Empty(info.Defects);
    }

    [Fact]
    public void Trimming_a_chain_cuts_links_and_leaves_out_those_beside()
    {
        using var folder = new TemporaryFolder();
        var chain = new MemoryStream();
        OpusEditor.Join([new MemoryStream(Voice), new MemoryStream(Voice), new MemoryStream(Voice)], chain);
        var bytes = new MemoryStream();
        var length = Pcm.Length / (double)Rate;
        var report = OpusEditor.Trim(
            new MemoryStream(chain.ToArray()), bytes, TimeSpan.FromSeconds(length - 1), TimeSpan.FromSeconds(length + 0.5));
        Assert.Equal(2, report.LinkCount);
        var pcm = Decode(bytes.ToArray());
        Assert.Equal(Rate * 3 / 2, pcm.Length, 1.0);
        CheckConforming(bytes.ToArray(), folder);

        var middle = new MemoryStream();
        report = OpusEditor.Trim(
            new MemoryStream(chain.ToArray()), middle, TimeSpan.FromSeconds(length + 0.1), TimeSpan.FromSeconds(length + 0.5));
        Assert.Equal(1, report.LinkCount);
    }

    [Fact]
    public void A_stretch_that_is_not_there_is_refused()
    {
        var voice = new MemoryStream(Voice);
        Assert.Throws<ArgumentOutOfRangeException>(() => OpusEditor.Trim(voice, Stream.Null, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => OpusEditor.Trim(voice, Stream.Null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => OpusEditor.Trim(new MemoryStream(Voice), Stream.Null, TimeSpan.FromSeconds(13)));
        Assert.Throws<ArgumentException>(() => OpusEditor.Join([], Stream.Null));
        Assert.Throws<VoiceFormatException>(() => OpusEditor.Repair(new MemoryStream(new byte[100]), Stream.Null));
    }

    [Fact]
    public void Two_streams_for_two_channels_are_refused_by_CAF_as_what_it_cannot_hold()
    {
        // Mapping family 1: two streams, neither of them coupled.
        var head = OpusHead.Parse([.. "OpusHead"u8, 1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 1, 2, 0, 0, 1]);
        var bytes = new MemoryStream();
        using (var writer = new OggOpusWriter(bytes, head, new OpusTags(""), leaveOpen: true))
        {
            writer.WritePacket([0x48, 1, 7, 0x48, 1, 2]);
            writer.Finish();
        }

        var exception = Assert.Throws<VoiceFormatException>(
            () => OpusEditor.Remux(new MemoryStream(bytes.ToArray()), Stream.Null, OpusContainer.Caf));
        Assert.Contains("one Opus stream", exception.Message);
    }

    [Fact]
    public void A_conforming_file_is_repaired_into_the_same_packets_and_length()
    {
        using var folder = new TemporaryFolder();
        var bytes = new MemoryStream();
        var report = OpusEditor.Repair(new MemoryStream(Voice), bytes);
        Assert.Equal(0, report.DefectCount);
        Assert.Equal(0, report.LostSamples);
        Assert.Equal(Packets(Voice), Packets(bytes.ToArray()));
        Assert.Equal(Pcm, Decode(bytes.ToArray()));
        CheckConforming(bytes.ToArray(), folder);
    }

    [Fact]
    public void Lost_pages_are_filled_so_that_time_stays_true()
    {
        using var folder = new TemporaryFolder();
        var pages = Pages(Voice);
        byte[] broken = [.. pages.Where((_, i) => i is not (4 or 5 or 9)).SelectMany(page => page)];
        var bytes = new MemoryStream();
        var report = OpusEditor.Repair(new MemoryStream(broken), bytes);
        Assert.Equal(2, report.DefectCount);
        Assert.Equal(3 * Rate, report.LostSamples);
        var info = OpusInfo.Read(new MemoryStream(bytes.ToArray()));
        Assert.Equal(Pcm.Length, info.Samples);
        Assert.Equal(0, info.LostSamples);
        CheckConforming(bytes.ToArray(), folder);

        // Away from the holes it is what it was.
        var pcm = Decode(bytes.ToArray());
        Assert.Equal(Pcm[..(2 * Rate - 400)], pcm[..(2 * Rate - 400)]);
        Assert.InRange(Support.Pcm.SignalToError(Pcm.AsSpan(10 * Rate), pcm.AsSpan(10 * Rate)), 40, double.PositiveInfinity);
    }

    [Fact]
    public void A_file_cut_off_keeps_every_whole_packet()
    {
        using var folder = new TemporaryFolder();
        var all = Packets(Voice);
        for (var size = Voice.Length - 1; size > 1000; size -= 997)
        {
            var bytes = new MemoryStream();
            var report = OpusEditor.Repair(new MemoryStream(Voice[..size]), bytes);
            var kept = Packets(bytes.ToArray());
            Assert.Equal(all.Take(kept.Count), kept);
            Assert.InRange(report.DefectCount, 1, 2);

            // What is gone is less than the bytes of the packet that was cut through, and headers of pages.
            var bytesOfNext = kept.Count < all.Count ? all[kept.Count].Length : 0;
            Assert.InRange(all.Take(kept.Count).Sum(packet => packet.Length), size - bytesOfNext - 2000, size);
            CheckConforming(bytes.ToArray(), folder);
        }
    }

    [Fact]
    public void A_page_with_a_flipped_bit_in_its_audio_is_kept()
    {
        var broken = Voice.ToArray();
        var pages = Pages(Voice);
        broken[pages.Take(5).Sum(page => page.Length) + pages[5].Length - 10] ^= 1;
        var bytes = new MemoryStream();
        var report = OpusEditor.Repair(new MemoryStream(broken), bytes);
        Assert.Equal(0, report.LostSamples);
        Assert.Equal(OpusDefectKind.BadChecksum, Assert.Single(report.Defects).Kind);
        Assert.Equal(Packets(Voice).Count, Packets(bytes.ToArray()).Count);
    }

    [Fact]
    public void Repaired_files_conform_whatever_was_broken()
    {
        var random = new Random(8);
        var repaired = 0;
        for (var i = 0; i < 600; i++)
        {
            var broken = Mutation.Of(Voice, random);
            try
            {
                var bytes = new MemoryStream();
                var report = OpusEditor.Repair(new MemoryStream(broken), bytes);
                var check = OggOpusCheck.Run(new MemoryStream(bytes.ToArray()));
                Assert.True(check.IsConforming, $"{i}: {string.Join("\n", check.Findings)}");
                Assert.Equal(report.Samples, OpusInfo.Read(new MemoryStream(bytes.ToArray())).Samples);
                repaired++;
            }
            catch (VoiceFormatException)
            {
            }
        }

        Assert.InRange(repaired, 400, 600);
    }

    [Fact]
    public void Messages_without_audio_are_not_joined_to_nothing()
    {
        var headers = new OggBytes().Head().Tags().ToArray();
        Assert.Throws<VoiceFormatException>(
            () => { OpusEditor.Join([new MemoryStream(headers), new MemoryStream(headers)], new MemoryStream()); });
    }

    [Theory]
    [InlineData(1000, 1200)]
    [InlineData(1100, 1500)]
    [InlineData(1100, 1101)]
    public void A_cut_within_lost_audio_is_to_the_sample(int from, int to)
    {
        var file = OggBytes.Rewrite(NumberedPackets.File(150), (page, index) => index == 3 ? [] : [page]);
        var cut = new MemoryStream();
        var report = OpusEditor.Trim(new MemoryStream(file), cut, TimeSpan.FromMilliseconds(from), TimeSpan.FromMilliseconds(to));
        var info = OpusInfo.Read(new MemoryStream(cut.ToArray()));
        Assert.Equal((to - from) * 48, info.Samples);
        Assert.Equal((info.Samples, info.Samples), (report.Samples, report.LostSamples));
        Assert.Equal(0, info.DefectCount);
    }

    [Fact]
    public void Editing_goes_on_in_constant_memory()
    {
        var file = NumberedPackets.File(100_000);
        OpusEditor.Repair(new MemoryStream(NumberedPackets.File(2000)), Stream.Null);
        var before = GC.GetAllocatedBytesForCurrentThread();
        OpusEditor.Repair(new MemoryStream(file), Stream.Null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
    }

    private static void CheckConforming(byte[] file, TemporaryFolder folder)
    {
        File.WriteAllBytes(folder["x.opus"], file);
        Assert.Empty(Oracle.Warnings(folder["x.opus"]));
        var check = OggOpusCheck.Run(new MemoryStream(file));
        Assert.True(check.IsConforming, string.Join("\n", check.Findings));
        Assert.Empty(OpusInfo.Read(new MemoryStream(file)).Defects);
    }

    private static byte[] Encode(float[] samples, int channels = 1)
    {
        var bytes = new MemoryStream();
        using var writer = new OpusAudioWriter(bytes, LibOpusCodec.Default, new OpusEncoderOptions { Channels = channels });
        writer.Write(samples);
        writer.Finish();
        return bytes.ToArray();
    }

    private static float[] Decode(byte[] file)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default, channels: 1);
        var all = new List<float>();
        var buffer = new float[9600];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    private static List<byte[]> Packets(byte[] file)
    {
        using var reader = OggOpusReader.Open(file);
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        return packets;
    }

    private static List<byte[]> Pages(byte[] file)
    {
        var pages = new List<byte[]>();
        for (var at = 0; at < file.Length; at += pages[^1].Length)
        {
            Assert.Equal(OggPageStatus.Valid, OggPage.Read(file.AsSpan(at), out var page));
            pages.Add(page.Data.ToArray());
        }

        return pages;
    }
}
