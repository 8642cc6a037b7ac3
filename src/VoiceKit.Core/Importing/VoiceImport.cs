using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Importing;

/// <summary>One import: decides what to do with the input, and does it or foretells it.</summary>
internal sealed class VoiceImport(
    ImportSource source,
    ImportContent content,
    IOpusEncoderFactory encoder,
    IOpusDecoderFactory decoder,
    VoiceImportOptions options,
    IProgress<VoiceImportProgress>? progress,
    CancellationToken cancellationToken)
{
    private const int ChunkSize = 8192;

    private delegate void SampleTaker(ReadOnlySpan<float> samples);

    // A page of a second's packets has 27 bytes and one for each packet; two more pages have the headers.
    private const int HeaderSize = 150;

    // What libopus chooses by itself for speech in mono is about as much.
    private const double AutomaticBitrate = 64_000;

    // Why Opus cannot be taken as it is.
    private readonly string? _refusal = content.Opus is not { } opus ? null
        : options.ForceEncoding ? "Encoding is forced."
        : options.Processors.Count > 0 ? "The sound is processed."
        : options.RefuseOpus(opus);

    private readonly List<string> _warnings = [];
    private Func<bool> _foundOppositeChannels = () => false;

    private bool IsEncoded => content.Opus is null || _refusal is not null;

    /// <summary>Makes the message.</summary>
    public VoiceMessage Make()
    {
        var message = IsEncoded ? Encode() : Copy(content.Opus!);
        if (options.StripTags && !IsEncoded)
        {
            message = Change(
                message, (input, output) => OpusEditor.Strip(input, output, options.Encoding.Container, cancellationToken));
        }

        if (options.TargetLoudness is null)
            return message;
        var loudness = Measure(message);
        var gain = GainFor(loudness);
        return gain == 0
            ? message
            : Change(message, (input, output) => OpusEditor.Amplify(
                input, output, gain, options.Encoding.Container, cancellationToken));
    }

    private static VoiceMessage Change(VoiceMessage message, Action<Stream, Stream> change)
    {
        using var bytes = new MemoryStream();
        using (var input = message.OpenRead())
            change(input, bytes);
        return VoiceMessage.FromBytes(bytes.ToArray());
    }

    /// <summary>Says what <see cref="Make"/> would do.</summary>
    public VoiceImportPreview Preview()
    {
        var heard = Listen(0, long.MaxValue);
        var (start, end) = options.TrimSilence ? heard.Trimmer.Find() : (0, heard.Frames);
        var most = options.MaxDuration is { } length ? FramesIn(length, heard.Format) : long.MaxValue;
        var cut = Math.Max(0, end - start - most);
        var stretch = (start, end - cut) == (0, heard.Frames) ? heard : Listen(start, end - cut);
        var format = heard.Format;
        var isWhole = stretch == heard;
        WarnOf(heard.Loudness.SamplePeak);
        var duration = content.Opus is { } opus && isWhole ? opus.Duration : format.DurationOf(stretch.Frames);
        return new VoiceImportPreview
        {
            Content = content.Name,
            Action = IsEncoded ? VoiceImportAction.Encode : IsTaken(isWhole) ? VoiceImportAction.Take : VoiceImportAction.Copy,
            EncodingReason = _refusal,
            Duration = duration,
            SourceDuration = content.Opus?.Duration ?? format.DurationOf(heard.Frames),
            TrimmedStart = format.DurationOf(start),
            TrimmedEnd = format.DurationOf(heard.Frames - end),
            Cut = format.DurationOf(cut),
            IsRefused = cut > 0 && options.RefuseLonger,
            EstimatedSize = EstimateSize(duration, isWhole),
            Loudness = stretch.Loudness.Integrated,
            Gain = GainFor(stretch.Loudness),
            Warnings = _warnings,
            Waveform = stretch.Bars.Build(options.Bars),
        };
    }

    private bool IsTaken(bool isWhole) =>
        isWhole && options.TargetLoudness is null && !options.StripTags
        && content.Opus is { Container: OpusContainer.Ogg, DefectCount: 0 };

    private VoiceMessage Encode()
    {
        var (start, end) = options.TrimSilence ? FindSound() : (0L, long.MaxValue);
        using var reader = OpenSound();
        var most = options.MaxDuration is { } length ? FramesIn(length, reader.Format) : long.MaxValue;
        if (end != long.MaxValue)
            CheckLength(reader.Format.DurationOf(end - start));
        else if (reader.FrameCount is { } frames)
            CheckLength(reader.Format.DurationOf(frames));

        var peak = 0f;
        var tapped = new TappedReader(reader, samples => peak = Math.Max(peak, SilenceCheck.PeakOf(samples)));
        using var stretch = new AudioRangeReader(tapped, start, most > end - start ? end : start + most);
        TimeSpan? total = stretch.FrameCount is { } count ? reader.Format.DurationOf(count)
            : end != long.MaxValue ? reader.Format.DurationOf(Math.Min(end - start, most)) : null;
        var steps = progress is null ? null : new Steps(progress, VoiceImportPhase.Encoding, total);
        var message = new VoiceEncoder(encoder).EncodeToMessage(stretch, EncodingOf(stretch.Format), steps, cancellationToken);
        if (options.RefuseLonger && end == long.MaxValue && stretch.HasMore())
            throw TooLong();
        WarnOf(peak);
        progress?.Report(new VoiceImportProgress(VoiceImportPhase.Encoding, message.Duration, message.Duration));
        return message;
    }

    private VoiceMessage Copy(OpusInfo info)
    {
        CheckChannels();
        var (from, to) = (TimeSpan.Zero, info.Duration);
        if (options.TrimSilence)
        {
            var (start, end) = FindSound();
            from = OpusRates.ToTime(start);
            to = end < info.Samples ? OpusRates.ToTime(end) : to;
        }

        CheckLength(to - from);
        if (options.MaxDuration is { } most && to - from > most)
            to = from + most;
        var isWhole = from == TimeSpan.Zero && to == info.Duration;
        using var bytes = new MemoryStream();
        using (var input = source.Open())
        {
            if (isWhole && info is { Container: OpusContainer.Ogg, DefectCount: 0 })
                input.CopyTo(bytes);
            else if (isWhole)
                OpusEditor.Remux(input, bytes, OpusContainer.Ogg, options.Encoding.Container, cancellationToken);
            else
                OpusEditor.Trim(input, bytes, from, to, options.Encoding.Container, cancellationToken);
        }

        var message = VoiceMessage.FromBytes(bytes.ToArray());
        progress?.Report(new VoiceImportProgress(VoiceImportPhase.Copying, message.Duration, message.Duration));
        return message;
    }

    // Opus whose channels mean nothing (RFC 7845 §5.1.1.3) can be copied, and nobody could play it.
    private void CheckChannels()
    {
        using var _ = OpenSound();
    }

    // Two channels of one sound would only cost bits.
    private VoiceEncodingOptions EncodingOf(AudioFormat format) =>
        options.Encoding with { Channels = Math.Min(options.Encoding.Channels, format.Channels) };

    // As it is encoded: what processors make of it, mixed here to mono, where channels that cancel one another are noticed.
    private IAudioReader OpenSound()
    {
        var reader = content.Open(IsEncoded ? 2 : options.Encoding.Channels);
        if (options.Processors.Count > 0)
            reader = new ProcessingReader(reader, options.Processors);
        if (!IsEncoded || options.Encoding.Channels != 1 || reader.Format.Channels != 2)
            return reader;
        var mixer = new ChannelMixingReader(reader, 1);
        _foundOppositeChannels = () => mixer.FoundOppositeChannels;
        return mixer;
    }

    private void WarnOf(double peak)
    {
        if (_foundOppositeChannels())
            Warn(VoiceImportWarning.OppositeChannels);
        if (content.Opus is null && SilenceCheck.IsMisread(peak, source))
            Warn(VoiceImportWarning.AllButSilent);
    }

    private void Warn(string warning)
    {
        _warnings.Add(warning);
        options.Warned?.Invoke(warning);
    }

    private (long Start, long End) FindSound()
    {
        using var reader = OpenSound();
        var trimmer = new SilenceTrimmer(reader.Format);
        Pump(reader, VoiceImportPhase.Analyzing, trimmer.Add);
        return trimmer.Find();
    }

    private Loudness Measure(VoiceMessage message)
    {
        using var reader = message.OpenAudio(decoder);
        var loudness = new Loudness(reader.Format);
        Pump(reader, VoiceImportPhase.Measuring, loudness.Add, message.Duration);
        return loudness;
    }

    // As the message will be: what is encoded is mixed before it is measured. Silence is looked for before that, as in an import.
    private Heard Listen(long start, long end)
    {
        using var stretch = new AudioRangeReader(OpenSound(), start, end);
        var trimmer = new SilenceTrimmer(stretch.Format);
        using var tapped = new TappedReader(stretch, trimmer.Add);
        var channels = IsEncoded ? EncodingOf(stretch.Format).Channels : stretch.Format.Channels;
        using var mixed = tapped.ToFormat(new AudioFormat(stretch.Format.SampleRate, channels), leaveOpen: true);
        var heard = new Heard(stretch.Format, trimmer, new Loudness(mixed.Format), new WaveformBuilder(mixed.Format));
        Pump(mixed, VoiceImportPhase.Analyzing, heard.Add);
        return heard;
    }

    private void Pump(IAudioReader reader, VoiceImportPhase phase, SampleTaker take, TimeSpan? total = null)
    {
        var format = reader.Format;
        total ??= reader.FrameCount is { } all ? format.DurationOf(all) : content.Opus?.Duration;
        var buffer = new float[Math.Max(1, ChunkSize / format.Channels) * format.Channels];
        long frames = 0;
        int count;
        while ((count = reader.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            take(buffer.AsSpan(0, count));
            frames += count / format.Channels;
            progress?.Report(new VoiceImportProgress(phase, format.DurationOf(frames), total));
        }

        progress?.Report(new VoiceImportProgress(phase, format.DurationOf(frames), format.DurationOf(frames)));
    }

    // Louder as far as the peaks and the noise allow; softer as far as it takes.
    private double GainFor(Loudness loudness)
    {
        if (options.TargetLoudness is not { } target || double.IsNegativeInfinity(loudness.Integrated))
            return 0;
        var gain = target - loudness.Integrated;
        if (gain > 0)
        {
            var room = options.PeakLimit - 20 * Math.Log10(loudness.SamplePeak);
            gain = Math.Min(Math.Min(gain, options.MaxGain), Math.Max(0, room));
        }

        return Math.Floor(gain * 256) / 256;
    }

    private long EstimateSize(TimeSpan duration, bool isWhole)
    {
        if (isWhole && IsTaken(isWhole))
        {
            using var stream = source.Open();
            return stream.Length;
        }

        var bitrate = IsEncoded ? options.Encoding.Encoder.Bitrate ?? AutomaticBitrate : content.Opus!.Bitrate;
        var packet = IsEncoded
            ? options.Encoding.Encoder.PacketDuration
            : content.Opus!.PacketDuration ?? TimeSpan.FromMilliseconds(20);
        var seconds = duration.TotalSeconds;
        return (long)(seconds * (bitrate / 8.0 + 27 + 1 / packet.TotalSeconds)) + HeaderSize;
    }

    private void CheckLength(TimeSpan length)
    {
        if (options.RefuseLonger && length > options.MaxDuration)
            throw TooLong(length);
    }

    private VoiceFormatException TooLong(TimeSpan? length = null)
    {
        var allowed = $"{options.MaxDuration!.Value.TotalSeconds:0.##} s";
        return new VoiceFormatException(length is { } known
            ? $"It is {known.TotalSeconds:0.##} s long, and {allowed} are allowed."
            : $"It is longer than the {allowed} that are allowed.");
    }

    private static long FramesIn(TimeSpan time, AudioFormat format) =>
        (long)((Int128)time.Ticks * format.SampleRate / TimeSpan.TicksPerSecond);

    /// <summary>What is known of a stretch that was listened to.</summary>
    private sealed record Heard(AudioFormat Format, SilenceTrimmer Trimmer, Loudness Loudness, WaveformBuilder Bars)
    {
        public long Frames => Trimmer.FrameCount;

        public void Add(ReadOnlySpan<float> samples)
        {
            Loudness.Add(samples);
            Bars.Add(samples);
        }
    }

    /// <summary>Shows what goes through.</summary>
    private sealed class TappedReader(IAudioReader inner, SampleTaker tap) : IAudioReader
    {
        public AudioFormat Format => inner.Format;

        public long? FrameCount => inner.FrameCount;

        public int Read(Span<float> buffer)
        {
            var count = inner.Read(buffer);
            tap(buffer[..count]);
            return count;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Steps(
        IProgress<VoiceImportProgress> progress, VoiceImportPhase phase, TimeSpan? total) : IProgress<TimeSpan>
    {
        public void Report(TimeSpan value) => progress.Report(new VoiceImportProgress(phase, value, total));
    }
}
