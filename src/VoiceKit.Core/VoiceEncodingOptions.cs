using System.Globalization;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>How audio becomes a voice message. The defaults suit speech: mono, 24 kbit/s, 20 ms packets.</summary>
public sealed record VoiceEncodingOptions
{
    /// <summary>The rate at which audio is encoded, in Hz.</summary>
    /// <value>
    /// 8000, 12000, 16000, 24000 or 48000; null, the default, takes the audio's own rate when it is one of these and 48000
    /// otherwise.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the ones listed.</exception>
    public int? SampleRate
    {
        get;
        init => field = value is null || OpusRates.IsSupported(value.Value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Opus takes 8000, 12000, 16000, 24000 or 48000 Hz.");
    }

    /// <summary>The channels of the message; audio with another number is mixed.</summary>
    /// <value>1 or 2; 1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither 1 nor 2.</exception>
    public int Channels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 2);
            field = value;
        }
    } = 1;

    /// <summary>The encoder's settings; its sample rate and channels are set by the two properties above.</summary>
    /// <value>The defaults of <see cref="OpusEncoderOptions"/>.</value>
    public OpusEncoderOptions Encoder { get; init; } = new();

    /// <summary>Whether long audio is cut into stretches that are encoded apart, and on how many cores at most.</summary>
    /// <value>
    /// Null, the default, encodes all audio with one encoder. 1 or more cuts it each ten seconds; −1 does so on all cores. What
    /// comes out depends on the audio alone and not on this number; the seams are as good as the rest. Each core takes some 2 MB
    /// per channel at 48 kHz, and audio shorter than ten seconds by the codec's look-ahead is encoded as without.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or below −1.</exception>
    public int? MaxDegreeOfParallelism
    {
        get;
        init => field = value is { } degree ? Parallelism.Check(degree, nameof(value)) : null;
    }

    /// <summary>How pages are written.</summary>
    /// <value>The defaults of <see cref="OpusWriterOptions"/>.</value>
    public OpusWriterOptions Container { get; init; } = new();

    /// <summary>The comments to write, in their order.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<OpusComment> Comments { get; init; } = [];

    /// <summary>The vendor to write; some receivers look at it.</summary>
    /// <value>Null, the default, for the codec's name.</value>
    public string? Vendor { get; init; }

    /// <summary>Tells the time for a DATE comment (UTC, ISO 8601) that is added when there is none.</summary>
    /// <value>Null, the default, adds none, so that equal audio gives equal bytes.</value>
    public TimeProvider? Clock { get; init; }

    internal OpusEncoderOptions EncoderFor(int inputSampleRate) => Encoder with
    {
        SampleRate = SampleRate ?? (OpusRates.IsSupported(inputSampleRate) ? inputSampleRate : OpusRates.Full),
        Channels = Channels,
    };

    internal IEnumerable<OpusComment> AllComments()
    {
        var hasDate = Comments.Any(comment => comment.Name.Equals("DATE", StringComparison.OrdinalIgnoreCase));
        return Clock is null || hasDate
            ? Comments
            : Comments.Append(new OpusComment("DATE", IsoTime(Clock.GetUtcNow())));
    }

    private static string IsoTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
