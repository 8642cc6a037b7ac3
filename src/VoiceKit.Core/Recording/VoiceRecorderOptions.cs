using VoiceKit.Audio;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Recording;

/// <summary>How a <see cref="VoiceRecorder"/> records.</summary>
public sealed record VoiceRecorderOptions
{
    /// <summary>How the audio is encoded.</summary>
    /// <value>
    /// The defaults of <see cref="VoiceEncodingOptions"/>. Its page duration is not used: a draft's pages are short.
    /// </value>
    public VoiceEncodingOptions Encoding { get; init; } = new();

    /// <summary>Where the draft is kept while the message is not finished.</summary>
    /// <value><see cref="VoiceDrafts.Default"/> by default; null keeps it in memory, where a crash loses it.</value>
    public VoiceDrafts? Drafts { get; init; } = VoiceDrafts.Default;

    /// <summary>What is shorter is no message: it was a slip of the thumb.</summary>
    /// <value>0 or more; 1 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MinDuration
    {
        get;
        init => field = NotNegative(value);
    } = TimeSpan.FromSeconds(1);

    /// <summary>How long a message may be. At the limit the recorder pauses and keeps the draft.</summary>
    /// <value>More than 0; null, the default, for no limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan? MaxDuration
    {
        get;
        init => field = value is null ? null : Positive(value.Value);
    }

    /// <summary>How large a message may be, in bytes. Before the limit the recorder pauses and keeps the draft.</summary>
    /// <value>4096 or more; null, the default, for no limit.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 4096.</exception>
    public long? MaxSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? long.MaxValue, 4096, nameof(value));
            field = value;
        }
    }

    /// <summary>How long before a limit <see cref="IVoiceRecorder.LimitNear"/> is raised.</summary>
    /// <value>0 or more; 10 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan LimitWarning
    {
        get;
        init => field = NotNegative(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>The cutoff in Hz of a filter that takes rumble and handling noise away, below any voice.</summary>
    /// <value>
    /// More than 0 and less than half the rate of the message, 80 for instance; null, the default, for none.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0 and below 24,000.</exception>
    public double? HighPass
    {
        get;
        init => field = value is null or (> 0 and < OpusRates.Full / 2)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The cutoff is not between 0 and 24,000 Hz.");
    }

    /// <summary>How a quiet voice is made loud and a loud one kept from clipping.</summary>
    /// <value>Null, the default, leaves the level as it is.</value>
    public AutomaticGainOptions? AutomaticGain { get; init; }

    /// <summary>
    /// What else changes the audio before it is encoded, in this order: after <see cref="HighPass"/> and before
    /// <see cref="AutomaticGain"/>. Each function makes a processor for one recording, for the format that it is given.
    /// </summary>
    /// <value>None by default.</value>
    /// <remarks>
    /// A processor that throws ends the recording as a fault. What it was given goes on as it was, so nothing is lost.
    /// </remarks>
    public IReadOnlyList<Func<AudioFormat, IAudioProcessor>> Processors
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = [.. value];
        }
    } = [];

    /// <summary>
    /// Makes the builder of what <see cref="IVoiceRecorder.GetWaveform"/> gives, for the format that it is called with.
    /// </summary>
    /// <value>Null, the default, is a <see cref="WaveformBuilder"/>.</value>
    /// <remarks>
    /// One thread adds while others build. A builder that throws ends the recording as a fault; the audio is not affected.
    /// </remarks>
    public Func<AudioFormat, IWaveformBuilder>? Waveform { get; init; }

    /// <summary>
    /// Makes the writer of a recording's packets; it is called with the draft's stream and the two headers. The writer must write
    /// Ogg Opus to that stream, from its start to its end, since the draft becomes the message: an
    /// <see cref="Ogg.OggOpusWriter"/> of other options, or one of the app's own around it, which sends the packets elsewhere
    /// too.
    /// </summary>
    /// <value>
    /// Null, the default, is an <see cref="Ogg.OggOpusWriter"/> with pages so short that no more than 500 ms can be lost.
    /// </value>
    /// <remarks>
    /// It is used on the recorder's thread and disposed with the recorder. A writer that throws ends the recording as a fault.
    /// </remarks>
    public Func<Stream, OpusHead, OpusTags, IOpusPacketWriter>? PacketWriter { get; init; }

    /// <summary>How much audio passes between two <see cref="RecordingProgress"/>, as far as the device's blocks allow.</summary>
    /// <value>16…50 ms (60 to 20 times a second); 40 ms by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ProgressInterval
    {
        get;
        init => field = InRange(value, 16, 50);
    } = TimeSpan.FromMilliseconds(40);

    /// <summary>How much audio one of the rolling bars stands for.</summary>
    /// <value>10 ms…1 s; 50 ms by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BarInterval
    {
        get;
        init => field = InRange(value, 10, 1000);
    } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the device may be silent, or take to start or stop, before it is given up.</summary>
    /// <value>More than 0; 2 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan DeviceTimeout
    {
        get;
        init => field = Positive(value);
    } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How much audio waits for the encoder at most, while the app or the disk is slow. Audio beyond that is lost, and
    /// <see cref="RecordingProgress.Lost"/> tells how much.
    /// </summary>
    /// <value>100 ms…30 s; 5 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan BufferDuration
    {
        get;
        init => field = InRange(value, 100, 30_000);
    } = TimeSpan.FromSeconds(5);

    /// <summary>Tells the time.</summary>
    /// <value>The system's clock by default.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    private static TimeSpan InRange(TimeSpan value, int minMilliseconds, int maxMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(minMilliseconds));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMilliseconds(maxMilliseconds));
        return value;
    }

    private static TimeSpan NotNegative(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        return value;
    }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
