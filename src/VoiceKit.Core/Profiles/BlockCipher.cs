using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.Profiles;

/// <summary>AES-256-CBC with an HMAC-SHA256 over vector and ciphertext behind it, as WhatsApp and Signal have it.</summary>
internal sealed class BlockCipher : AttachmentCipher
{
    private const int WhatsAppMacLength = 10;

    private readonly Aes _aes = Aes.Create();
    private readonly byte[] _vector;
    private readonly byte[] _macKey;
    private readonly int _macLength;
    private readonly bool _isSignal;

    private BlockCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> macKey, byte[] vector, bool isSignal)
    {
        _aes.SetKey(key);
        _macKey = macKey.ToArray();
        _vector = vector;
        _isSignal = isSignal;
        _macLength = isSignal ? HMACSHA256.HashSizeInBytes : WhatsAppMacLength;
    }

    // Signal has the vector in the file; WhatsApp makes it of the key.
    private int VectorInFile => _isSignal ? VectorLength : 0;

    public static BlockCipher OfWhatsApp(byte[] mediaKey, string media)
    {
        const int Length = 112;
        Span<byte> keys = stackalloc byte[Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, mediaKey, keys, new byte[32], Encoding.ASCII.GetBytes($"WhatsApp {media} Keys"));
        var cipher = new BlockCipher(
            keys.Slice(VectorLength, KeyLength),
            keys.Slice(VectorLength + KeyLength, KeyLength),
            keys[..VectorLength].ToArray(),
            isSignal: false);
        CryptographicOperations.ZeroMemory(keys);
        return cipher;
    }

    public static BlockCipher OfSignal(byte[] key, byte[] vector) =>
        new(key.AsSpan(0, KeyLength), key.AsSpan(KeyLength), vector, isSignal: true);

    public override async Task<AttachmentResult> EncryptAsync(
        Stream plaintext, Stream ciphertext, CancellationToken cancellationToken)
    {
        using var encryptor = _aes.CreateEncryptor(_aes.Key, _vector);
        using var output = new Output(ciphertext, _macKey, hasSidecar: !_isSignal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await output.BeginAsync(_vector, _isSignal, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[BufferLength];
        var encrypted = new byte[BufferLength];
        long length = 0;
        int count;
        while ((count = await Fill(plaintext, buffer, cancellationToken).ConfigureAwait(false)) == BufferLength)
        {
            hash.AppendData(buffer);
            length += count;
            encryptor.TransformBlock(buffer, 0, count, encrypted, 0);
            await output.WriteAsync(encrypted, cancellationToken).ConfigureAwait(false);
        }

        hash.AppendData(buffer.AsSpan(0, count));
        length += count;
        count = await PadAsync(encryptor, output, buffer, encrypted, count, length, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(encryptor.TransformFinalBlock(buffer, 0, count), cancellationToken).ConfigureAwait(false);
        await output.EndAsync(_macLength, cancellationToken).ConfigureAwait(false);
        CryptographicOperations.ZeroMemory(buffer);
        return new AttachmentResult
        {
            Hash = output.GetHash(),
            PlaintextHash = hash.GetHashAndReset(),
            PlaintextLength = length,
            Sidecar = output.GetSidecar(),
        };
    }

    public override async Task DecryptAsync(
        Stream ciphertext, Stream plaintext, EncryptedAttachment expected, CancellationToken cancellationToken)
    {
        var start = ciphertext.Position;
        var length = ciphertext.Length - start - _macLength;
        if (length < VectorInFile + BlockLength || (length - VectorInFile) % BlockLength != 0)
            throw Refused("it is truncated");
        await VerifyAsync(ciphertext, length, expected, cancellationToken).ConfigureAwait(false);
        ciphertext.Position = start;
        var vector = _isSignal ? new byte[VectorLength] : _vector;
        if (_isSignal)
            await ciphertext.ReadExactlyAsync(vector, cancellationToken).ConfigureAwait(false);
        using var decryptor = _aes.CreateDecryptor(_aes.Key, vector);
        var left = expected.PlaintextLength is { } exact && _isSignal ? exact : long.MaxValue;
        await DecryptAsync(
            decryptor, ciphertext, plaintext, length - VectorInFile, left, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_macKey);
    }

    // What a server sees is one of few lengths.
    private static long PaddedLength(long length) =>
        Math.Max(541, (long)Math.Floor(Math.Pow(1.05, Math.Ceiling(Math.Log(Math.Max(1, length)) / Math.Log(1.05)))));

    private async Task<int> PadAsync(
        ICryptoTransform encryptor,
        Output output,
        byte[] buffer,
        byte[] encrypted,
        int count,
        long length,
        CancellationToken cancellationToken)
    {
        var padding = _isSignal ? Math.Max(0, PaddedLength(length) - length) : 0;
        while (padding > 0)
        {
            var zeros = (int)Math.Min(padding, BufferLength - count);
            buffer.AsSpan(count, zeros).Clear();
            count += zeros;
            padding -= zeros;
            if (count < BufferLength)
                continue;
            encryptor.TransformBlock(buffer, 0, count, encrypted, 0);
            await output.WriteAsync(encrypted, cancellationToken).ConfigureAwait(false);
            count = 0;
        }

        return count;
    }

    private async Task VerifyAsync(
        Stream ciphertext, long length, EncryptedAttachment expected, CancellationToken cancellationToken)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _macKey);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (!_isSignal)
            mac.AppendData(_vector);
        var buffer = new byte[BufferLength];
        while (length > 0)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(length, BufferLength));
            await ciphertext.ReadExactlyAsync(piece, cancellationToken).ConfigureAwait(false);
            mac.AppendData(piece.Span);
            hash.AppendData(piece.Span);
            length -= piece.Length;
        }

        var tag = buffer.AsMemory(0, _macLength);
        await ciphertext.ReadExactlyAsync(tag, cancellationToken).ConfigureAwait(false);
        hash.AppendData(tag.Span);
        if (!CryptographicOperations.FixedTimeEquals(mac.GetHashAndReset().AsSpan(0, _macLength), tag.Span))
            throw Refused("its HMAC does not fit, so it is changed, or the key is another's");
        CheckHash(expected.Hash, hash);
    }

    private static async Task DecryptAsync(
        ICryptoTransform decryptor,
        Stream ciphertext,
        Stream plaintext,
        long length,
        long left,
        CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferLength];
        var decrypted = new byte[BufferLength];
        while (length > 0)
        {
            var count = (int)Math.Min(length, BufferLength);
            await ciphertext.ReadExactlyAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            length -= count;
            var piece = length > 0
                ? decrypted.AsMemory(0, decryptor.TransformBlock(buffer, 0, count, decrypted, 0))
                : Final(decryptor, buffer, count);
            piece = piece[..(int)Math.Min(piece.Length, left)];
            left -= piece.Length;
            await plaintext.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }

        CryptographicOperations.ZeroMemory(decrypted);
        if (left is > 0 and < long.MaxValue / 2)
            throw Refused("it is shorter than the message says");
    }

    private static Memory<byte> Final(ICryptoTransform decryptor, byte[] buffer, int count)
    {
        try
        {
            return decryptor.TransformFinalBlock(buffer, 0, count);
        }
        catch (CryptographicException)
        {
            throw Refused("its padding is wrong");
        }
    }

    /// <summary>The encrypted file as it is written: with what is computed of it on the way.</summary>
    private sealed class Output(Stream stream, byte[] macKey, bool hasSidecar) : IDisposable
    {
        private readonly IncrementalHash _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, macKey);
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly AttachmentSidecar? _sidecar = hasSidecar ? new AttachmentSidecar(macKey) : null;

        public async ValueTask BeginAsync(byte[] vector, bool writesVector, CancellationToken cancellationToken)
        {
            _mac.AppendData(vector);
            _sidecar?.Append(vector);
            if (!writesVector)
                return;
            _hash.AppendData(vector);
            await stream.WriteAsync(vector, cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask WriteAsync(byte[] bytes, CancellationToken cancellationToken)
        {
            _mac.AppendData(bytes);
            _hash.AppendData(bytes);
            _sidecar?.Append(bytes);
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask EndAsync(int macLength, CancellationToken cancellationToken)
        {
            var tag = _mac.GetHashAndReset().AsMemory(0, macLength);
            _hash.AppendData(tag.Span);
            _sidecar?.Append(tag.Span);
            await stream.WriteAsync(tag, cancellationToken).ConfigureAwait(false);
        }

        public byte[] GetHash() => _hash.GetHashAndReset();

        public byte[] GetSidecar() => _sidecar?.ToArray() ?? [];

        public void Dispose()
        {
            _mac.Dispose();
            _hash.Dispose();
            _sidecar?.Dispose();
        }
    }
}
