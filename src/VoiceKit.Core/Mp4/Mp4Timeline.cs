using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// The time of packets: what is skipped and trimmed, from the edit list, the pre-skip and the times of samples. Packets are
/// played one after the other; times that don't follow from them are listed. Counts samples at 48 kHz.
/// </summary>
internal sealed class Mp4Timeline
{
    /// <summary>How far the clock of a recording may be off before that is a gap.</summary>
    public const int MaxJitter = OpusRates.Full / 50;

    // What a decoder is given of a part that is cut out, to converge: 80 ms (RFC 7845 §4.6).
    private const int PreRoll = OpusRates.Full * 80 / 1000;

    private readonly uint _timescale;
    private readonly int _tick;
    private readonly int _preSkip;
    private readonly bool _startsAtZero;
    private readonly IReadOnlyList<(long Start, long End)>? _laterParts;
    private readonly long _endTolerance;
    private readonly long _firstEnd;
    private readonly OpusDefectLog _defects;

    // The time of the first sample.
    private readonly long _origin;
    private Place _at = new() { IsFirst = true, IsExact = true };

    /// <param name="edit">The part of the media that is played.</param>
    /// <param name="timescale">Units of the media's time line in a second.</param>
    /// <param name="preSkip">The pre-skip of dOps.</param>
    /// <param name="start">The time of the first sample, in units of the timescale.</param>
    /// <param name="defects">Takes what is broken.</param>
    public Mp4Timeline(Mp4Edit edit, uint timescale, int preSkip, long start, OpusDefectLog defects)
    {
        _timescale = timescale;
        _tick = timescale == OpusRates.Full ? 0 : (int)((OpusRates.Full + timescale - 1) / timescale);
        _preSkip = preSkip;
        _defects = defects;
        _origin = ToSamples(Math.Max(0, start));

        // "Encapsulation of Opus in ISO Base Media File Format" §4.4: the edit list says what is dropped at the start. Muxers
        // that know nothing of priming write an edit from 0 on, which says nothing of it; then the pre-skip is dropped, as
        // without one.
        _startsAtZero = edit.Start == 0;
        TrimStart = !_startsAtZero && edit.Start >= start ? ToSamples(edit.Start - Math.Max(0, start))
            : !_startsAtZero ? ToSamples(edit.Start)
            : preSkip;
        _at.SkipLeft = TrimStart;
        _laterParts = edit.Later;
        _at.End = edit.End == long.MaxValue ? long.MaxValue : ToSamples(edit.End);
        _firstEnd = _at.End;
        _endTolerance = ToSamples(edit.Tolerance);
    }

    /// <summary>How much is dropped at the start.</summary>
    public long TrimStart { get; }

    /// <summary>The position of the next sample to be heard.</summary>
    public long Position => _at.Position;

    /// <summary>How much time the samples' times leave between packets.</summary>
    public long Gaps => _at.Gaps;

    /// <summary>Where in time the next packet comes.</summary>
    public ref Place Current => ref _at;

    /// <summary>How much there is to be heard, by the samples' times.</summary>
    /// <param name="duration">How long the samples last, in units of the timescale.</param>
    public long LengthOf(long duration)
    {
        var end = ToSamples(duration);
        var length = Math.Max(0, Math.Min(_firstEnd, end) - _origin - TrimStart);
        foreach (var part in _laterParts ?? [])
            length += Math.Max(0, Math.Min(part.End == long.MaxValue ? end : ToSamples(part.End), end) - ToSamples(part.Start));
        return length;
    }

    /// <summary>Takes the next packet.</summary>
    /// <param name="sample">Where it is.</param>
    /// <param name="duration">What it decodes to.</param>
    /// <param name="isLast">Whether none follows it.</param>
    /// <param name="info">Its place.</param>
    /// <param name="isCutOut">Whether nothing of it is played, nor needed to play what follows.</param>
    /// <returns>False when it is behind the end of what is played.</returns>
    public bool TryPlace(Mp4Sample sample, int duration, bool isLast, out OpusPacketInfo info, out bool isCutOut)
    {
        isCutOut = false;
        var delta = ToSamples(sample.Delta);
        var time = TimeOf(sample);
        if (_at.IsFirst && !isLast)
            CheckStart(delta, duration);
        _at.IsFirst = false;
        var end = EndOf(time, delta, duration, isLast);
        while (_at.Part < (_laterParts?.Count ?? 0) && end < time + duration && (time >= end || NextStart() < time + duration))
        {
            BeginPart();
            end = EndOf(time, delta, duration, isLast);
        }

        if (_at.HasCut && OnTimeLine(_at.CutUntil) > time)
            return PlaceBeforePart(time, duration, out info, out isCutOut);
        var start = (int)Math.Min(_at.SkipLeft, duration);
        _at.SkipLeft -= start;
        var trim = (int)Math.Clamp(time + duration - end, 0, duration - start);
        info = new OpusPacketInfo(Position, duration, start, trim, 0);
        if (time >= end)
            return false;
        _at.Position += info.Playable;
        _at.Running += duration;
        return true;
    }

    // What is cut out before a part is dropped at its end, so that another stream can begin behind it.
    private bool PlaceBeforePart(long time, int duration, out OpusPacketInfo info, out bool isCutOut)
    {
        var until = OnTimeLine(_at.CutUntil);
        var cut = (int)Math.Min(until - time, duration);
        var end = (int)Math.Clamp(time + duration - OnTimeLine(_at.End), 0, duration - cut);
        info = cut == duration
            ? new OpusPacketInfo(Position, duration, 0, duration, 0)
            : new OpusPacketInfo(Position, duration, cut, end, 0);
        isCutOut = until - time - duration >= PreRoll;
        _at.Running += duration;
        _at.Position += info.Playable;
        return true;
    }

    private void BeginPart()
    {
        var part = _laterParts![_at.Part++];
        _at.HasCut = true;
        _at.CutUntil = ToSamples(part.Start);
        _at.End = part.End == long.MaxValue ? long.MaxValue : ToSamples(part.End);
    }

    private long NextStart() => OnTimeLine(ToSamples(_laterParts![_at.Part].Start));

    // A place on the media's time line, counted as packets are.
    private long OnTimeLine(long samples) => samples == long.MaxValue ? samples : samples - _origin + _at.LeftOut;

    // Some muxers leave the priming out of the times: the first packet lasts as long as is heard of it.
    private void CheckStart(long delta, int duration)
    {
        if (_startsAtZero && _preSkip > 0 && _preSkip < duration && Math.Abs(delta + _preSkip - duration) <= _tick)
            _at.LeftOut = duration - delta;
    }

    private long TimeOf(Mp4Sample sample)
    {
        if (sample.Time < 0)
        {
            _at.IsExact = false;
            return _at.Running + _at.Resync;
        }

        var time = ToSamples(sample.Time) - _origin + _at.LeftOut;
        var excess = time - _at.Running - _at.Resync;
        if (Math.Abs(excess) > _tick)
            _at.IsExact = false;
        if (Math.Abs(excess) <= MaxJitter)
            return time;

        _defects.Add(sample.Offset, OpusDefectKind.BadTimestamp, $"A packet {excess} samples off the end of the one before.");
        _at.Resync += excess;
        if (excess > 0)
            _at.Gaps = Gaps > long.MaxValue - excess ? long.MaxValue : Gaps + excess;
        return time;
    }

    // A last sample that is shorter than its packet trims it, if the times before can be believed: those of a live recording are
    // of a clock, and the last one is made up.
    private long EndOf(long time, long delta, int duration, bool isLast)
    {
        var end = OnTimeLine(_at.End);
        if (isLast && delta > 0 && Math.Abs(end - time - delta) <= _endTolerance)
            end = time + delta;
        if (isLast && _at.IsExact && delta > 0 && duration - delta > _tick)
            end = Math.Min(end, time + delta);
        return end;
    }

    // No time of a file lasts longer than 2⁵⁶ samples, so that sums of these never overflow.
    private long ToSamples(long units) =>
        (long)Int128.Min(((Int128)units * OpusRates.Full + _timescale / 2) / _timescale, 1L << 56);

    /// <summary>A place in time.</summary>
    public struct Place
    {
        public long SkipLeft;

        // How much of the first packet the times leave out.
        public long LeftOut;
        public long Running;
        public long Resync;
        public bool IsFirst;
        public bool IsExact;
        public long Position;
        public long Gaps;

        // The part that is played, where it ends, and up to where the media is cut out before it.
        public int Part;
        public long End;
        public long CutUntil;
        public bool HasCut;
    }
}
