using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Profiles;

/// <summary>Compares a message with a profile.</summary>
internal sealed class VoiceProfileChecker
{
    private readonly List<VoiceProfileFinding> _findings = [];
    private readonly VoiceProfile _profile;
    private readonly VoiceMessage _message;

    private VoiceProfileChecker(VoiceProfile profile, VoiceMessage message) => (_profile, _message) = (profile, message);

    public static IReadOnlyList<VoiceProfileFinding> Check(
        VoiceProfile profile, VoiceMessage message, CancellationToken cancellationToken)
    {
        var checker = new VoiceProfileChecker(profile, message);
        if (profile.TakesOpus)
            checker.CheckAll(cancellationToken);
        else
            checker.AddCodec();
        return [.. checker._findings.OrderByDescending(finding => finding.Severity)];
    }

    private void CheckAll(CancellationToken cancellationToken)
    {
        CheckLength();
        CheckSize();
        CheckContainer(cancellationToken);
        CheckHeaders();
        CheckPackets(VoicePacketShape.Read(_profile, _message, cancellationToken));
    }

    private void AddCodec() => Add(
        VoiceProfileSeverity.Error,
        VoiceProfileRule.Codec,
        $"The platform's voice messages are {_profile.MimeType} at {_profile.SampleRate} Hz, not Opus: "
            + "encode it with VoiceKit.FFmpeg, or decode it to WAV and give it to an encoder for that.");

    private void CheckLength()
    {
        if (_message.Info.Samples == 0)
            Warn(VoiceProfileRule.Empty, "Nothing is heard in it.");
        if (_message.Duration > _profile.MaxDuration)
            Add(VoiceProfileSeverity.Advice, VoiceProfileRule.Duration, $"It is longer than the usual {_profile.MaxDuration}.");
    }

    private void CheckSize()
    {
        var size = _message.Size;
        if (size > _profile.MaxSize)
            Add(VoiceProfileSeverity.Error, VoiceProfileRule.Size, $"It has {size} bytes, more than {_profile.MaxSize}.");
        else if (size > _profile.PlayableSize)
            Warn(VoiceProfileRule.PlayableSize, $"It has {size} bytes; above {_profile.PlayableSize} it is shown as a download.");
    }

    private void CheckContainer(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_message.Info.DefectCount > 0)
            Warn(VoiceProfileRule.Container, $"The file is damaged: {_message.Info.Defects[0].Message}", "RFC 7845 §4");
        else if (StartsLate())
            Warn(VoiceProfileRule.Container, "Its time does not begin at 0; servers were seen to refuse that.", "openlivery #31");
        if (_message.Info.LinkCount > 1 && !_profile.TakesChains)
        {
            Warn(
                VoiceProfileRule.Chain,
                $"It is {_message.Info.LinkCount} streams, one behind the other; many players stop after the first.",
                "RFC 7845 §9");
        }
    }

    private bool StartsLate()
    {
        using var reader = OggOpusReader.Open(_message.OpenRead());
        return reader.Read() && reader.StartOffset > 0;
    }

    private void CheckHeaders()
    {
        var channels = _message.Info.Links.Max(link => link.Head.Channels);
        if (channels > _profile.Channels)
        {
            var (severity, source) = _profile.ChannelsBasis;
            Add(severity, VoiceProfileRule.Channels, $"It has {channels} channels, more than {_profile.Channels}.", source);
        }

        var rate = _message.Info.Head.InputSampleRate;
        if (_profile.HeaderSampleRate is { } expected && rate != expected)
            WarnOfShape(VoiceProfileRule.HeaderRate, $"The header says {rate} Hz, not {expected} Hz.");
        if (_profile.Vendor is { } vendor && _message.Tags.Vendor != vendor)
            WarnOfShape(VoiceProfileRule.Tags, $"The vendor is not \"{vendor}\".");
        if (_profile.Container == OpusContainer.Caf && _message.Info.Head.OutputGain != 0)
        {
            var gain = _message.Info.Head.OutputGainDecibels;
            Warn(VoiceProfileRule.Gain, $"It has a gain of {gain:0.##} dB, for which CAF has no place.");
        }

        var skip = _message.Info.Head.PreSkip;
        if (_profile.PreSkip is { } usual && skip > usual && skip <= VoiceFitter.MaxEncoderDelay)
            WarnOfShape(VoiceProfileRule.PreSkip, $"The pre-skip is {skip}, not {usual}.");
        if (!_profile.TakesComments)
            CheckPrivacy(_message.Tags);
    }

    private void CheckPrivacy(OpusTags tags)
    {
        var size = tags.Pictures.Sum(picture => (long)picture.Data.Length);
        if (size > 0)
            Warn(VoiceProfileRule.Tags, $"There is a picture of {size} bytes: {_profile.Cover.Text}.", _profile.Cover.Source);
        var others = tags.Comments.Where(comment => !IsPicture(comment)).ToArray();
        if (others.Length > 0)
        {
            var names = string.Join(
                ", ", others.Select(comment => comment.Name).Distinct(StringComparer.OrdinalIgnoreCase).Take(8));
            WarnOfShape(
                VoiceProfileRule.Tags, $"There are comments: {others.Length}. They go to whoever gets the file: {names}.");
        }

        if (tags.BinaryData.Length > 0)
            WarnOfShape(VoiceProfileRule.Tags, $"There are {tags.BinaryData.Length} bytes of something behind the comments.");
    }

    private static bool IsPicture(OpusComment comment) =>
        comment.Name.Equals(OpusTagNames.MetadataBlockPicture, StringComparison.OrdinalIgnoreCase);

    private void CheckPackets(VoicePacketShape shape)
    {
        if (shape.WiderPackets > 0)
        {
            WarnOfShape(
                VoiceProfileRule.Bandwidth,
                $"{shape.WiderPackets} of {shape.Packets} packets have more audio bandwidth than {_profile.MaxBandwidth}.");
        }

        var frame = _profile.FrameDuration.TotalMilliseconds;
        if (shape.OtherFrames > 0)
        {
            WarnOfShape(
                VoiceProfileRule.FrameDuration,
                $"{shape.OtherFrames} of {shape.Packets} packets have frames of another duration than {frame} ms.");
        }
        else if (shape.OtherCodes > 0 || !shape.IsGrouped)
        {
            var code = _profile.ForceCode3 ? " with code 3" : "";
            WarnOfShape(VoiceProfileRule.PacketShape, $"Its packets are not {_profile.FramesPerPacket} × {frame} ms{code}.");
        }
    }

    private void WarnOfShape(VoiceProfileRule rule, string message) => Warn(rule, message, _profile.ShapeSource);

    private void Warn(VoiceProfileRule rule, string message, string? source = null) =>
        Add(VoiceProfileSeverity.Warning, rule, message, source);

    private void Add(VoiceProfileSeverity severity, VoiceProfileRule rule, string message, string? source = null) =>
        _findings.Add(new VoiceProfileFinding(severity, rule, message, source ?? _profile.Source));
}
