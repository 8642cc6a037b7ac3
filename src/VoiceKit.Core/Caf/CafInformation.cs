using System.Buffers.Binary;
using System.Text;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>The information chunk: a count, then keys and values that each end with a zero byte.</summary>
internal static class CafInformation
{
    // What a comment takes in memory beside its text.
    private const int Overhead = 64;

    /// <summary>Reads the texts as comments.</summary>
    /// <param name="chunk">The content of the chunk, or its beginning.</param>
    /// <param name="maxSize">How much memory the comments may take, in bytes of the chunk.</param>
    /// <param name="fault">What is broken, or null when nothing is.</param>
    public static OpusTags Read(ReadOnlySpan<byte> chunk, int maxSize, out string? fault)
    {
        var comments = new List<OpusComment>();
        string? vendor = null, otherVendor = null;
        fault = ReadPairs(chunk, maxSize, (key, value) =>
        {
            if (key.Equals(CafNames.Vendor, StringComparison.OrdinalIgnoreCase))
                vendor ??= value;
            else if (key.Equals(CafNames.OtherVendor, StringComparison.OrdinalIgnoreCase) && otherVendor is null)
                otherVendor = value;
            else if (OpusComment.IsValidName(CafNames.ToName(key)))
                comments.Add(new OpusComment(CafNames.ToName(key), value));
        });
        if (vendor is not null && otherVendor is not null)
            comments.Add(new OpusComment(CafNames.ToName(CafNames.OtherVendor), otherVendor));
        return new OpusTags(vendor ?? otherVendor ?? "", comments);
    }

    /// <summary>Makes the content of a chunk. A value is cut where it has a zero character, which would end it.</summary>
    public static byte[] Make(OpusTags tags)
    {
        using var chunk = new MemoryStream();
        chunk.Write([0, 0, 0, 0]);
        var count = 1;
        Write(chunk, CafNames.Vendor, tags.Vendor);
        foreach (var comment in tags.Comments)
        {
            Write(chunk, CafNames.ToKey(comment.Name), comment.Value);
            count++;
        }

        var bytes = chunk.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, count);
        return bytes;
    }

    private static string? ReadPairs(ReadOnlySpan<byte> chunk, int room, Action<string, string> add)
    {
        if (chunk.Length < sizeof(uint))
            return "the number of texts is missing";
        var count = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        var rest = chunk[sizeof(uint)..];
        for (uint i = 0; i < count; i++)
        {
            if (!TryTake(ref rest, out var key) || !TryTake(ref rest, out var value))
                return $"text {i} of {count} reaches beyond the end";
            room -= key.Length + value.Length + Overhead;
            if (room < 0)
                return $"of {count} texts only {i} are read";
            add(Encoding.UTF8.GetString(key), Encoding.UTF8.GetString(value));
        }

        return null;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        var end = rest.IndexOf((byte)0);
        text = end < 0 ? default : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return end >= 0;
    }

    private static void Write(MemoryStream chunk, string key, string value)
    {
        chunk.Write(Encoding.UTF8.GetBytes(key));
        chunk.WriteByte(0);
        var end = value.IndexOf('\0', StringComparison.Ordinal);
        chunk.Write(Encoding.UTF8.GetBytes(end < 0 ? value : value[..end]));
        chunk.WriteByte(0);
    }
}
