using System.Security.Cryptography;

namespace VoiceKit.Profiles;

/// <summary>
/// What it takes to read a file that a platform has encrypted, and to know that it is whole: the key, the hashes and the length,
/// which go with the message while the file goes to a server. Encrypts and decrypts streams of any length in constant memory,
/// with the cryptography of .NET alone.
/// </summary>
/// <remarks>
/// A file is verified as a whole before a byte of it is given, so what is decrypted must be able to seek. The key is overwritten
/// when the object is disposed. An instance may be used by several threads as long as none disposes it.
/// </remarks>
public sealed partial class EncryptedAttachment : IDisposable
{
    private readonly byte[] _key;
    private readonly byte[] _vector;
    private readonly byte[] _hash;
    private readonly byte[] _plaintextHash;
    private readonly byte[] _sidecar;
    private bool _isDisposed;

    private EncryptedAttachment(AttachmentScheme scheme, ReadOnlySpan<byte> key, AttachmentResult result)
    {
        Scheme = scheme;
        _key = key.ToArray();
        _vector = result.Vector;
        _hash = result.Hash;
        _plaintextHash = result.PlaintextHash;
        _sidecar = result.Sidecar;
        PlaintextLength = result.PlaintextLength;
        CounterVersion = result.CounterVersion;
    }

    /// <summary>How the file is encrypted.</summary>
    public AttachmentScheme Scheme { get; }

    /// <summary>
    /// The key: 32 bytes, WhatsApp's media key or Matrix' AES key; 64 bytes of Signal, AES key and HMAC key.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    public ReadOnlySpan<byte> Key
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _key;
        }
    }

    /// <summary>
    /// The initialization vector of Matrix, 16 bytes; empty for the others, which have it in the file or make it of the key.
    /// </summary>
    public ReadOnlySpan<byte> InitializationVector => _vector;

    /// <summary>
    /// SHA-256 of the encrypted file: WhatsApp's <c>fileEncSha256</c>, Matrix' <c>hashes.sha256</c>, Signal's <c>digest</c>;
    /// empty where it is not known.
    /// </summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>SHA-256 of the file itself, WhatsApp's <c>fileSha256</c>; empty where it is not known.</summary>
    public ReadOnlySpan<byte> PlaintextHash => _plaintextHash;

    /// <summary>
    /// WhatsApp's <c>streamingSidecar</c>: 10 bytes for each 64 KiB of the encrypted file, by which a client can verify it piece
    /// by piece; empty for the others and after reading.
    /// </summary>
    public ReadOnlySpan<byte> StreamingSidecar => _sidecar;

    /// <summary>The length of the file itself in bytes; null where it is not known.</summary>
    public long? PlaintextLength { get; }

    /// <summary>The version of Matrix' format, 0…2.</summary>
    internal int CounterVersion { get; }

    /// <summary>Encrypts a file with a new key from the system's generator.</summary>
    /// <param name="scheme">How.</param>
    /// <param name="plaintext">The file, from where the stream stands; stays open.</param>
    /// <param name="ciphertext">Receives what is uploaded; stays open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>What goes with the message.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    public static async Task<EncryptedAttachment> EncryptAsync(
        AttachmentScheme scheme, Stream plaintext, Stream ciphertext, CancellationToken cancellationToken = default)
    {
        var key = RandomNumberGenerator.GetBytes(KeyLengthOf(scheme));
        var vector = RandomNumberGenerator.GetBytes(AttachmentCipher.VectorLength);
        if (scheme == AttachmentScheme.Matrix)
            vector.AsSpan(sizeof(ulong)).Clear();
        try
        {
            return await EncryptAsync(scheme, key, vector, plaintext, ciphertext, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Describes a file that was received, by what came with the message.</summary>
    /// <param name="scheme">WhatsApp's or Signal's; see <see cref="FromMatrixJson"/> for Matrix.</param>
    /// <param name="key">WhatsApp's media key, 32 bytes; Signal's key, 64 bytes. It is copied.</param>
    /// <param name="hash">
    /// SHA-256 of the encrypted file; empty where it is not known: then only the file's own HMAC is verified.
    /// </param>
    /// <param name="plaintextLength">
    /// The length of the file itself, which Signal needs to take its padding off; null where it is not known.
    /// </param>
    /// <param name="plaintextHash">SHA-256 of the file itself, of WhatsApp; empty where it is not known.</param>
    /// <exception cref="ArgumentException">The key or a hash is of another length, or the scheme is Matrix'.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or there is no such scheme.</exception>
    public static EncryptedAttachment FromKey(
        AttachmentScheme scheme,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> hash = default,
        long? plaintextLength = null,
        ReadOnlySpan<byte> plaintextHash = default)
    {
        if (scheme == AttachmentScheme.Matrix)
            throw new ArgumentException("Matrix has more beside the file than a key.", nameof(scheme));
        if (key.Length != KeyLengthOf(scheme))
            throw new ArgumentException($"The key has {key.Length} bytes, not {KeyLengthOf(scheme)}.", nameof(key));
        CheckHash(hash, nameof(hash));
        CheckHash(plaintextHash, nameof(plaintextHash));
        if (plaintextLength is { } length)
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(plaintextLength));
        return new EncryptedAttachment(scheme, key, new AttachmentResult
        {
            Hash = hash.ToArray(),
            PlaintextHash = plaintextHash.ToArray(),
            PlaintextLength = plaintextLength,
        });
    }

    /// <summary>Verifies a file as a whole, and then decrypts it.</summary>
    /// <param name="ciphertext">
    /// What was downloaded, from where the stream stands to its end; must be able to seek; stays open.
    /// </param>
    /// <param name="plaintext">Receives the file; stays open. Nothing is written to it before all is verified.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="NotSupportedException">The stream cannot seek.</exception>
    /// <exception cref="VoiceFormatException">The file is truncated or changed, or the key is another's.</exception>
    /// <exception cref="IOException">A stream could not be read or written.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    public async Task DecryptAsync(Stream ciphertext, Stream plaintext, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ciphertext);
        ArgumentNullException.ThrowIfNull(plaintext);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!ciphertext.CanSeek)
            throw new NotSupportedException("The stream cannot seek: the whole file is verified before a byte of it is given.");
        using var cipher = CreateCipher(Scheme, _key, _vector, CounterVersion);
        await cipher.DecryptAsync(ciphertext, plaintext, this, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Overwrites the key.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>Encrypts with a key and a vector that are given.</summary>
    internal static async Task<EncryptedAttachment> EncryptAsync(
        AttachmentScheme scheme,
        byte[] key,
        byte[] vector,
        Stream plaintext,
        Stream ciphertext,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plaintext);
        ArgumentNullException.ThrowIfNull(ciphertext);
        using var cipher = CreateCipher(scheme, key, vector, MatrixVersion);
        var result = await cipher.EncryptAsync(plaintext, ciphertext, cancellationToken).ConfigureAwait(false);
        return new EncryptedAttachment(scheme, key, result);
    }

    private static AttachmentCipher CreateCipher(AttachmentScheme scheme, byte[] key, byte[] vector, int version) => scheme switch
    {
        AttachmentScheme.Matrix => new MatrixCipher(key, vector, version),
        AttachmentScheme.Signal => BlockCipher.OfSignal(key, vector),
        _ => BlockCipher.OfWhatsApp(key, NameOf(scheme)),
    };

    private static string NameOf(AttachmentScheme scheme) => scheme switch
    {
        AttachmentScheme.WhatsAppAudio => "Audio",
        AttachmentScheme.WhatsAppVideo => "Video",
        AttachmentScheme.WhatsAppImage => "Image",
        AttachmentScheme.WhatsAppDocument => "Document",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "There is no such scheme."),
    };

    private static int KeyLengthOf(AttachmentScheme scheme)
    {
        if (scheme is AttachmentScheme.Matrix)
            return AttachmentCipher.KeyLength;
        if (scheme is AttachmentScheme.Signal)
            return 2 * AttachmentCipher.KeyLength;
        _ = NameOf(scheme);
        return AttachmentCipher.KeyLength;
    }

    private static void CheckHash(ReadOnlySpan<byte> hash, string name)
    {
        if (hash.Length != 0 && hash.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException($"The hash has {hash.Length} bytes, not {SHA256.HashSizeInBytes}.", name);
    }
}
