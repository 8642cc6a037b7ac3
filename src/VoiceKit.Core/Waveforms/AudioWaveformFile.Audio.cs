using VoiceKit.Audio;

namespace VoiceKit.Waveforms;

public sealed partial class AudioWaveformFile
{
    /// <summary>How many samples make a stretch where audiowaveform is told nothing else.</summary>
    public const int DefaultSamplesPerPixel = 256;

    /// <summary>
    /// Measures all the audio that a reader has left as audiowaveform does: samples of 16 bits, all channels mixed into one, and
    /// the last stretch as long as it is.
    /// </summary>
    /// <param name="reader">The source; it is read to its end and not disposed.</param>
    /// <param name="samplesPerPixel">The length of a stretch in samples of one channel, 2 or more.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="progress">Told how much was read, from time to time.</param>
    /// <param name="cancellationToken">Stops the reading between two buffers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="IOException">The source could not be read.</exception>
    public static AudioWaveformFile FromAudio(
        IAudioReader reader,
        int samplesPerPixel = DefaultSamplesPerPixel,
        int bits = 16,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerPixel, 2);
        CheckBits(bits);
        var ranges = new SampleRanges(reader.Format.Channels, samplesPerPixel);
        ranges.AddAll(reader, progress, cancellationToken);
        return FromRanges(ranges, reader.Format.SampleRate, bits);
    }

    /// <summary>
    /// The same with stretches as short as the wanted number of them allows, which needs no length in advance and takes as much
    /// memory for any.
    /// </summary>
    /// <param name="reader">The source; it is read to its end and not disposed.</param>
    /// <param name="maxLength">
    /// The most stretches, 1…<see cref="Waveform.MaxCount"/>; where there are enough samples, more than half as many come out.
    /// </param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="progress">Told how much was read, from time to time.</param>
    /// <param name="cancellationToken">Stops the reading between two buffers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="IOException">The source could not be read.</exception>
    public static AudioWaveformFile FitAudio(
        IAudioReader reader,
        int maxLength,
        int bits = 16,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Waveform.CheckCount(maxLength, nameof(maxLength));
        CheckBits(bits);
        var ranges = new SampleRanges(reader.Format.Channels, 1, 4 * Waveform.MaxCount);
        ranges.AddAll(reader, progress, cancellationToken);
        ranges.Merge(Math.Max(2, (ranges.Count + maxLength - 1) / maxLength));
        return FromRanges(ranges, reader.Format.SampleRate, bits);
    }

    private static AudioWaveformFile FromRanges(SampleRanges ranges, int sampleRate, int bits)
    {
        var data = ranges.ToArray();
        if (bits == 8)
        {
            foreach (ref var sample in data.AsSpan())
                sample /= 256;
        }

        return new AudioWaveformFile(sampleRate, ranges.Length, bits, 1, data);
    }

    private static void CheckBits(int bits)
    {
        if (bits is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "A sample has 8 or 16 bits.");
    }
}
