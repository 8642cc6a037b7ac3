using System.Security.Cryptography;
using System.Text.Json;
using VoiceKit.Profiles;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Profiles;

/// <summary>Files as platforms encrypt them.</summary>
public class EncryptedAttachmentTests
{
    public static TheoryData<AttachmentScheme, int> Lengths
    {
        get
        {
            var data = new TheoryData<AttachmentScheme, int>();
            foreach (var scheme in Enum.GetValues<AttachmentScheme>())
            {
                foreach (var length in new[] { 0, 1, 15, 16, 540, 541, 542, 65_519, 65_536, 65_537, 200_000 })
                    data.Add(scheme, length);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task What_is_encrypted_is_decrypted(AttachmentScheme scheme, int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        var (attachment, cipher) = await Encrypt(scheme, plain);
        using var encrypted = attachment;
        Assert.Equal(SHA256.HashData(cipher), attachment.Hash);
        Assert.Equal(length, attachment.PlaintextLength);
        Assert.Equal(plain, await Decrypt(attachment, cipher));
        using var received = scheme == AttachmentScheme.Matrix
            ? EncryptedAttachment.FromMatrixJson(attachment.ToMatrixJson("mxc://example.org/a"))
            : EncryptedAttachment.FromKey(scheme, attachment.Key, attachment.Hash, length);
        Assert.Equal(plain, await Decrypt(received, cipher));
    }

    [Fact]
    public async Task A_voice_message_is_encrypted_as_WhatsApp_does_it()
    {
        var key = Fixture.Load("whatsapp-audio.key");
        var plain = Fixture.Load("whatsapp-audio.original");
        var cipher = Fixture.Load("whatsapp-audio.encrypted");
        using var output = new MemoryStream();
        using var attachment = await EncryptedAttachment.EncryptAsync(
            AttachmentScheme.WhatsAppAudio, key, [], new MemoryStream(plain), output, CancellationToken.None);
        Assert.Equal(cipher, output.ToArray());
        Assert.Equal(SHA256.HashData(plain), attachment.PlaintextHash);
        using var received = EncryptedAttachment.FromKey(AttachmentScheme.WhatsAppAudio, key, SHA256.HashData(cipher));
        Assert.Equal(plain, await Decrypt(received, cipher));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(65_536 - 16 - 10)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    public async Task The_sidecar_has_a_tag_for_each_64_KiB(int length)
    {
        var (attachment, cipher) = await Encrypt(AttachmentScheme.WhatsAppVideo, RandomNumberGenerator.GetBytes(length));
        using var encrypted = attachment;
        var keys = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, attachment.Key.ToArray(), 112, new byte[32], "WhatsApp Video Keys"u8.ToArray());
        byte[] all = [.. keys[..16], .. cipher];
        var expected = new List<byte>();
        for (var at = 0; at < all.Length; at += 65_536)
        {
            var piece = all.AsSpan(at, Math.Min(65_536 + 16, all.Length - at));
            expected.AddRange(HMACSHA256.HashData(keys.AsSpan(48, 32), piece).AsSpan(0, 10));
        }

        Assert.Equal(expected, attachment.StreamingSidecar.ToArray());
    }

    [Fact]
    public async Task Files_of_Matrix_are_decrypted_in_all_versions_and_encrypted_in_the_newest()
    {
        using var vectors = JsonDocument.Parse(Fixture.Load("matrix-attachments.json"));
        Assert.Equal(5, vectors.RootElement.GetArrayLength());
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var file = vector.GetProperty("file");
            var (plain, cipher) = (Bytes(vector.GetProperty("plaintext")), Bytes(vector.GetProperty("ciphertext")));
            using var attachment = EncryptedAttachment.FromMatrixJson(file.GetRawText());
            Assert.Equal(plain, await Decrypt(attachment, cipher));
            if (!file.TryGetProperty("v", out var version) || version.GetString() != "v2")
                continue;
            using var output = new MemoryStream();
            using var made = await EncryptedAttachment.EncryptAsync(
                AttachmentScheme.Matrix,
                attachment.Key.ToArray(),
                attachment.InitializationVector.ToArray(),
                new MemoryStream(plain),
                output,
                CancellationToken.None);
            Assert.Equal(cipher, output.ToArray());
            Assert.Equal(attachment.Hash.ToArray(), made.Hash.ToArray());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task OpenSSL_decrypts_what_is_made_for_Signal(int length)
    {
        using var folder = new TemporaryFolder();
        var plain = RandomNumberGenerator.GetBytes(length);
        var (attachment, cipher) = await Encrypt(AttachmentScheme.Signal, plain);
        using var encrypted = attachment;
        File.WriteAllBytes(folder["in"], cipher[16..^32]);
        File.WriteAllBytes(folder["signed"], cipher[..^32]);
        var key = Convert.ToHexString(attachment.Key);
        Oracle.Run(
            "openssl",
            "enc",
            "-d",
            "-aes-256-cbc",
            "-K",
            key[..64],
            "-iv",
            Convert.ToHexString(cipher[..16]),
            "-in",
            folder["in"],
            "-out",
            folder["out"]);
        var padded = File.ReadAllBytes(folder["out"]);
        Assert.Equal(plain, padded[..length]);
        Assert.All(padded[length..], value => Assert.Equal(0, value));
        Assert.Equal(
            Math.Max(541, (long)Math.Floor(Math.Pow(1.05, Math.Ceiling(Math.Log(length) / Math.Log(1.05))))), padded.Length);
        Oracle.Run(
            "openssl",
            "dgst",
            "-sha256",
            "-mac",
            "HMAC",
            "-macopt",
            "hexkey:" + key[64..],
            "-binary",
            "-out",
            folder["mac"],
            folder["signed"]);
        Assert.Equal(cipher[^32..], File.ReadAllBytes(folder["mac"]));
    }

    [Theory]
    [InlineData(AttachmentScheme.WhatsAppAudio)]
    [InlineData(AttachmentScheme.Matrix)]
    [InlineData(AttachmentScheme.Signal)]
    public async Task What_is_changed_truncated_or_for_another_key_is_refused_before_a_byte_is_given(AttachmentScheme scheme)
    {
        var (attachment, cipher) = await Encrypt(scheme, RandomNumberGenerator.GetBytes(3000));
        using var encrypted = attachment;
        var random = new Random(8);
        for (var i = 0; i < 40; i++)
        {
            var changed = (byte[])cipher.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            await Refuses(attachment, changed);
            await Refuses(attachment, cipher[..random.Next(cipher.Length)]);
        }

        var (other, _) = await Encrypt(scheme, [1, 2, 3]);
        using var wrong = other;
        await Refuses(other, cipher);
    }

    [Fact]
    public async Task A_key_is_overwritten()
    {
        var (attachment, cipher) = await Encrypt(AttachmentScheme.Signal, [1]);
        attachment.Dispose();
        Assert.Throws<ObjectDisposedException>(() => attachment.Key.Length);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Decrypt(attachment, cipher));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"v":"v3"}""")]
    [InlineData("""{"v":"v2","key":{"alg":"A128","k":""},"iv":"","hashes":{"sha256":""}}""")]
    [InlineData("""{"v":"v2","key":{"alg":"A256CTR","k":"AA"},"iv":"AA","hashes":{"sha256":"AA"}}""")]
    [InlineData("""{"v":"v2","key":{"alg":"A256CTR","k":5},"iv":"!!","hashes":{"sha256":"AA"}}""")]
    public void What_is_no_encrypted_file_of_Matrix_is_refused(string json) =>
        Assert.Throws<VoiceFormatException>(() => EncryptedAttachment.FromMatrixJson(json));

    private static async Task Refuses(EncryptedAttachment attachment, byte[] cipher)
    {
        using var output = new MemoryStream();
        await Assert.ThrowsAsync<VoiceFormatException>(() => attachment.DecryptAsync(new MemoryStream(cipher), output));
        Assert.Equal(0, output.Length);
    }

    private static async Task<(EncryptedAttachment Attachment, byte[] Cipher)> Encrypt(AttachmentScheme scheme, byte[] plain)
    {
        using var output = new MemoryStream();
        var attachment = await EncryptedAttachment.EncryptAsync(scheme, new MemoryStream(plain), output);
        return (attachment, output.ToArray());
    }

    private static async Task<byte[]> Decrypt(EncryptedAttachment attachment, byte[] cipher)
    {
        using var output = new MemoryStream();
        await attachment.DecryptAsync(new MemoryStream(cipher), output);
        return output.ToArray();
    }

    private static byte[] Bytes(JsonElement text)
    {
        var value = text.GetString()!;
        return Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '='));
    }
}
