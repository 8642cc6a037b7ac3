using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>
/// Encodes audio of any rate and number of channels to Ogg Opus, in memory that does not grow with its length; on several cores where
/// <see cref="VoiceEncodingOptions.MaxDegreeOfParallelism"/> says so.
/// For a message to hold in one's hand see <see cref="VoiceMessage.EncodeAsync(IAudioReader, IOpusEncoderFactory, VoiceEncodingOptions?, IProgress{TimeSpan}?, CancellationToken)"/>.
/// </summary>
public static class VoiceEncoder
{
    // About 85 ms of stereo at 48 kHz: several packets at once, and still prompt to cancel.
    private const int ChunkSize = 8192;

    /// <summary>Encodes all of a source.</summary>
    /// <param name="source">The audio; read to its end and left open.</param>
    /// <param name="output">Where the Ogg Opus goes; stays open.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="options">How to encode; null for the defaults.</param>
    /// <param name="progress">Told how much of the source was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work; what was written by then is not a whole file.</param>
    /// <returns>How much audio was encoded.</returns>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The source or the output failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TimeSpan Encode(
        IAudioReader source,
        Stream output,
        IOpusEncoderFactory codec,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(codec);
        options ??= new VoiceEncodingOptions();
        var measurement = Instruments.Encode.Begin();
        try
        {
            var length = options.MaxDegreeOfParallelism is { } degree
                ? EncodeStretches(source, output, codec, options, Parallelism.Degree(degree), progress, cancellationToken)
                : EncodeAtOnce(source, output, codec, options, progress, cancellationToken);
            measurement.Succeed(length);
            return length;
        }
        catch (Exception exception)
        {
            measurement.Fail(exception);
            throw;
        }
    }

    private static TimeSpan EncodeAtOnce(
        IAudioReader source,
        Stream output,
        IOpusEncoderFactory codec,
        VoiceEncodingOptions options,
        IProgress<TimeSpan>? progress,
        CancellationToken cancellationToken)
    {
        var encoderOptions = options.EncoderFor(source.Format.SampleRate);
        using var writer = new OpusAudioWriter(
            output, codec, encoderOptions, options.AllComments(), options.Container, source.Format.SampleRate, options.Vendor, leaveOpen: true);
        using var pcm = source.ToFormat(writer.Format, leaveOpen: true);

        var buffer = new float[ChunkSize / writer.Format.Channels * writer.Format.Channels];
        int count;
        while ((count = pcm.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write(buffer.AsSpan(0, count));
            progress?.Report(writer.Format.DurationOf(writer.FrameCount));
        }

        writer.Finish();
        return writer.Format.DurationOf(writer.FrameCount);
    }

    private static TimeSpan EncodeStretches(
        IAudioReader source,
        Stream output,
        IOpusEncoderFactory codec,
        VoiceEncodingOptions options,
        int maxDegreeOfParallelism,
        IProgress<TimeSpan>? progress,
        CancellationToken cancellationToken)
    {
        var encoderOptions = options.EncoderFor(source.Format.SampleRate);
        var tags = new OpusTags(options.Vendor ?? codec.Name, options.AllComments());
        using var pcm = source.ToFormat(new AudioFormat(encoderOptions.SampleRate, encoderOptions.Channels), leaveOpen: true);
        using var encoding = new ParallelEncoding(pcm, codec, encoderOptions, maxDegreeOfParallelism, cancellationToken);
        using var writer = new OggOpusWriter(
            output, encoding.MakeHead(source.Format.SampleRate), tags, options.Container, leaveOpen: true);
        encoding.WriteTo(writer, progress, cancellationToken);
        return pcm.Format.DurationOf(encoding.FrameCount);
    }
}
