using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Waveforms;

public sealed partial class Waveform
{
    // RFC 7845 §4.6.
    private const int OpusPreRoll = OpusRates.Full * 80 / 1000;
    private const int OpusStretch = OpusRates.Full * 30;

    /// <summary>Computes the bars of Opus in any container, on several cores if wanted, without native code.</summary>
    /// <param name="stream">The container from where the stream stands; stays open.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="accuracy">How exactly: for a picture, or for formats that promise values.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all. The bars are the same.</param>
    /// <param name="progress">Told how much was read, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars or of cores, or the accuracy, is out of its range.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Waveform FromOpus(
        Stream stream,
        int bars,
        WaveformAccuracy accuracy = WaveformAccuracy.Drawing,
        int maxDegreeOfParallelism = 1,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckCount(bars, nameof(bars));
        if (accuracy == WaveformAccuracy.Drawing)
            return Measure(() => OpenForLevels(stream, LevelOpusCodec.Default, maxDegreeOfParallelism), bars, progress, cancellationToken);
        if (accuracy != WaveformAccuracy.Exact)
            throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "There is no such accuracy.");
        return Measure(() => OpenExactly(stream, maxDegreeOfParallelism), bars, progress, cancellationToken);
    }

    /// <summary>
    /// Computes the bars of Opus in any container by decoding it, on several cores if wanted. It is decoded at 16 kHz, and pauses of DTX
    /// as far as their first packet: <see cref="Rms"/>, and what is drawn of it, is within 2 % of what the full rate gives, and
    /// <see cref="Peaks"/> of speech within 6 %. <see cref="FromAudio"/> with an <see cref="OpusAudioReader"/> is exact.
    /// </summary>
    /// <param name="stream">The container from where the stream stands; stays open.</param>
    /// <param name="codec">Makes the decoders.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all. The bars are the same.</param>
    /// <param name="progress">Told how much was decoded, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars or of cores is out of its range.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Waveform FromOpus(
        Stream stream,
        IOpusCodec codec,
        int bars,
        int maxDegreeOfParallelism = 1,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckCount(bars, nameof(bars));
        return Measure(() => OpenForLevels(stream, codec, maxDegreeOfParallelism), bars, progress, cancellationToken);
    }

    private static Waveform Measure(
        Func<ParallelOpusAudioReader> open, int bars, IProgress<TimeSpan>? progress, CancellationToken cancellationToken)
    {
        var measurement = Instruments.Decode.Begin("waveform");
        try
        {
            using var reader = open();
            var waveform = FromAudio(reader, bars, progress, cancellationToken);
            measurement.Succeed(waveform.Duration);
            return waveform;
        }
        catch (Exception exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    private static ParallelOpusAudioReader OpenExactly(Stream stream, int degree) =>
        new(stream, ManagedOpusCodec.Default, maxDegreeOfParallelism: degree, leaveOpen: true);

    private static ParallelOpusAudioReader OpenForLevels(Stream stream, IOpusCodec codec, int degree) =>
        new(stream, codec, LevelOpusCodec.Rate, maxDegreeOfParallelism: degree, leaveOpen: true)
        {
            RepeatsInDtx = true,
            StretchLength = OpusStretch,
            PreRoll = OpusPreRoll,
            ChecksSeams = false,
        };
}
