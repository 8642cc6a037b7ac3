namespace VoiceKit.Profiles;

/// <summary>How a platform encrypts the files that belong to messages.</summary>
public enum AttachmentScheme
{
    /// <summary>
    /// WhatsApp's voice messages and other audio: keys by HKDF-SHA256 from a media key, AES-256-CBC, HMAC-SHA256 of 10 bytes.
    /// </summary>
    WhatsAppAudio,

    /// <summary>WhatsApp's videos; as <see cref="WhatsAppAudio"/> with other keys.</summary>
    WhatsAppVideo,

    /// <summary>WhatsApp's pictures; as <see cref="WhatsAppAudio"/> with other keys.</summary>
    WhatsAppImage,

    /// <summary>WhatsApp's documents; as <see cref="WhatsAppAudio"/> with other keys.</summary>
    WhatsAppDocument,

    /// <summary>
    /// Matrix' <c>EncryptedFile</c>, version v2: AES-256-CTR with a counter of 64 bits, and SHA-256 of the ciphertext. v1 and v0,
    /// whose counters differ, are decrypted.
    /// </summary>
    Matrix,

    /// <summary>Signal's attachments: padded with zeros, AES-256-CBC, HMAC-SHA256, and SHA-256 of all of it.</summary>
    Signal,
}
