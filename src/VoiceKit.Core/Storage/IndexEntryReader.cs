using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

/// <summary>
/// Reads what the index keeps from the packet of the tags, without making texts of what it does not keep. It says what
/// <see cref="StoreTags"/> says, or nothing where the tags are not as nearly all are.
/// </summary>
internal static class IndexEntryReader
{
    private const string TimePattern = "0000-00-00T00:00:00.000Z";

    private static ReadOnlySpan<byte> Prefix => "VOICEKIT_"u8;

    /// <summary>Reads a packet, which begins with <see cref="OpusTags.Magic"/>.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="file">The file as its folder shows it.</param>
    /// <returns>The entry; null when the tags are to be read the long way.</returns>
    public static IndexEntry? TryRead(ReadOnlySpan<byte> packet, IndexEntry file)
    {
        var position = OpusTags.Magic.Length;
        if (!OpusTagsReading.TryPass(packet, ref position, out _) || packet.Length - position < sizeof(uint))
            return null;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(packet[position..]);
        position += sizeof(uint);
        var values = default(Values);
        for (uint i = 0; i < count; i++)
        {
            if (!OpusTagsReading.TryPass(packet, ref position, out var comment))
                return null;
            var separator = comment.IndexOf((byte)'=');
            if (separator <= 0 || !Ascii.IsValid(comment[..separator]))
                return null;
            var name = comment[..separator];
            if (name.Length > Prefix.Length && Ascii.EqualsIgnoreCase(name[..Prefix.Length], Prefix))
                values.Take(name[Prefix.Length..], (position - comment.Length + separator + 1)..position);
        }

        return ToEntry(packet, values, file);
    }

    private static IndexEntry? ToEntry(ReadOnlySpan<byte> packet, in Values values, IndexEntry file)
    {
        var time = new DateTimeOffset(file.Modified, TimeSpan.Zero).ToUnixTimeMilliseconds();
        if (values.Time is { } said && !TryParseTime(packet[said], out time))
            return null;
        return file with
        {
            Id = ReadId(TextOf(packet, values.Id), file),
            Time = time,
            IsMessage = true,
            IsPlayed = TextOf(packet, values.Played) is [(byte)'1'],
            IsForwarded = int.TryParse(
                TextOf(packet, values.Forwarded), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0,
            Sender = HashOf(TextOf(packet, values.Sender)),
            Conversation = HashOf(TextOf(packet, values.Conversation)),
        };
    }

    private static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> packet, Range? place) =>
        place is { } range ? packet[range] : default;

    private static string ReadId(ReadOnlySpan<byte> text, IndexEntry file)
    {
        var id = text.Length <= StoreTags.MaxId ? Encoding.UTF8.GetString(text) : "";
        return StoreTags.IsId(id) ? id : StoreTags.DeriveId(file.Direction, file.Name);
    }

    private static ulong HashOf(ReadOnlySpan<byte> text)
    {
        const int MaxBytes = 3 * StoreTags.MaxText;
        if (text.IsEmpty || text.Length > MaxBytes)
            return 0;
        Span<char> characters = stackalloc char[MaxBytes];
        var count = Encoding.UTF8.GetChars(text, characters);
        return count > StoreTags.MaxText ? 0 : IndexEntry.HashOf(characters[..count]);
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length != TimePattern.Length)
            return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (TimePattern[i] == '0' ? !char.IsAsciiDigit((char)text[i]) : text[i] != TimePattern[i])
                return false;
        }

        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        var (hour, minute, second) = (Number(text[11..13]), Number(text[14..16]), Number(text[17..19]));
        if (year == 0 || month is 0 or > 12 || day == 0 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        var time = new DateTimeOffset(year, month, day, hour, minute, second, Number(text[20..23]), TimeSpan.Zero);
        milliseconds = time.ToUnixTimeMilliseconds();
        return true;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
            number = 10 * number + digit - '0';
        return number;
    }

    /// <summary>Where the first value of each name is; null for none.</summary>
    private record struct Values(Range? Id, Range? Time, Range? Sender, Range? Conversation, Range? Forwarded, Range? Played)
    {
        public void Take(ReadOnlySpan<byte> name, Range text)
        {
            if (Ascii.EqualsIgnoreCase(name, "ID"u8))
                Id ??= text;
            else if (Ascii.EqualsIgnoreCase(name, "TIME"u8))
                Time ??= text;
            else if (Ascii.EqualsIgnoreCase(name, "SENDER"u8))
                Sender ??= text;
            else if (Ascii.EqualsIgnoreCase(name, "CONVERSATION"u8))
                Conversation ??= text;
            else if (Ascii.EqualsIgnoreCase(name, "FORWARDED"u8))
                Forwarded ??= text;
            else if (Ascii.EqualsIgnoreCase(name, "PLAYED"u8))
                Played ??= text;
        }
    }
}
