using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Waveforms;

public sealed partial class Waveform
{
    private const int OpusStretch = OpusRates.Full * 30;

    /// <summary>Computes the bars of Opus in any container, on several cores if wanted.</summary>
    /// <remarks>
    /// For a drawing it is decoded at 16 kHz, and pauses of DTX as far as their first packet: <see cref="Rms"/> of speech, and what is
    /// drawn of it, is within 2 % of what the full rate gives, and <see cref="Peaks"/> of speech within 6 %. The library's own decoders
    /// take the level of what is above 8 kHz from the energies of its bands, so this holds for music and noise as well.
    /// </remarks>
    /// <param name="stream">The container from where the stream stands; stays open.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all. The bars are the same.</param>
    /// <param name="progress">Told how much was decoded, from time to time.</param>
    /// <param name="accuracy">How exactly: for a drawing, or for formats that promise values.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars or of cores, or the accuracy, is out of its range.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Waveform FromOpus(
        Stream stream,
        int bars,
        IOpusDecoderFactory? decoder = null,
        int maxDegreeOfParallelism = 1,
        IProgress<TimeSpan>? progress = null,
        WaveformAccuracy accuracy = WaveformAccuracy.Drawing,
        CancellationToken cancellationToken = default)
    {
        CheckCount(bars, nameof(bars));
        if (!Enum.IsDefined(accuracy))
            throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "There is no such accuracy.");
        var measurement = Instruments.Decode.Begin("waveform");
        try
        {
            using var reader = accuracy == WaveformAccuracy.Exact
                ? new ParallelOpusAudioReader(stream, decoder, maxDegreeOfParallelism: maxDegreeOfParallelism, leaveOpen: true)
                : OpenForDrawing(stream, decoder ?? LevelOpusCodec.Default, maxDegreeOfParallelism);
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

    private static ParallelOpusAudioReader OpenForDrawing(Stream stream, IOpusDecoderFactory decoder, int maxDegreeOfParallelism) =>
        new(stream, decoder, LevelOpusCodec.Rate, maxDegreeOfParallelism: maxDegreeOfParallelism, leaveOpen: true)
        {
            RepeatsInDtx = true,
            StretchLength = OpusStretch,
            PreRoll = OpusPreRoll.Least,
            ChecksSeams = false,
        };
}
