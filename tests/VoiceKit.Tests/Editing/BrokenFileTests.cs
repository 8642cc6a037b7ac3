using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Containers;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>Files of other programs, broken in the ways that files break: they are refused for a reason, or repaired.</summary>
public class BrokenFileTests
{
    /// <summary>What one file is broken into.</summary>
    private const int Variants = 56;

    public static TheoryData<string> Files =>
    [
        "opusenc --framesize 60 (stereo)", "ffmpeg Ogg -page_duration 20000 (stereo)", "opusenc --max-delay 200 (stereo)",
        "ffmpeg WebM -cluster_time_limit 300 (mono)", "ffmpeg WebM -live 1 (mono)", "opusenc  ! webmmux (mono)",
        "chromium-stereo-slices-pause.webm (short)",
        "ffmpeg Mp4 -movflags +faststart (mono)", "ffmpeg Mp4 (stereo)",
        "ffmpeg Mp4 -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 300000 (mono)",
        "chromium-mono.mp4 (short)", "ffmpeg Caf (stereo)", "ffmpeg Caf -ar 16000 (16 kHz)",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Broken_file_is_refused_for_a_reason_or_repaired(string name)
    {
        var file = Corpus.Get(name);
        var original = OpusDump.Of(file.Data);
        var known = original.Packets.Select(Convert.ToHexString).ToList();
        using var folder = new TemporaryFolder();
        var (repaired, refused) = (0, 0);
        foreach (var (damage, order, broken) in Break(file, new Random(name.Length)))
        {
            try
            {
                var ogg = Repair(broken);
                var dump = OpusDump.Of(ogg);
                CheckConforms($"{damage} of {name}", ogg);
                var packets = dump.Packets.Where(packet => !IsFiller(packet)).Select(Convert.ToHexString).ToList();
                if (order != Order.Altered)
                    Assert.All(packets, packet => Assert.Contains(packet, known));
                if (order == Order.Kept)
                    Assert.True(IsSubsequence(packets, known), $"{damage} of {name}: the packets are out of order.");

                // opusinfo takes a pre-skip of 0 for an error, which is all right where all that was to be skipped is lost.
                if (repaired++ % 8 == 0 && dump.Head.PreSkip > 0)
                    File.WriteAllBytes(folder[$"{repaired}.opus"], ogg);
            }
            catch (VoiceFormatException refusal)
            {
                refused++;
                Assert.True(refusal.Message is { Length: > 15 } and [.., '.'], $"{damage} of {name}: {refusal.Message}");
            }
        }

        Assert.Equal(Variants, repaired + refused);
        Assert.InRange(repaired, 1, Variants);
        if (folder.Files.Length > 0)
            Oracle.Run("opusinfo", folder.Files); // Fails on a warning.
    }

    /// <summary>What is behind a hole in a file is found again, and not only what is before it.</summary>
    [Theory]
    [InlineData("opusenc --max-delay 200 (stereo)")]
    [InlineData("ffmpeg WebM -cluster_time_limit 300 (mono)")]
    [InlineData("ffmpeg WebM -live 1 (mono)")]
    [InlineData("ffmpeg Mp4 -movflags +faststart (mono)")]
    [InlineData("ffmpeg Mp4 -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 300000 (mono)")]
    public void Zeros_in_the_middle_cost_no_more_than_a_part(string name)
    {
        var file = Corpus.Get(name);
        var broken = file.Data.ToArray();
        broken.AsSpan(broken.Length / 2, 200).Clear();
        var (before, after) = (OpusDump.Of(file.Data), OpusDump.Of(Repair(broken)));
        var found = after.Packets.Select(Convert.ToHexString).ToHashSet();
        var kept = before.Packets.Count(packet => found.Contains(Convert.ToHexString(packet)));
        Assert.InRange(kept, before.Packets.Count * 2 / 3, before.Packets.Count - 1);
        Assert.Equal(before.Packets[^2..], after.Packets[^2..]);
    }

    private static IEnumerable<(string Damage, Order Order, byte[] Data)> Break(CorpusFile file, Random random)
    {
        var data = file.Data;
        for (var i = 1; i <= 14; i++)
            yield return ($"cut {i}", Order.Kept, data[..(data.Length * i / 15)]);
        for (var i = 1; i <= 4; i++)
            yield return ($"cut off {i} bytes", Order.Kept, data[..^i]);
        for (var i = 0; i < 10; i++)
        {
            var (at, count) = Place(data, random, 2000);
            yield return ($"{count} bytes lost at {at}", Order.Altered, [.. data[..at], .. data[(at + count)..]]);
        }

        for (var i = 0; i < 10; i++)
        {
            var (at, count) = Place(data, random, 500);
            yield return ($"{count} zeros at {at}", Order.Altered, [.. data[..at], .. new byte[count], .. data[(at + count)..]]);
        }

        for (var i = 0; i < 4; i++)
        {
            var junk = new byte[random.Next(1, 5000)];
            random.NextBytes(junk);
            yield return ($"{junk.Length} bytes of junk in front", Order.Kept, [.. junk, .. data]);
        }

        for (var i = 0; i < 8; i++)
        {
            var at = random.Next(Math.Min(data.Length, 600));
            byte[] size = [.. data[..at], (byte)random.Next(256), .. data[(at + 1)..]];
            yield return ($"a wrong byte at {at}", Order.Altered, size);
        }

        foreach (var (damage, order, parts) in Reorder(PartsOf(file), random))
            yield return (damage, order, [.. parts.SelectMany(part => part)]);
    }

    // The first part holds the headers. Where offsets count from the start of an MP4 file, no part of it can be moved.
    private static IEnumerable<(string Damage, Order Order, List<byte[]> Parts)> Reorder(List<byte[]> parts, Random random)
    {
        for (var i = 0; i < 6; i++)
        {
            var changed = parts.ToList();
            var (one, other) = (random.Next(1, parts.Count + 1), random.Next(1, parts.Count + 1));
            if (parts.Count < 3)
            {
                changed.AddRange(parts); // The file twice.
                yield return ("twice", Order.Altered, changed);
            }
            else if (i % 3 == 0)
            {
                changed.RemoveAt(Math.Min(one, parts.Count - 1));
                yield return ($"part {one} lost", Order.Kept, changed);
            }
            else if (i % 3 == 1)
            {
                (one, other) = (Math.Min(one, parts.Count - 1), Math.Min(other, parts.Count - 1));
                (changed[one], changed[other]) = (changed[other], changed[one]);
                yield return ($"parts {one} and {other} swapped", Order.Changed, changed);
            }
            else
            {
                changed.Insert(one, parts[Math.Min(other, parts.Count - 1)]);
                yield return ($"part {other} once more at {one}", Order.Changed, changed);
            }
        }
    }

    /// <summary>The pages, clusters or fragments of a file, with what stands before them.</summary>
    private static List<byte[]> PartsOf(CorpusFile file)
    {
        var (mark, before) = file.Container switch
        {
            OpusContainer.Ogg => ("OggS"u8.ToArray(), 0),
            OpusContainer.WebM => ([0x1F, 0x43, 0xB6, 0x75], 0),
            OpusContainer.Mp4 => ("moof"u8.ToArray(), 4),
            _ => ("data"u8.ToArray(), 0),
        };
        var parts = new List<byte[]>();
        var start = 0;
        for (var at = 1; at < file.Data.Length; at++)
        {
            if (!file.Data.AsSpan(at).StartsWith(mark))
                continue;
            parts.Add(file.Data[start..(at - before)]);
            start = at - before;
        }

        parts.Add(file.Data[start..]);
        return parts;
    }

    private static (int At, int Count) Place(byte[] data, Random random, int most)
    {
        var at = random.Next(data.Length);
        return (at, Math.Min(random.Next(1, most), data.Length - at));
    }

    private static byte[] Repair(byte[] broken)
    {
        using var output = new MemoryStream();
        OpusEditor.Repair(new MemoryStream(broken), output);
        return output.ToArray();
    }

    private static void CheckConforms(string what, byte[] ogg)
    {
        var check = OggOpusCheck.Run(new MemoryStream(ogg));
        Assert.True(check.IsConforming, $"{what}:\n{string.Join("\n", check.Findings)}");
        Assert.Empty(OpusDump.Of(ogg).Defects);
    }

    // A packet without data, which stands for what is lost (RFC 7845 §4.1).
    private static bool IsFiller(byte[] packet) => packet.Length == 1;

    private static bool IsSubsequence(List<string> packets, List<string> of)
    {
        var at = 0;
        foreach (var packet in packets)
        {
            at = of.IndexOf(packet, at) + 1;
            if (at == 0)
                return false;
        }

        return true;
    }

    /// <summary>What damage leaves of the packets.</summary>
    private enum Order
    {
        /// <summary>Some of them, in their order.</summary>
        Kept,

        /// <summary>Some of them.</summary>
        Changed,

        /// <summary>Others too.</summary>
        Altered,
    }
}
