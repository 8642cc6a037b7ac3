using VoiceKit.Audio;
using VoiceKit.Containers;

namespace VoiceKit.Importing;

/// <summary>How sound becomes a message.</summary>
public sealed record VoiceImportOptions
{
    /// <summary>
    /// The loudness of EBU R 128, in LUFS, to which the R128 gains of RFC 7845 §5.2.1 refer too. The peaks of nearly all speech
    /// have room above it, so that messages do play equally loud; above −20, peaks hold many of them back.
    /// </summary>
    public const double DefaultTargetLoudness = -23;

    /// <summary>How to encode what is not taken as it is, and how pages are written in any case.</summary>
    /// <value>The defaults of <see cref="VoiceEncodingOptions"/>.</value>
    public VoiceEncodingOptions Encoding { get; init; } = new();

    /// <summary>
    /// What the sound goes through before silence is looked for and it is encoded: noise suppression, a filter. Each function
    /// makes a processor for one import, for the format that it is given. Opus is encoded again then.
    /// </summary>
    /// <value>None by default.</value>
    public IReadOnlyList<Func<AudioFormat, IAudioProcessor>> Processors
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = [.. value];
        }
    } = [];

    /// <summary>Whether Opus is encoded again too.</summary>
    /// <value>False by default.</value>
    public bool ForceEncoding { get; init; }

    /// <summary>Looks at Opus and says why it cannot be taken as it is: what a platform does not accept.</summary>
    /// <value>Gives null to take it, or the reason to encode it again. By default more than two channels are one.</value>
    public Func<OpusInfo, string?> RefuseOpus { get; init; } = RefuseSurround;

    /// <summary>
    /// Whether Opus that is taken as it is loses what its tags tell of people and places: location, artist, comment, picture and
    /// all others but those of loudness. What is encoded has none but those of <see cref="Encoding"/>.
    /// </summary>
    /// <value>False by default.</value>
    public bool StripTags { get; init; }

    /// <summary>
    /// Called with a sentence for each thing that is odd about an import, which is done all the same; on the thread that does the
    /// work. Channels may be opposite to one another: then the louder one is taken for mono. Sound may be all but silent while
    /// the bytes of the file are not.
    /// </summary>
    /// <value>Null by default. A preview has it in <see cref="VoiceImportPreview.Warnings"/> too.</value>
    public Action<string>? Warned { get; init; }

    /// <summary>The loudness that the message is to play at, in LUFS, by the gain in its header.</summary>
    /// <value>−40…−5; null, the default, leaves the loudness alone. See <see cref="DefaultTargetLoudness"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double? TargetLoudness
    {
        get;
        init => field = value is null or (>= -40 and <= -5)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The target is between -40 and -5 LUFS.");
    }

    /// <summary>The most that a faint message is made louder, in dB, since its noise gets louder too.</summary>
    /// <value>0…60; 24 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double MaxGain
    {
        get;
        init => field = value is >= 0 and <= 60
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The most gain is between 0 and 60 dB.");
    } = 24;

    /// <summary>The level that no sample of a message that is made louder gets above, in dBFS.</summary>
    /// <value>−20…0; −1 by default, which leaves room for what players do between samples.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public double PeakLimit
    {
        get;
        init => field = value is >= -20 and <= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The peak is between -20 and 0 dBFS.");
    } = -1;

    /// <summary>Whether silence at both ends is left out; see <see cref="VoiceKit.Audio.SilenceTrimmer"/>.</summary>
    /// <value>False by default.</value>
    public bool TrimSilence { get; init; }

    /// <summary>The longest message, after silence is left out.</summary>
    /// <value>More than 0; null, the default, for any length.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? MaxDuration
    {
        get;
        init => field = value is null || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The longest length is more than nothing.");
    }

    /// <summary>Whether what is longer is refused instead of being cut off.</summary>
    /// <value>False by default.</value>
    public bool RefuseLonger { get; init; }

    /// <summary>How many bars a preview has.</summary>
    /// <value>1…65,536; 64 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Bars
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Waveforms.Waveform.MaxCount);
            field = value;
        }
    } = 64;

    /// <summary>
    /// How many bytes are taken at most from a stream that is copied first: any that is neither a file nor memory.
    /// </summary>
    /// <value>1 or more; 1 GiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxInputSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1L << 30;

    private static string? RefuseSurround(OpusInfo info) =>
        info.Links.Max(link => link.Head.Channels) is var channels and > 2 ? $"It has {channels} channels." : null;
}
