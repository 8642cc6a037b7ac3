using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VoiceKit.Opus;

namespace VoiceKit.Storage;

/// <summary>What the tags of a message's file say, with values derived for what they do not say.</summary>
internal sealed record StoreTags(
    string Id,
    VoiceMessageDirection Direction,
    string? Sender,
    string? Conversation,
    DateTimeOffset Time,
    int ForwardedCount,
    bool IsPlayed,
    IReadOnlyList<float> Bars)
{
    public const int MaxText = 1024;

    /// <summary>The most characters of an id.</summary>
    public const int MaxId = 64;

    /// <summary>More bytes than all of it adds to a file.</summary>
    public const int MaxSize = 20 * 1024;

    /// <summary>What it adds to most files, in bytes.</summary>
    public const int UsualSize = 1024;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");

    private const string DerivedPrefix = "file-";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string IdTimeFormat = "yyyyMMdd'-'HHmmssfff";
    private const int MaxBars = 4096;

    /// <summary>Whether a text may be an id.</summary>
    public static bool IsId(string? text) =>
        text is { Length: > 0 and <= MaxId } && char.IsAsciiLetterOrDigit(text[0])
        && !text.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>A new id, which begins with a time.</summary>
    public static string NewId(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime.ToString(IdTimeFormat, CultureInfo.InvariantCulture)}-")
        + Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant();

    /// <summary>The time with which an id begins, in milliseconds since 1970; null when it begins with none.</summary>
    public static long? TimeOf(string id) =>
        id.Length > 18 && DateTimeOffset.TryParseExact(
            id.AsSpan(0, 18), IdTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUnixTimeMilliseconds()
                : null;

    /// <summary>Reads the tags of a file in a store.</summary>
    public static StoreTags Read(OpusTags tags, VoiceMessageDirection direction, string name, Func<DateTimeOffset> modified)
    {
        return new StoreTags(
            ReadId(tags, direction, name),
            direction,
            ReadText(tags, VoiceStoreTagNames.Sender),
            ReadText(tags, VoiceStoreTagNames.Conversation),
            ReadTime(tags, modified),
            int.TryParse(
                tags.GetValue(VoiceStoreTagNames.Forwarded), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : 0,
            tags.GetValue(VoiceStoreTagNames.Played) == "1",
            ParseBars(tags.GetValue(VoiceStoreTagNames.Bars)));
    }

    /// <summary>Reads the id, or makes one of the file's name.</summary>
    public static string ReadId(OpusTags tags, VoiceMessageDirection direction, string name) =>
        HasId(tags) ? tags.GetValue(VoiceStoreTagNames.Id)! : DeriveId(direction, name);

    /// <summary>Whether a file says itself what its id is.</summary>
    public static bool HasId(OpusTags tags) => IsId(tags.GetValue(VoiceStoreTagNames.Id));

    /// <summary>Whether an id may be one that was made of a file's name.</summary>
    public static bool IsDerived(string id) => id.StartsWith(DerivedPrefix, StringComparison.Ordinal);

    /// <summary>Reads the time, or takes that of the file.</summary>
    public static DateTimeOffset ReadTime(OpusTags tags, Func<DateTimeOffset> modified) =>
        ParseTime(tags.GetValue(VoiceStoreTagNames.Time)) ?? ToMilliseconds(modified());

    /// <summary>Tags for a message that is added.</summary>
    /// <exception cref="ArgumentException">The id or the sender is not valid, or the count negative.</exception>
    public static StoreTags From(VoiceMessageInfo info, DateTimeOffset now)
    {
        if (info.Id is not null && !IsId(info.Id))
            throw new ArgumentException(
                "An id is 1 to 64 ASCII letters, digits, '-', '_' and '.', and begins with one of the first two.", nameof(info));
        if (info.Sender is { Length: > MaxText } || info.Conversation is { Length: > MaxText })
            throw new ArgumentException($"A sender and a conversation have at most {MaxText} characters.", nameof(info));
        if (!Enum.IsDefined(info.Direction))
            throw new ArgumentException("There is no such direction.", nameof(info));
        if (info.ForwardedCount < 0)
            throw new ArgumentException("A message is not forwarded less than 0 times.", nameof(info));
        var time = ToMilliseconds(info.Time ?? now);
        var bars = ParseBars(FormatBars(info.Waveform?.Resample(StoredVoiceMessage.BarCount).ToBars() ?? []));
        return new StoreTags(
            info.Id ?? NewId(time),
            info.Direction,
            string.IsNullOrEmpty(info.Sender) ? null : info.Sender,
            string.IsNullOrEmpty(info.Conversation) ? null : info.Conversation,
            time,
            info.ForwardedCount,
            info.IsPlayed,
            bars);
    }

    public static DateTimeOffset ToMilliseconds(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>Writes all of it over what tags say.</summary>
    public OpusTags WriteTo(OpusTags tags)
    {
        tags = tags.With(VoiceStoreTagNames.Id, Id)
            .With(VoiceStoreTagNames.Time, Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture))
            .With(VoiceStoreTagNames.Direction, Direction == VoiceMessageDirection.Sent ? "sent" : "received")
            .With(VoiceStoreTagNames.Forwarded, ForwardedCount.ToString(CultureInfo.InvariantCulture))
            .With(VoiceStoreTagNames.Played, IsPlayed ? "1" : "0");
        tags = WriteText(tags, VoiceStoreTagNames.Sender, Sender);
        tags = WriteText(tags, VoiceStoreTagNames.Conversation, Conversation);
        return WriteText(tags, VoiceStoreTagNames.Bars, Bars.Count == 0 ? null : FormatBars(Bars));
    }

    /// <summary>What the index keeps of a message.</summary>
    /// <param name="file">Its file.</param>
    public IndexEntry ToEntry(IndexEntry file) => file with
    {
        Id = Id,
        Time = Time.ToUnixTimeMilliseconds(),
        IsMessage = true,
        IsPlayed = IsPlayed,
        IsForwarded = ForwardedCount > 0,
        IsUnread = false,
        Sender = IndexEntry.HashOf(Sender),
        Conversation = IndexEntry.HashOf(Conversation),
    };

    /// <summary>Tags without what a store has put into them.</summary>
    public static OpusTags Strip(OpusTags tags)
    {
        var names = tags.Comments.Select(comment => comment.Name)
            .Where(name => name.StartsWith(VoiceStoreTagNames.Prefix, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        return names.ToArray().Aggregate(tags, (rest, name) => rest.Without(name));
    }

    /// <summary>Makes an id of a file's name. Files of one name in both folders are two messages.</summary>
    public static string DeriveId(VoiceMessageDirection direction, string name) =>
        DerivedPrefix + Convert.ToHexString(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{direction}/{name}")).AsSpan(0, 12)).ToLowerInvariant();

    private static OpusTags WriteText(OpusTags tags, string name, string? text) =>
        text is null ? tags.Without(name) : tags.With(name, text);

    private static string? ReadText(OpusTags tags, string name) =>
        tags.GetValue(name) is { Length: > 0 and <= MaxText } text ? text : null;

    private static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParseExact(
            text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string FormatBars(IReadOnlyList<float> bars) =>
        Convert.ToBase64String([.. bars.Select(bar => (byte)Math.Round(Math.Clamp(bar, 0, 1) * 255))]);

    private static float[] ParseBars(string? text)
    {
        if (text is not { Length: > 0 and <= MaxBars })
            return [];
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count)
            ? Array.ConvertAll(bytes[..count], height => height / 255f)
            : [];
    }
}
