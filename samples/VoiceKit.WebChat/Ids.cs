using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.WebChat;

/// <summary>Names that cannot be guessed.</summary>
internal static class Ids
{
    private const int Length = 32;

    /// <summary>A new name of 128 random bits, as hexadecimal digits.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length / 2));

    /// <summary>Whether a text can be such a name.</summary>
    public static bool IsId(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a text can be what a page keeps secret of its person: 128 bits in base64url.</summary>
    public static bool IsSecret(string? text) => text is { Length: 22 } && IsBase64Url(text);

    /// <summary>Whether a text has the characters of base64url and no others, not even spaces.</summary>
    public static bool IsBase64Url(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A short hash that tells nothing of what it is made of to those who lack the key.</summary>
    /// <param name="key">The server's key.</param>
    /// <param name="purpose">What it is for, so that hashes for two purposes never meet.</param>
    /// <param name="text">What it is made of.</param>
    /// <param name="bytes">How long it is.</param>
    public static byte[] Hash(byte[] key, string purpose, string text, int bytes) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{text}"))[..bytes];
}
