namespace VoiceKit.Audio;

/// <summary>
/// The shape of PCM in VoiceKit: 32-bit floats, nominally in [-1, 1], channels interleaved (L R L R …).
/// One <em>frame</em> is one sample of every channel.
/// </summary>
public readonly record struct AudioFormat
{
    /// <summary>The highest sample rate taken, in Hz.</summary>
    public const int MaxSampleRate = 768_000;

    /// <summary>The highest number of channels taken.</summary>
    public const int MaxChannels = 255;

    /// <summary>Creates a format.</summary>
    /// <param name="sampleRate">Frames per second, 1…<see cref="MaxSampleRate"/>.</param>
    /// <param name="channels">Channels per frame, 1…<see cref="MaxChannels"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public AudioFormat(int sampleRate, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRate, MaxSampleRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, MaxChannels);
        SampleRate = sampleRate;
        Channels = channels;
    }

    /// <summary>Frames per second (Hz).</summary>
    public int SampleRate { get; }

    /// <summary>Channels per frame.</summary>
    public int Channels { get; }

    /// <summary>The time that a number of frames takes.</summary>
    /// <param name="frames">A number of frames, 0 or more.</param>
    public TimeSpan DurationOf(long frames) =>
        TimeSpan.FromTicks((long)((Int128)frames * TimeSpan.TicksPerSecond / SampleRate));

    /// <inheritdoc/>
    public override string ToString() => $"{SampleRate} Hz, {Channels} ch";
}
