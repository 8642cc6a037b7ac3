using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>
/// Encodes audio of any rate and number of channels: to a message, or to a stream in memory that does not grow with the audio's
/// length; on several cores where <see cref="VoiceEncodingOptions.MaxDegreeOfParallelism"/> says so. Thread-safe.
/// </summary>
/// <param name="codec">Makes the encoders; stays with the caller.</param>
/// <param name="options">How to encode where a call does not say; null for the defaults.</param>
public sealed class VoiceEncoder(IOpusEncoderFactory codec, VoiceEncodingOptions? options = null) : IVoiceEncoder
{
    // About 85 ms of stereo at 48 kHz: several packets at once, and still prompt to cancel.
    private const int ChunkSize = 8192;

    private readonly IOpusEncoderFactory _codec = codec ?? throw new ArgumentNullException(nameof(codec));
    private readonly VoiceEncodingOptions _options = options ?? new VoiceEncodingOptions();

    /// <inheritdoc/>
    public Task<VoiceMessage> EncodeAsync(
        IAudioReader source,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Task.Run(() => EncodeToMessage(source, options, progress, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<TimeSpan> EncodeAsync(
        IAudioReader source,
        Stream output,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(source, output);
        return Task.Run(
            async () =>
                (await Encode(source, output, options, progress, isAsync: true, cancellationToken).ConfigureAwait(false)).Length,
            cancellationToken);
    }

    /// <summary>Encodes all of a source to Ogg Opus on this thread, in memory that does not grow with its length.</summary>
    /// <param name="source">The audio, in any format; read to its end and left open.</param>
    /// <param name="output">Where the Ogg Opus goes; stays open.</param>
    /// <param name="options">How to encode; null for the encoder's own.</param>
    /// <param name="progress">Told how much of the source was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work; what was written by then is not a whole file.</param>
    /// <returns>How much audio was encoded.</returns>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The source or the output failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TimeSpan Encode(
        IAudioReader source,
        Stream output,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(source, output);
        return SyncCompletion.Complete(Encode(source, output, options, progress, isAsync: false, cancellationToken)).Length;
    }

    /// <summary>Encodes all of a source into a message on this thread.</summary>
    internal VoiceMessage EncodeToMessage(
        IAudioReader source, VoiceEncodingOptions? options, IProgress<TimeSpan>? progress, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var encoded = SyncCompletion.Complete(Encode(source, bytes, options, progress, isAsync: false, cancellationToken));
        return VoiceMessage.Of(bytes.ToArray(), encoded.Info);
    }

    private static void Check(IAudioReader source, Stream output)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(output);
    }

    private async ValueTask<Encoded> Encode(
        IAudioReader source,
        Stream output,
        VoiceEncodingOptions? options,
        IProgress<TimeSpan>? progress,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        options ??= _options;
        CheckRate(source);
        var measurement = Instruments.Encode.Begin();
        try
        {
            var work = new Work(source, output, options, progress, isAsync, cancellationToken);
            var encoded = options.MaxDegreeOfParallelism is { } degree
                ? await EncodeStretches(work, Parallelism.Degree(degree)).ConfigureAwait(false)
                : await EncodeAtOnce(work).ConfigureAwait(false);
            measurement.Succeed(encoded.Length);
            return encoded;
        }
        catch (Exception exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    // The header's field, where the source is a file whose header was read.
    internal static void CheckRate(IAudioReader source)
    {
        const int LeastRate = (OpusRates.Full + Resampler.MaxRatio - 1) / Resampler.MaxRatio;
        var rate = source.Format.SampleRate;
        if (rate >= LeastRate)
            return;
        throw new VoiceFormatException(
            $"The sample rate is {rate} Hz: {LeastRate} to {AudioFormat.MaxSampleRate} Hz are encoded.",
            (source as WavReader)?.RateOffset ?? (source as AiffReader)?.RateOffset ?? -1);
    }

    private async ValueTask<Encoded> EncodeAtOnce(Work work)
    {
        var encoder = _codec.CreateEncoder(work.EncoderOptions);
        using var output = work.Begin(OpusHead.Of(encoder, work.Source.Format.SampleRate), _codec.Name);
        using var writer = new OpusAudioWriter(output.Packets, encoder);
        using var pcm = new SoundReader(work.Source).ToFormat(writer.Format);

        var buffer = new float[ChunkSize / writer.Format.Channels * writer.Format.Channels];
        int count;
        while ((count = pcm.Read(buffer)) > 0)
        {
            work.CancellationToken.ThrowIfCancellationRequested();
            if (work.IsAsync)
                await writer.WriteAsync(buffer.AsMemory(0, count), work.CancellationToken).ConfigureAwait(false);
            else
                writer.Write(buffer.AsSpan(0, count));
            work.Progress?.Report(writer.Format.DurationOf(writer.FrameCount));
        }

        if (work.IsAsync)
            await writer.FinishAsync(work.CancellationToken).ConfigureAwait(false);
        else
            writer.Finish();
        return output.End(writer.Format.DurationOf(writer.FrameCount));
    }

    private async ValueTask<Encoded> EncodeStretches(Work work, int maxDegreeOfParallelism)
    {
        var options = work.EncoderOptions;
        using var pcm = new SoundReader(work.Source).ToFormat(new AudioFormat(options.SampleRate, options.Channels));
        using var encoding = new ParallelEncoding(pcm, _codec, options, maxDegreeOfParallelism, work.CancellationToken);
        using var output = work.Begin(encoding.MakeHead(work.Source.Format.SampleRate), _codec.Name);
        await encoding.WriteTo(output.Packets, work.Progress, work.IsAsync, work.CancellationToken).ConfigureAwait(false);
        return output.End(pcm.Format.DurationOf(encoding.FrameCount));
    }

    private sealed record Encoded(TimeSpan Length, OpusInfo Info);

    private sealed record Work(
        IAudioReader Source,
        Stream Stream,
        VoiceEncodingOptions Options,
        IProgress<TimeSpan>? Progress,
        bool IsAsync,
        CancellationToken CancellationToken)
    {
        public OpusEncoderOptions EncoderOptions { get; } = Options.EncoderFor(Source.Format.SampleRate);

        public Output Begin(OpusHead head, string codecName)
        {
            var tags = new OpusTags(Options.Vendor ?? codecName, Options.AllComments());
            var pages = new OggOpusWriter(Stream, head, tags, Options.Container, leaveOpen: true);
            return new Output(pages, new CountingPacketWriter(pages, head, tags));
        }
    }

    private sealed class Output(OggOpusWriter pages, CountingPacketWriter packets) : IDisposable
    {
        public IOpusPacketWriter Packets => packets;

        public Encoded End(TimeSpan length) => new(length, packets.MakeInfo(pages.PageCount));

        public void Dispose() => packets.Dispose();
    }
}
