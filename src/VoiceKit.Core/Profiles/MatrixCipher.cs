using System.Buffers.Binary;
using System.Security.Cryptography;

namespace VoiceKit.Profiles;

/// <summary>AES-256-CTR, with the SHA-256 of the ciphertext beside the file, as Matrix has it.</summary>
/// <param name="key">32 bytes.</param>
/// <param name="vector">The first counter, 16 bytes.</param>
/// <param name="version">0 counts in all 128 bits; 1 and 2 in the last 64.</param>
internal sealed class MatrixCipher(byte[] key, byte[] vector, int version) : AttachmentCipher
{
    private readonly Aes _aes = CreateAes(key);
    private readonly byte[] _counters = new byte[BufferLength];

    public override async Task<AttachmentResult> EncryptAsync(
        Stream plaintext, Stream ciphertext, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = await CryptAsync(plaintext, ciphertext, hash, cancellationToken).ConfigureAwait(false);
        return new AttachmentResult
        {
            Vector = (byte[])vector.Clone(),
            Hash = hash.GetHashAndReset(),
            PlaintextLength = length,
            CounterVersion = version,
        };
    }

    public override async Task DecryptAsync(
        Stream ciphertext, Stream plaintext, EncryptedAttachment expected, CancellationToken cancellationToken)
    {
        var start = ciphertext.Position;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferLength];
        int count;
        while ((count = await ciphertext.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            hash.AppendData(buffer, 0, count);
        CheckHash(expected.Hash, hash);
        ciphertext.Position = start;
        await CryptAsync(ciphertext, plaintext, null, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_counters);
    }

    private static Aes CreateAes(byte[] key)
    {
        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }

    private async Task<long> CryptAsync(Stream input, Stream output, IncrementalHash? hash, CancellationToken cancellationToken)
    {
        var high = BinaryPrimitives.ReadUInt64BigEndian(vector);
        var low = BinaryPrimitives.ReadUInt64BigEndian(vector.AsSpan(sizeof(ulong)));
        var buffer = new byte[BufferLength];
        long length = 0;
        int count;
        while ((count = await Fill(input, buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            (high, low) = Crypt(buffer.AsSpan(0, count), high, low);
            hash?.AppendData(buffer, 0, count);
            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            length += count;
        }

        CryptographicOperations.ZeroMemory(buffer);
        return length;
    }

    private (ulong High, ulong Low) Crypt(Span<byte> data, ulong high, ulong low)
    {
        var size = (data.Length + BlockLength - 1) / BlockLength * BlockLength;
        var counters = _counters.AsSpan(0, size);
        for (var at = 0; at < size; at += BlockLength)
        {
            BinaryPrimitives.WriteUInt64BigEndian(counters[at..], high);
            BinaryPrimitives.WriteUInt64BigEndian(counters[(at + sizeof(ulong))..], low);
            low++;
            high += low == 0 && version == 0 ? 1u : 0u;
        }

        _aes.EncryptEcb(counters, counters, PaddingMode.None);
        for (var i = 0; i < data.Length; i++)
            data[i] ^= counters[i];
        return (high, low);
    }
}
