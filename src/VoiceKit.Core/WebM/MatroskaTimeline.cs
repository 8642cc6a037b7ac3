using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// The time of packets: what is skipped and trimmed. Packets are played one after the other, as browsers' timestamps jitter by
/// some milliseconds; what jumps further is told. Counts samples at 48 kHz.
/// </summary>
internal sealed class MatroskaTimeline(OpusDefectLog defects)
{
    /// <summary>What TimestampScale is when a file says nothing: a millisecond, in ns (RFC 9559 §5.1.2.9).</summary>
    public const long DefaultTimestampScale = 1_000_000;

    private const double SamplesPerNanosecond = OpusRates.Full / 1e9;
    private const int LargestJitter = OpusRates.Full / 10;

    private MatroskaTime _now = new() { TimestampScale = DefaultTimestampScale };
    private int _trimStart;
    private int _trimEnd;
    private int _untrimmed;

    /// <summary>Where the time is between two blocks; set to come back to it.</summary>
    public MatroskaTime Now
    {
        get => _now;
        set => _now = value;
    }

    /// <summary>How long a tick of the timestamps is, in ns.</summary>
    public long TimestampScale
    {
        get => _now.TimestampScale;
        set => _now.TimestampScale = value;
    }

    /// <summary>The position of the next sample to be heard.</summary>
    public long Position => _now.Position;

    /// <summary>By how much timestamps jump ahead of the packets, in all.</summary>
    public long GapSamples => _now.GapSamples;

    /// <summary>A time in ns as samples, to the nearest.</summary>
    public static long ToSamples(double nanoseconds) => (long)Math.Round(nanoseconds * SamplesPerNanosecond);

    public void BeginTrack(int preSkip)
    {
        _now.SkipLeft = preSkip;
        _now.IsFirstBlock = true;
    }

    /// <summary>Takes the next block in which there are packets.</summary>
    /// <param name="timestamp">The block's time in ticks.</param>
    /// <param name="duration">What its valid packets add up to.</param>
    /// <param name="discardPadding">Its DiscardPadding in ns: at the end when positive, at the start when negative.</param>
    /// <param name="offset">The block's offset, for defects.</param>
    public void BeginBlock(long timestamp, int duration, long discardPadding, long offset)
    {
        if (!_now.IsFirstBlock)
            CheckJump(timestamp, offset);
        _now.IsFirstBlock = false;
        _now.PreviousTimestamp = timestamp;
        _now.PreviousDuration = duration;
        _untrimmed = duration;
        _trimStart = _trimEnd = 0;
        if (discardPadding != 0)
            Trim(discardPadding, duration, offset);
    }

    /// <summary>Takes the next packet of the block.</summary>
    public OpusPacketInfo Place(int duration)
    {
        // What pre-skip and a negative DiscardPadding both cover is dropped once.
        var start = Math.Min(Math.Max(_now.SkipLeft, _trimStart), duration);
        _now.SkipLeft -= Math.Min(_now.SkipLeft, duration);
        _trimStart -= Math.Min(_trimStart, duration);
        _untrimmed -= duration;
        var end = Math.Clamp(_trimEnd - _untrimmed, 0, duration - start);
        var info = new OpusPacketInfo(Position, duration, start, end, 0);
        _now.Position += info.Playable;
        return info;
    }

    private void Trim(long discardPadding, int duration, long offset)
    {
        var samples = Math.Abs(ToSamples(discardPadding));
        if (samples > duration)
        {
            defects.Add(
                offset, OpusDefectKind.BadTimestamp, $"DiscardPadding of {samples} samples in a block of {duration}.");
        }

        if (discardPadding > 0)
            _trimEnd = (int)Math.Min(samples, duration);
        else
            _trimStart = (int)Math.Min(samples, duration);
    }

    private void CheckJump(long timestamp, long offset)
    {
        var elapsed = ((double)timestamp - _now.PreviousTimestamp) * TimestampScale * SamplesPerNanosecond;
        var gap = elapsed - _now.PreviousDuration;
        if (Math.Abs(gap) <= LargestJitter)
            return;
        var samples = (long)Math.Round(Math.Clamp(gap, -1e15, 1e15));
        if (gap > 0)
            _now.GapSamples = Math.Min(GapSamples + samples, (long)1e15);
        defects.Add(
            offset, OpusDefectKind.BadTimestamp, $"The timestamp jumps by {samples} samples from where the block before ends.");
    }
}
