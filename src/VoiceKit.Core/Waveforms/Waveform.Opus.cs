using System.Buffers;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Waveforms;

public sealed partial class Waveform
{
    private const int OpusStretch = OpusRates.Full * 30;
    private const int ChunkSize = 8192;

    /// <summary>Computes the bars of Opus in any container, on several cores if wanted.</summary>
    /// <remarks>
    /// For a drawing it is decoded at 16 kHz, and pauses of DTX as far as their first packet: <see cref="Rms"/> of speech, and
    /// what is drawn of it, is within 2 % of what the full rate gives, and <see cref="Peaks"/> of speech within 6 %. The
    /// library's own decoders take the level of what is above 8 kHz from the energies of its bands, so this holds for music and
    /// noise as well.
    /// </remarks>
    /// <param name="stream">The container from where the stream stands; stays open.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="maxDegreeOfParallelism">
    /// How many cores to use, 1 or more; −1 for all. With more than one, each 30 s are decoded apart; what a decoder takes to
    /// converge makes a difference that is not seen.
    /// </param>
    /// <param name="progress">Told how much was decoded, from time to time.</param>
    /// <param name="accuracy">How exactly: for a drawing, or for formats that promise values.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number of bars or of cores, or the accuracy, is out of its range.
    /// </exception>
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
        CancellationToken cancellationToken = default) =>
        SyncCompletion.Complete(
            FromOpus(stream, bars, decoder, maxDegreeOfParallelism, progress, accuracy, isAsync: false, cancellationToken));

    /// <summary>
    /// Computes the bars of Opus in any container, as
    /// <see cref="FromOpus(Stream, int, IOpusDecoderFactory?, int, IProgress{TimeSpan}?, WaveformAccuracy, CancellationToken)"/>
    /// does. Never blocks on the stream; decoding goes on on whatever thread the bytes come.
    /// </summary>
    /// <param name="stream">The container from where the stream stands; stays open.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all.</param>
    /// <param name="progress">Told how much was decoded, from time to time.</param>
    /// <param name="accuracy">How exactly: for a drawing, or for formats that promise values.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of bars or of cores is out of its range.</exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Task<Waveform> FromOpusAsync(
        Stream stream,
        int bars,
        IOpusDecoderFactory? decoder = null,
        int maxDegreeOfParallelism = 1,
        IProgress<TimeSpan>? progress = null,
        WaveformAccuracy accuracy = WaveformAccuracy.Drawing,
        CancellationToken cancellationToken = default) =>
        FromOpus(stream, bars, decoder, maxDegreeOfParallelism, progress, accuracy, isAsync: true, cancellationToken).AsTask();

    private static async ValueTask<Waveform> FromOpus(
        Stream stream,
        int bars,
        IOpusDecoderFactory? decoder,
        int maxDegreeOfParallelism,
        IProgress<TimeSpan>? progress,
        WaveformAccuracy accuracy,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        CheckCount(bars, nameof(bars));
        if (!Enum.IsDefined(accuracy))
            throw new ArgumentOutOfRangeException(nameof(accuracy), accuracy, "There is no such accuracy.");
        var degree = Parallelism.Degree(maxDegreeOfParallelism);
        var measurement = Instruments.Decode.Begin("waveform");
        try
        {
            using var packets = isAsync
                ? await OpusContainers.OpenAsync(stream, null, leaveOpen: true, cancellationToken).ConfigureAwait(false)
                : OpusContainers.Open(stream, leaveOpen: true);
            using var audio = Decode(packets, decoder, degree, accuracy);
            var waveform = await Gather(audio, bars, progress, isAsync, cancellationToken).ConfigureAwait(false);
            measurement.Succeed(waveform.Duration);
            return waveform;
        }
        catch (Exception exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    private static IAwaitedAudioReader Decode(
        IOpusPacketReader packets, IOpusDecoderFactory? decoder, int degree, WaveformAccuracy accuracy)
    {
        if (accuracy == WaveformAccuracy.Exact)
        {
            return degree == 1
                ? new OpusAudioReader(packets, decoder)
                : new ParallelOpusAudioReader(packets, decoder, maxDegreeOfParallelism: degree);
        }

        decoder ??= LevelOpusCodec.Default;
        return degree == 1
            ? new OpusAudioReader(packets, decoder, LevelOpusCodec.Rate) { RepeatsInDtx = true }
            : new ParallelOpusAudioReader(packets, decoder, LevelOpusCodec.Rate, maxDegreeOfParallelism: degree)
            {
                RepeatsInDtx = true,
                StretchLength = OpusStretch,
                PreRoll = OpusPreRoll.Least,
                ChecksSeams = false,
            };
    }

    private static async ValueTask<Waveform> Gather(
        IAwaitedAudioReader audio, int bars, IProgress<TimeSpan>? progress, bool isAsync, CancellationToken cancellationToken)
    {
        var builder = new WaveformBuilder(audio.Format);
        var buffer = ArrayPool<float>.Shared.Rent(ChunkSize);
        try
        {
            int read;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                read = isAsync
                    ? await audio.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)
                    : audio.Read(buffer);
                builder.Add(buffer.AsSpan(0, read));
                progress?.Report(builder.Duration);
            }
            while (read > 0);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }

        return builder.Build(bars);
    }
}
