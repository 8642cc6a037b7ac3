using System.Security.Cryptography;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Storage;

/// <summary>What the tests of stores have in common.</summary>
internal static class Stores
{
    public static readonly VoiceMessageStoreOptions Fast = new() { Durability = VoiceStoreDurability.ProcessEnd };

    public static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A message that is told from others by its number.</summary>
    public static VoiceMessage Message(int number, int packets = 20) =>
        VoiceMessage.FromBytes(NumberedPackets.File(packets, new OpusWriterOptions { Serial = number }, first: number * 1000));

    /// <summary>What is heard of a file: its packets and how they are cut.</summary>
    public static string AudioOf(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var reader = OggOpusReader.Open(new MemoryStream(File.ReadAllBytes(path)));
        while (reader.Read())
        {
            hash.AppendData(reader.Packet);
            hash.AppendData(BitConverter.GetBytes(reader.PacketInfo.Playable));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public static async Task<string[]> IdsAsync(VoiceMessageStore store) =>
        [.. (await store.ListAsync().ToListAsync()).Select(message => message.Id)];
}
