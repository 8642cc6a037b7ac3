using VoiceKit.Opus;
using VoiceKit.Storage;

namespace VoiceKit.Tests.Storage;

/// <summary>What is read for the index without making texts is what the tags say.</summary>
public class IndexEntryReaderTests
{
    private static readonly IndexEntry File = new(VoiceMessageDirection.Received, "a.opus", 1234, Stores.Start.AddTicks(7).Ticks);

    private static readonly string[] Names =
    [
        "VOICEKIT_ID", "VOICEKIT_TIME", "VOICEKIT_SENDER", "VOICEKIT_CONVERSATION", "VOICEKIT_FORWARDED", "VOICEKIT_PLAYED",
        "voicekit_id", "VoiceKit_Time", "voicekit_sender", "VOICEKIT_BARS", "VOICEKIT_", "VOICEKIT_IDS", "TITLE", "ENCODER",
    ];

    private static readonly string[] Values =
    [
        "", "1", "0", "2", "+1", " 1", "-3", "99999999999", "Anna", "Zoë 😀", new string('ä', 1024), new string('x', 1025),
        "20261121-090000000-0123456789ab", "-a", "a b", new string('a', 64), new string('a', 65), "2026-11-21T18:37:05.123Z",
        "2024-02-29T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
    ];

    [Fact]
    public void Tags_of_any_kind_are_read_alike()
    {
        var random = new Random(5);
        var read = 0;
        for (var i = 0; i < 5000; i++)
        {
            var packet = Make(random);

            // Nothing is said of a time that is none.
            if (IndexEntryReader.TryRead(packet, File) is not { } entry)
                continue;
            read++;
            Assert.Equal(ByTags(packet), entry);
        }

        Assert.InRange(read, 2500, 5000);
    }

    [Theory]
    [InlineData("2026-02-29T00:00:00.000Z")]
    [InlineData("2026-13-01T00:00:00.000Z")]
    [InlineData("2026-01-01T24:00:00.000Z")]
    [InlineData("2026-01-01T00:00:60.000Z")]
    [InlineData("2026-01-01 00:00:00.000Z")]
    [InlineData("2026-01-01T00:00:00.000")]
    [InlineData("0000-01-01T00:00:00.000Z")]
    public void A_time_that_is_none_is_left_to_those_who_read_all(string time)
    {
        var packet = new OpusTags("v", new OpusComment("VOICEKIT_TIME", time)).ToPacket();
        Assert.Null(IndexEntryReader.TryRead(packet, File));
    }

    [Fact]
    public void Of_broken_tags_nothing_is_read_that_whole_ones_do_not_say()
    {
        var random = new Random(6);
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var packet = Make(random);
            packet[random.Next(8, packet.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0)
                packet = packet[..random.Next(8, packet.Length)];
            if (IndexEntryReader.TryRead(packet, File) is not { } entry)
                continue;
            read++;
            Assert.Equal(ByTags(packet), entry);
        }

        Assert.InRange(read, 2000, 20_000);
    }

    private static byte[] Make(Random random)
    {
        var comments = Enumerable.Range(0, random.Next(10))
            .Select(_ => new OpusComment(Names[random.Next(Names.Length)], Values[random.Next(Values.Length)]));
        return new OpusTags("vendor", comments.ToArray()).ToPacket(random.Next(3));
    }

    // Null where something is wrong with them.
    private static IndexEntry? ByTags(byte[] packet)
    {
        var tags = OpusTags.Parse(packet, out var fault);
        return fault is not null ? null : StoreTags
            .Read(tags, File.Direction, File.Name, () => new DateTimeOffset(File.Modified, TimeSpan.Zero))
            .ToEntry(File);
    }
}
