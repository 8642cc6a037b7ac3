using System.Security.Cryptography;

namespace VoiceKit.Profiles;

/// <summary>Encrypts and decrypts the files of one scheme, in constant memory.</summary>
internal abstract class AttachmentCipher : IDisposable
{
    public const int KeyLength = 32;
    public const int VectorLength = 16;
    protected const int BlockLength = 16;
    protected const int BufferLength = 64 * 1024;

    public abstract Task<AttachmentResult> EncryptAsync(Stream plaintext, Stream ciphertext, CancellationToken cancellationToken);

    public abstract Task DecryptAsync(
        Stream ciphertext, Stream plaintext, EncryptedAttachment expected, CancellationToken cancellationToken);

    public abstract void Dispose();

    protected static VoiceFormatException Refused(string what) => new($"The attachment is not what was sent: {what}.");

    /// <summary>Refuses what has another hash than the message says, if it says one.</summary>
    protected static void CheckHash(ReadOnlySpan<byte> expected, IncrementalHash actual)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        actual.GetHashAndReset(hash);
        if (expected.Length > 0 && !CryptographicOperations.FixedTimeEquals(expected, hash))
            throw Refused("its SHA-256 is another");
    }

    protected static async ValueTask<int> Fill(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
}
