using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Profiles;

/// <summary>Makes messages fit a profile.</summary>
internal sealed class VoiceFitter(VoiceProfile profile, IOpusCodec? codec, CancellationToken cancellationToken)
{
    /// <summary>The longest pre-skip that is but the delay of an encoder, in samples at 48 kHz: 6.5 ms.</summary>
    public const int MaxEncoderDelay = 312;

    private const int LeastBitrate = 8000;

    // What pages, lengths of frames and the bitrate's wavering take beside the audio: packets of three frames have four bytes
    // more.
    private const int OverheadBitrate = 1000;
    private const double Headroom = 0.95;
    private const int MaxAttempts = 4;

    /// <summary>How to encode for a profile.</summary>
    public static VoiceEncodingOptions OptionsFor(
        VoiceProfile profile, int channels, int bitrate, IReadOnlyList<OpusComment> comments) => new()
    {
        SampleRate = OpusRates.IsSupported(profile.SampleRate) ? profile.SampleRate : OpusRates.Full,
        Channels = channels,
        Comments = comments,
        Vendor = profile.Vendor,
        Encoder = new OpusEncoderOptions
        {
            Application = OpusApplication.Voip,
            Signal = OpusSignal.Voice,
            Bitrate = bitrate,
            MaxBandwidth = profile.MaxBandwidth,
            PacketDuration = profile.FrameDuration,
        },
    };

    public VoiceFit Fit(VoiceMessage message)
    {
        var findings = Check(message);
        var action = ActionFor(message, findings);
        if (action == VoiceFitAction.None)
            return new VoiceFit(message, action, findings, findings);

        var fitted = action == VoiceFitAction.Reencode ? Reencode(message) : Rewrite(message);
        var remaining = Check(fitted);

        // Where a coder changes its mode all the time, its frames cannot be grouped as they should.
        if (action < VoiceFitAction.Reencode && ActionFor(fitted, remaining) == VoiceFitAction.Repacketize && codec is not null)
            (action, fitted) = (VoiceFitAction.Reencode, Reencode(message));
        return new VoiceFit(fitted, action, findings, Check(fitted));
    }

    private IReadOnlyList<VoiceProfileFinding> Check(VoiceMessage message) =>
        VoiceProfileChecker.Check(profile, message, cancellationToken);

    private VoiceFitAction ActionFor(VoiceMessage message, IReadOnlyList<VoiceProfileFinding> findings) => findings
        .Where(finding => finding.Severity >= VoiceProfileSeverity.Warning && IsOfUse(message, finding))
        .Select(finding => finding.Remedy)
        .DefaultIfEmpty(VoiceFitAction.None)
        .Max();

    private bool IsOfUse(VoiceMessage message, VoiceProfileFinding finding) => finding.Rule switch
    {
        VoiceProfileRule.Size => codec is not null && BitrateFor(message, profile.MaxSize) >= LeastBitrate,
        VoiceProfileRule.PlayableSize => codec is not null && BitrateFor(message, profile.PlayableSize) >= LeastBitrate,
        _ => finding.Remedy != VoiceFitAction.Reencode || codec is not null,
    };

    private static double BitrateFor(VoiceMessage message, long? size) => size is { } limit
        ? limit * 8 * Headroom / Math.Max(message.Duration.TotalSeconds, 0.1) - OverheadBitrate
        : double.MaxValue;

    private VoiceMessage Reencode(VoiceMessage message)
    {
        var bitrate = (double)profile.Bitrate;
        foreach (var limit in (long?[])[profile.MaxSize, profile.PlayableSize])
        {
            if (BitrateFor(message, limit) is var reachable and >= LeastBitrate)
                bitrate = Math.Min(bitrate, reachable);
        }

        var encoded = EncodeAt((int)bitrate);
        for (var attempt = 1; attempt < MaxAttempts && encoded.Size > LimitFor(encoded); attempt++)
            encoded = EncodeAt((int)(bitrate *= 0.9));
        return encoded;

        VoiceMessage EncodeAt(int rate)
        {
            var channels = Math.Min(profile.Channels, message.Info.Head.Channels);
            var options = OptionsFor(profile, channels, rate, CommentsOf(message));
            using var audio = OpenAudio(message, options.SampleRate!.Value, channels);
            var encoded = new VoiceEncoder(codec!).EncodeToMessage(audio, options, null, cancellationToken);
            return profile is { FramesPerPacket: null, HeaderSampleRate: null, PreSkip: null } ? encoded : Rewrite(encoded);
        }

        long LimitFor(VoiceMessage encoded) => new[] { profile.MaxSize, profile.PlayableSize }
            .Where(limit => limit is not null && BitrateFor(encoded, limit) >= LeastBitrate)
            .Min() ?? long.MaxValue;
    }

    // Stereo is mixed here and not by the decoder: channels that are opposite to one another do not cancel then.
    private IAudioReader OpenAudio(VoiceMessage message, int sampleRate, int channels)
    {
        if (channels != 1 || message.Info.Head.Channels != 2)
            return message.OpenAudio(codec!, sampleRate, channels);
        return new ChannelMixingReader(message.OpenAudio(codec!, sampleRate, 2), 1);
    }

    // The gain is in the samples by then, so what the tags say of loudness is no longer true.
    private OpusComment[] CommentsOf(VoiceMessage message) => profile.TakesComments
        ? [.. message.Tags.Comments.Where(comment => OpusComment.IsValidName(comment.Name) && !IsGain(comment.Name))]
        : [];

    private static bool IsGain(string name) =>
        name.Equals(OpusTagNames.R128TrackGain, StringComparison.OrdinalIgnoreCase)
        || name.Equals(OpusTagNames.R128AlbumGain, StringComparison.OrdinalIgnoreCase);

    private VoiceMessage Rewrite(VoiceMessage message)
    {
        var serial = Random.Shared.Next();
        using var output = new MemoryStream();
        using var input = message.OpenRead();
        using (var reader = OpusContainers.Open(input, new OpusReaderOptions { Salvages = true }, leaveOpen: true))
        using (var copier = new OpusPacketCopier(Create) { BreaksAtTrims = profile.TakesChains })
            OpusEditor.Copy(reader, copier, null, cancellationToken);
        return output.Length > 0 ? VoiceMessage.FromBytes(output.ToArray()) : message;

        IOpusPacketWriter Create(OpusHead head, OpusTags tags, int links)
        {
            var options = new OpusWriterOptions { Serial = unchecked(serial + links) };
            var writer = new OggOpusWriter(output, HeadFor(head), TagsFor(tags), options, leaveOpen: true);
            return profile.FramesPerPacket is { } frames && head.StreamCount == 1
                ? new OpusRegroupingWriter(writer, new OpusPacketRegrouper(profile.FrameDuration * frames, profile.ForceCode3))
                : writer;
        }
    }

    private OpusHead HeadFor(OpusHead head)
    {
        if (head.MappingFamily != 0 || profile is { HeaderSampleRate: null, PreSkip: null })
            return head;
        var preSkip = profile.PreSkip is { } usual && head.PreSkip > usual && head.PreSkip <= MaxEncoderDelay
            ? usual
            : head.PreSkip;
        return new OpusHead(head.Channels, preSkip, profile.HeaderSampleRate ?? (int)head.InputSampleRate, head.OutputGain);
    }

    private OpusTags TagsFor(OpusTags tags)
    {
        if (profile.Vendor is null && profile.TakesComments)
            return tags;
        var comments = profile.TakesComments ? tags.Comments.Where(comment => OpusComment.IsValidName(comment.Name)) : [];
        return new OpusTags(profile.Vendor ?? tags.Vendor, comments);
    }
}
