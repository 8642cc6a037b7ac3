using System.Buffers.Text;
using System.Security.Cryptography;

namespace VoiceKit.WebChat.Rooms;

/// <summary>
/// Who has a room's token has the room: it is in the page's address. It is 128 random bits and a check by which the server
/// knows its own, so that a room costs nothing before its first message, and nobody can make up a token that others might guess.
/// </summary>
internal sealed class RoomKey(ChatFolder folder)
{
    private const int RandomSize = 16;
    private const int CheckSize = 8;
    private const int TokenLength = (RandomSize + CheckSize) * 4 / 3;

    /// <summary>A token for a new room.</summary>
    public string NewToken()
    {
        var token = new byte[RandomSize + CheckSize];
        RandomNumberGenerator.Fill(token.AsSpan(0, RandomSize));
        CheckOf(token.AsSpan(0, RandomSize)).CopyTo(token, RandomSize);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Whether this server has made a token.</summary>
    public bool IsToken(string? text)
    {
        if (text is not { Length: TokenLength } || !Ids.IsBase64Url(text))
            return false;
        var token = Base64Url.DecodeFromChars(text);
        return CryptographicOperations.FixedTimeEquals(token.AsSpan(RandomSize), CheckOf(token.AsSpan(0, RandomSize)));
    }

    /// <summary>The name of a room's folder, of which nobody learns the token.</summary>
    public string FolderNameOf(string token) => Convert.ToHexStringLower(Ids.Hash(folder.Key, "folder", token, 16));

    /// <summary>What others in a room know a person by, who is somebody else in every room.</summary>
    public string PersonOf(string token, string secret) =>
        Convert.ToHexStringLower(Ids.Hash(folder.Key, "person", $"{token}\n{secret}", 16));

    private byte[] CheckOf(ReadOnlySpan<byte> random) =>
        Ids.Hash(folder.Key, "room", Convert.ToHexString(random), CheckSize);
}
