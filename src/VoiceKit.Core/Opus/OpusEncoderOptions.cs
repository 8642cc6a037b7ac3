namespace VoiceKit.Opus;

/// <summary>The settings of an encoder. The defaults suit a voice message: 48 kHz mono, 24 kbit/s, 20 ms packets.</summary>
public sealed record OpusEncoderOptions
{
    /// <summary>The lowest target bitrate, in bits per second.</summary>
    public const int MinBitrate = 500;

    /// <summary>The highest target bitrate, in bits per second.</summary>
    public const int MaxBitrate = 512_000;

    /// <summary>The rate of the PCM to encode, in Hz.</summary>
    /// <value>8000, 12000, 16000, 24000 or 48000; 48000 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the ones listed.</exception>
    public int SampleRate
    {
        get;
        init => field = OpusRates.IsSupported(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Opus takes 8000, 12000, 16000, 24000 or 48000 Hz.");
    } = OpusRates.Full;

    /// <summary>The channels of the PCM to encode.</summary>
    /// <value>1 or 2; 1 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither 1 nor 2.</exception>
    public int Channels
    {
        get;
        init => field = InRange(value, 1, 2);
    } = 1;

    /// <summary>What to tune for.</summary>
    /// <value><see cref="OpusApplication.Voip"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public OpusApplication Application
    {
        get;
        init => field = Defined(value);
    } = OpusApplication.Voip;

    /// <summary>The target bitrate in bits per second, for all channels together.</summary>
    /// <value>500…512,000, or null to let the codec choose; 24,000 by default.</value>
    /// <remarks>Speech: 16,000 is clear, 24,000 is good, 32,000 and more is hard to tell from the original.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int? Bitrate
    {
        get;
        init => field = value is { } bitrate ? InRange(bitrate, MinBitrate, MaxBitrate) : null;
    } = 24_000;

    /// <summary>How closely packets keep to the bitrate.</summary>
    /// <value><see cref="OpusBitrateMode.Variable"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public OpusBitrateMode BitrateMode
    {
        get;
        init => field = Defined(value);
    } = OpusBitrateMode.Variable;

    /// <summary>How much computing to spend.</summary>
    /// <value>0 (least) to 10 (best quality); 10 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Complexity
    {
        get;
        init => field = InRange(value, 0, 10);
    } = 10;

    /// <summary>The duration of each packet.</summary>
    /// <value>2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms; 20 ms by default.</value>
    /// <remarks>
    /// Longer packets save bytes and cost delay. Below 10 ms only CELT is left; above 60 ms a packet holds several frames.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the ones listed.</exception>
    public TimeSpan PacketDuration
    {
        get;
        init => field = OpusRates.IsPacketDuration(value)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, "A packet takes 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.");
    } = TimeSpan.FromMilliseconds(20);

    /// <summary>A hint of what the audio is.</summary>
    /// <value><see cref="OpusSignal.Auto"/> by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public OpusSignal Signal
    {
        get;
        init => field = Defined(value);
    } = OpusSignal.Auto;

    /// <summary>The widest audio bandwidth to use.</summary>
    /// <value><see cref="OpusBandwidth.Fullband"/> (no cap) by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is no member of the enumeration.</exception>
    public OpusBandwidth MaxBandwidth
    {
        get;
        init => field = Defined(value);
    } = OpusBandwidth.Fullband;

    /// <summary>Whether silence is sent as packets of a byte or two (discontinuous transmission).</summary>
    /// <value>False by default.</value>
    public bool UseDtx { get; init; }

    /// <summary>Whether packets carry a coarse copy of the one before (in-band forward error correction, SILK only).</summary>
    /// <value>False by default: a file loses no packets.</value>
    public bool UseInBandFec { get; init; }

    /// <summary>The share of packets that the encoder should expect to be lost, in percent.</summary>
    /// <value>0…100; 0 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int ExpectedPacketLoss
    {
        get;
        init => field = InRange(value, 0, 100);
    }

    /// <summary>Whether packets are coded without reference to the ones before.</summary>
    /// <value>False by default; true costs bitrate.</value>
    public bool PredictionDisabled { get; init; }

    /// <summary>The frames (samples per channel, at <see cref="SampleRate"/>) in a packet.</summary>
    public int FrameSize => (int)(PacketDuration.Ticks * SampleRate / TimeSpan.TicksPerSecond);

    private static int InRange(int value, int min, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max);
        return value;
    }

    private static T Defined<T>(T value) where T : struct, Enum => Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not a value of {typeof(T).Name}.");
}
