using VoiceKit.Opus;

namespace VoiceKit.Profiles;

public sealed partial record VoiceProfile
{
    /// <summary>
    /// WhatsApp: mono, 16 kHz, packets of one frame of 20 ms, a pre-skip of 104, vendor "WhatsApp" and no comments, as one of its
    /// own clients was seen to write. See <see cref="WhatsAppGrouped"/> for what others report.
    /// </summary>
    /// <remarks>
    /// Which of these a phone insists on differs between reports (Baileys #2648: iOS refuses other packets and 48 kHz; openclaw
    /// #144507: the header's rate and vendor matter; whatsapp-web.js #3098: 48 kHz plays), so none is more than a warning. The
    /// media type must have its parameter: plain <c>audio/ogg</c> is taken and never delivered (wacli #41). The Cloud API takes
    /// 16 MB, and shows a play button up to 512 KB (Meta, "Audio messages"); both are counted in thousands here, to be safe.
    /// </remarks>
    public static VoiceProfile WhatsApp { get; } = new()
    {
        Name = "whatsapp",
        Platform = VoicePlatform.WhatsApp,
        SampleRate = 16_000,
        Bitrate = 20_000,
        MaxBandwidth = OpusBandwidth.Wideband,
        FramesPerPacket = 1,
        HeaderSampleRate = 16_000,
        PreSkip = 104,
        Vendor = "WhatsApp",
        TakesComments = false,
        MaxSize = 16_000_000,
        PlayableSize = 512_000,
        MimeType = "audio/ogg; codecs=opus",
        ChannelsBasis = (VoiceProfileSeverity.Warning, "WhatsApp's own clients send mono"),
        Source = "Meta, Cloud API, Audio messages",
        ShapeSource = "reports differ: Baileys #2648, openclaw #144507, whatsapp-web.js #3098",
    };

    /// <summary>
    /// WhatsApp with packets of three frames of 20 ms and code 3, as reports have it of what iOS insists on (Baileys #2648).
    /// </summary>
    public static VoiceProfile WhatsAppGrouped { get; } = WhatsApp with
    {
        Name = "whatsapp-grouped",
        FramesPerPacket = 3,
        ForceCode3 = true,
        PreSkip = null,
    };

    /// <summary>Telegram: mono; 50 MB through the Bot API, which takes no more than 1 MB by URL.</summary>
    public static VoiceProfile Telegram { get; } = new()
    {
        Name = "telegram",
        Platform = VoicePlatform.Telegram,
        Bitrate = 32_000,
        TakesComments = false,
        MaxSize = 50_000_000,
        Cover = (
            "Telegram shows none on a voice note, and was seen to show a file with one without bars, or as a plain file",
            "TDLib, inputMessageVoiceNote; node-telegram-bot-api #544; tdesktop #29481"),
        ChannelsBasis = (VoiceProfileSeverity.Error, "TDLib, inputMessageVoiceNote: a voice note has one channel"),
        Source = "Telegram Bot API, sendVoice",
    };

    /// <summary>
    /// Discord: what its own clients send is mono at 48 kHz and 32 kbit/s, which it calls an implementation detail.
    /// </summary>
    /// <remarks>How large an upload may be depends on the account and the server, so it is not checked.</remarks>
    public static VoiceProfile Discord { get; } = new()
    {
        Name = "discord",
        Platform = VoicePlatform.Discord,
        Bitrate = 32_000,
        TakesComments = false,
        FileName = "voice-message.ogg",
        ChannelsBasis = (VoiceProfileSeverity.Advice, "Discord API documentation, Voice messages"),
        Source = "Discord API documentation, Voice messages",
    };

    /// <summary>
    /// Matrix as clients send it: MSC3245 in its first text, bars of 0…1024. Element records 15 minutes at most.
    /// </summary>
    public static VoiceProfile MatrixV1 { get; } = new()
    {
        Name = "matrix-v1",
        Platform = VoicePlatform.MatrixV1,
        TakesComments = false,
        MaxDuration = TimeSpan.FromMinutes(15),
        FileName = "Voice message.ogg",
        ChannelsBasis = (VoiceProfileSeverity.Advice, "MSC3245: 48 kHz, 24 kbit/s, mono"),
        Source = "Element Web, VoiceRecording",
    };

    /// <summary>Matrix as the current drafts of MSC3245 and MSC3246 have it: bars of 0…256, and seconds.</summary>
    public static VoiceProfile Matrix { get; } = MatrixV1 with { Name = "matrix", Platform = VoicePlatform.Matrix };

    /// <summary>
    /// Signal: AAC-LC in ADTS, mono, 44.1 kHz, 32 kbit/s, without bars: each receiver makes its own. VoiceKit.FFmpeg encodes it,
    /// and sends it (<c>SignalVoice</c>); no Opus fits.
    /// </summary>
    public static VoiceProfile Signal { get; } = new()
    {
        Name = "signal",
        Platform = VoicePlatform.Signal,
        TakesOpus = false,
        TakesComments = false,
        SampleRate = 44_100,
        Bitrate = 32_000,
        MimeType = "audio/aac",
        FileName = "voice.aac",
        Source = "Signal for Android, AudioCodec",
    };

    /// <summary>Apple's iMessage: Opus in CAF, mono, 24 kHz. Bars are made by each receiver.</summary>
    public static VoiceProfile IMessage { get; } = new()
    {
        Name = "imessage",
        Platform = VoicePlatform.IMessage,
        Container = OpusContainer.Caf,
        SampleRate = 24_000,
        MaxBandwidth = OpusBandwidth.Superwideband,
        TakesComments = false,
        MimeType = "audio/x-caf",
        FileName = "Audio Message.caf",
        ChannelsBasis = (VoiceProfileSeverity.Warning, "Apple's own clients send mono"),
        Source = "files of Apple's clients",
    };

    /// <summary>No platform in particular: any Ogg Opus that conforms, mono or stereo (RFC 7845, media type of §9).</summary>
    public static VoiceProfile Generic { get; } = new()
    {
        Name = "generic",
        Channels = 2,
        TakesChains = true,
        MimeType = "audio/ogg; codecs=opus",
        FileName = "voice.opus",
        ChannelsBasis = (VoiceProfileSeverity.Warning, "most players play mono and stereo only"),
        Source = "RFC 7845",
    };

    /// <summary>All of these.</summary>
    public static IReadOnlyList<VoiceProfile> All { get; } = 
        [WhatsApp, WhatsAppGrouped, Telegram, Discord, MatrixV1, Matrix, Signal, IMessage, Generic];

    /// <summary>Finds a profile by its name, or gives null.</summary>
    /// <param name="name">A name; case does not matter.</param>
    public static VoiceProfile? Find(string name) =>
        All.FirstOrDefault(profile => profile.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
