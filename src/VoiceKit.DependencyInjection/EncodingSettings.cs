using VoiceKit.Opus;
using VoiceKit.Profiles;

namespace VoiceKit.DependencyInjection;

/// <summary>How audio is encoded. What is null is the profile's, or else the library's default.</summary>
public sealed class EncodingSettings
{
    /// <summary>
    /// The platform whose voice messages are to be made: the name of a <see cref="VoiceProfile"/>, in any case.
    /// </summary>
    /// <value><c>whatsapp</c>, <c>telegram</c>, <c>discord</c>, <c>matrix</c>…; null for none.</value>
    public string? Profile { get; set; }

    /// <summary>The target bitrate in bits per second; see <see cref="OpusEncoderOptions.Bitrate"/>.</summary>
    public int? Bitrate { get; set; }

    /// <summary>The rate to encode at, in Hz; see <see cref="VoiceEncodingOptions.SampleRate"/>.</summary>
    public int? SampleRate { get; set; }

    /// <summary>The channels of a message, 1 or 2; see <see cref="VoiceEncodingOptions.Channels"/>.</summary>
    public int? Channels { get; set; }

    /// <summary>How much computing to spend, 0…10; see <see cref="OpusEncoderOptions.Complexity"/>.</summary>
    public int? Complexity { get; set; }

    /// <summary>The duration of each packet; see <see cref="OpusEncoderOptions.PacketDuration"/>.</summary>
    public TimeSpan? PacketDuration { get; set; }

    /// <summary>What to tune for; see <see cref="OpusEncoderOptions.Application"/>.</summary>
    public OpusApplication? Application { get; set; }

    /// <summary>How closely packets keep to the bitrate; see <see cref="OpusEncoderOptions.BitrateMode"/>.</summary>
    public OpusBitrateMode? BitrateMode { get; set; }

    /// <summary>Whether silence is sent as packets of a byte or two; see <see cref="OpusEncoderOptions.UseDtx"/>.</summary>
    public bool? UseDtx { get; set; }

    /// <summary>How much audio a page holds, 0…30 s; see <see cref="OpusWriterOptions.MaxPageDuration"/>.</summary>
    public TimeSpan? MaxPageDuration { get; set; }

    /// <summary>On how many cores long audio is encoded; see <see cref="VoiceEncodingOptions.MaxDegreeOfParallelism"/>.</summary>
    public int? MaxDegreeOfParallelism { get; set; }
}
