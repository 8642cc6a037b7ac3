namespace VoiceKit.Audio;

/// <summary>The four bytes that name a chunk of a RIFF file.</summary>
internal static class RiffChunkId
{
    /// <summary>The bytes as text, with a dot for what cannot be printed.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[4];
        for (int i = 0; i < text.Length; i++)
            text[i] = IsPrintable(bytes[i]) ? (char)bytes[i] : '.';
        return new string(text);
    }

    /// <summary>Whether the bytes can name a chunk: printable ASCII, as the RIFF specification (1991) asks.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) =>
        IsPrintable(bytes[0]) && IsPrintable(bytes[1]) && IsPrintable(bytes[2]) && IsPrintable(bytes[3]);

    private static bool IsPrintable(byte value) => value is >= 0x20 and <= 0x7E;
}
