using System.Net.Mail;
using System.Net.Mime;
using VoiceKit.Profiles;

namespace VoiceKit.Mail;

/// <summary>Puts messages into mails of <see cref="System.Net.Mail"/>.</summary>
public static class VoiceMessageMail
{
    /// <summary>Makes a mail attachment.</summary>
    /// <param name="message">The message. It is read when the mail is sent.</param>
    /// <param name="profile">Names the file and its media type; null for <see cref="VoiceProfile.Generic"/>.</param>
    /// <returns>The attachment; it holds the message open until it or its mail is disposed.</returns>
    /// <exception cref="NotSupportedException">The platform's voice messages are not Opus.</exception>
    /// <exception cref="IOException">The message could not be opened.</exception>
    public static Attachment ToMailAttachment(this VoiceMessage message, VoiceProfile? profile = null)
    {
        profile ??= VoiceProfile.Generic;
        VoiceMessageSending.Check(message, profile);
        var attachment = new Attachment(message.OpenRead(), new ContentType(profile.MimeType) { Name = profile.FileName })
        {
            TransferEncoding = TransferEncoding.Base64,
        };
        attachment.ContentDisposition!.FileName = profile.FileName;
        attachment.ContentDisposition.Size = message.Size;
        return attachment;
    }
}
