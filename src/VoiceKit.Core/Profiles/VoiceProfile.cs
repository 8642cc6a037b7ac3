using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Profiles;

/// <summary>What one chat platform takes for a voice message. Start from a known one and change it with <c>with</c>.</summary>
/// <remarks>
/// Few platforms document all of this. Each finding of <see cref="Check"/> names its source, and is an error only where the
/// platform itself says so.
/// </remarks>
public sealed partial record VoiceProfile
{
    /// <summary>The name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Whose bars, fields and uploads it speaks.</summary>
    internal VoicePlatform Platform { get; init; }

    /// <summary>Whether voice messages are Opus.</summary>
    /// <value>True by default.</value>
    public bool TakesOpus { get; init; } = true;

    /// <summary>The container that the message is sent in; see <see cref="VoiceMessageSending.ToFile"/>.</summary>
    /// <value><see cref="OpusContainer.Ogg"/> by default.</value>
    public OpusContainer Container { get; init; } = OpusContainer.Ogg;

    /// <summary>The rate to encode at, in Hz.</summary>
    /// <value>48000 by default.</value>
    public int SampleRate { get; init; } = OpusRates.Full;

    /// <summary>How many channels there may be: 1 or 2.</summary>
    /// <value>1 by default.</value>
    public int Channels { get; init; } = 1;

    /// <summary>The bitrate to encode at, in bits per second; less where a message would be too large.</summary>
    /// <value>24000 by default.</value>
    public int Bitrate { get; init; } = 24_000;

    /// <summary>The widest audio bandwidth that is taken.</summary>
    /// <value><see cref="OpusBandwidth.Fullband"/> by default.</value>
    public OpusBandwidth MaxBandwidth { get; init; } = OpusBandwidth.Fullband;

    /// <summary>The duration of a frame to encode: 10, 20, 40 or 60 ms.</summary>
    /// <value>20 ms by default.</value>
    public TimeSpan FrameDuration { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How many frames of that duration a packet has.</summary>
    /// <value>Null, the default, where any packets are taken. Frames and packets together are 120 ms at most.</value>
    public int? FramesPerPacket { get; init; }

    /// <summary>Whether packets are to have frame count code 3 (RFC 6716 §3.2.5) even where another is shorter.</summary>
    /// <value>False by default; without <see cref="FramesPerPacket"/> it is not looked at.</value>
    public bool ForceCode3 { get; init; }

    /// <summary>The rate that the identification header is to say, in Hz.</summary>
    /// <value>Null, the default, for any.</value>
    public int? HeaderSampleRate { get; init; }

    /// <summary>
    /// The pre-skip that the identification header is to say, in samples at 48 kHz. A longer one is changed, and only where what
    /// is skipped is no more than the delay of an encoder: so nothing is lost, and nothing is heard that was cut off.
    /// </summary>
    /// <value>Null, the default, for any.</value>
    public ushort? PreSkip { get; init; }

    /// <summary>The vendor that the comment header is to name.</summary>
    /// <value>Null, the default, for any.</value>
    public string? Vendor { get; init; }

    /// <summary>Whether comments are taken along: who speaks, where, what for, and a picture.</summary>
    /// <value>True by default; false for every platform that is known, since they go to whoever gets the file.</value>
    public bool TakesComments { get; init; } = true;

    /// <summary>Whether a file may be several streams, one behind the other, as joining makes it (RFC 7845 §9).</summary>
    /// <value>False by default.</value>
    public bool TakesChains { get; init; }

    /// <summary>How many bytes a file may have.</summary>
    /// <value>Null, the default, for any number.</value>
    public long? MaxSize { get; init; }

    /// <summary>Up to how many bytes a file is shown as a voice message.</summary>
    /// <value>Null, the default, for any number.</value>
    public long? PlayableSize { get; init; }

    /// <summary>How long the platform's own clients record.</summary>
    /// <value>Null, the default, where no limit is known.</value>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>The media type, to the letter.</summary>
    /// <value><c>audio/ogg</c> by default.</value>
    public string MimeType { get; init; } = "audio/ogg";

    /// <summary>The file's name.</summary>
    /// <value><c>voice.ogg</c> by default.</value>
    public string FileName { get; init; } = "voice.ogg";

    /// <summary>How much too many channels matter, and who says so.</summary>
    internal (VoiceProfileSeverity Severity, string Source) ChannelsBasis { get; init; } =
        (VoiceProfileSeverity.Error, "the profile");

    /// <summary>What the platform shows of a cover, and who says so.</summary>
    internal (string Text, string Source) Cover { get; init; } =
        ("it goes to whoever gets the file", "RFC 7845 §5.2");

    /// <summary>Who says how large and long a message may be.</summary>
    internal string Source { get; init; } = "the profile";

    /// <summary>Who says what its headers and packets are.</summary>
    internal string ShapeSource { get; init; } = "the profile";

    /// <summary>How many bars the platform's own clients send for a message of some length; 0 where they send none.</summary>
    /// <param name="duration">The length of the message.</param>
    public int WaveformCountFor(TimeSpan duration) => Platform switch
    {
        VoicePlatform.WhatsApp => WhatsAppWaveform.Count,
        VoicePlatform.Telegram => TelegramWaveform.Count,
        VoicePlatform.Discord => DiscordWaveform.CountFor(duration),
        VoicePlatform.MatrixV1 or VoicePlatform.Matrix =>
            (int)Math.Clamp(duration.TotalSeconds * 10, MatrixWaveform.MinCount, 100),
        _ => 0,
    };

    /// <summary>
    /// How to record or encode for the platform. Where <see cref="FramesPerPacket"/> matters, fit the message afterwards.
    /// </summary>
    public VoiceEncodingOptions ToEncodingOptions() => VoiceFitter.OptionsFor(this, Channels, Bitrate, []);

    /// <summary>Lists what the platform would refuse or not like. Reads the message and decodes nothing.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The findings, errors first; none for a message that fits.</returns>
    /// <exception cref="IOException">The message could not be read.</exception>
    public IReadOnlyList<VoiceProfileFinding> Check(VoiceMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return VoiceProfileChecker.Check(this, message, cancellationToken);
    }

    /// <summary>
    /// Makes a message fit in the cheapest way: not at all, by new headers, packets or container, or by encoding it again.
    /// </summary>
    /// <remarks>
    /// Errors and warnings are seen to, advice is not. A message that is too large is encoded at a lower bitrate if it becomes
    /// small enough at 8 kbit/s or more. Nothing is ever cut off.
    /// </remarks>
    /// <param name="message">The message; it is not changed.</param>
    /// <param name="codec">Decodes and encodes; null to do only what needs no codec.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The message that fits, what was done, and what could not be helped.</returns>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public Task<VoiceFit> FitAsync(VoiceMessage message, IOpusCodec? codec = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Task.Run(() => new VoiceFitter(this, codec, cancellationToken).Fit(message), cancellationToken);
    }
}
