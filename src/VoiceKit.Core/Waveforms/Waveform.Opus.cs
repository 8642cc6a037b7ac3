using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.Opus;

namespace VoiceKit.Waveforms;

public sealed partial class Waveform
{
    // The lowest rate at which RMS stays as it is at the full one: what speech has above 8 kHz is no energy to speak of. Lower ones cost
    // more, since SILK has 16 kHz inside.
    private const int OpusRate = 16_000;
    private const int OpusStretch = OpusRates.Full * 30;

    /// <summary>
    /// Computes the bars of Opus in any container by decoding it, on several cores if wanted. It is decoded at 16 kHz, and pauses of DTX
    /// as far as their first packet: <see cref="Rms"/>, and what is drawn of it, is within 2 % of what the full rate gives, and
    /// <see cref="Peaks"/> of speech within 6 %. <see cref="FromAudio"/> with an <see cref="OpusAudioReader"/> is exact.
    /// </summary>
    /// <param name="stream">The container from where the stream stands; stays open.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all. The bars are the same.</param>
    /// <param name="progress">Told how much was decoded, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars or of cores is out of its range.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Waveform FromOpus(
        Stream stream,
        int bars,
        IOpusDecoderFactory? decoder = null,
        int maxDegreeOfParallelism = 1,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckCount(bars, nameof(bars));
        var measurement = Instruments.Decode.Begin("waveform");
        try
        {
            var waveform = Decode(stream, bars, decoder, maxDegreeOfParallelism, progress, cancellationToken);
            measurement.Succeed(waveform.Duration);
            return waveform;
        }
        catch (Exception exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    private static Waveform Decode(
        Stream stream,
        int bars,
        IOpusDecoderFactory? decoder,
        int maxDegreeOfParallelism,
        IProgress<TimeSpan>? progress,
        CancellationToken cancellationToken)
    {
        using var reader = new ParallelOpusAudioReader(
            stream, decoder, OpusRate, maxDegreeOfParallelism: maxDegreeOfParallelism, leaveOpen: true)
        {
            RepeatsInDtx = true,
            StretchLength = OpusStretch,
            PreRoll = OpusPreRoll.Least,
            ChecksSeams = false,
        };
        return FromAudio(reader, bars, progress, cancellationToken);
    }
}
