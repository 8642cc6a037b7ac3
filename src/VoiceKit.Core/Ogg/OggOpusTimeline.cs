using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// The time of packets in one link: what is skipped, trimmed and lost, from the durations of packets and the granule positions of
/// pages (RFC 7845 §4). Counts samples at 48 kHz.
/// </summary>
internal sealed class OggOpusTimeline(OpusDefectLog defects)
{
    /// <summary>
    /// The longest hole that is concealed, and how much more may be concealed in all than is there to be heard: a granule
    /// position is only a claim, and no claim makes hours of silence.
    /// </summary>
    public const int MaxLoss = 30 * OpusRates.Full;

    private long _previousGranule;
    private long _running;
    private bool _isFirstPage;

    // How many pages of the link have granule positions that follow from the packets, and how many have others.
    private int _agreeing;
    private int _contradicting;
    private bool _agreedBefore;
    private bool _isContradictionKnown;
    private bool _isFirstRefused;
    private int _preSkip;
    private int _skipLeft;
    private int _trim;
    private int _untrimmed;
    private int _lost;
    private bool _isLanding;
    private long _linkStart;
    private long _heardFrom;
    private long _decodedFrom;
    private long _lostUntilJump;

    /// <summary>The position of the next sample to be heard on the time line of the whole file.</summary>
    public long Position { get; private set; }

    /// <summary>All that was lost and is to be concealed so far.</summary>
    public long Lost { get; private set; }

    /// <summary>What to take from a granule position of this link to get a position; known from the first page on.</summary>
    public long Origin { get; private set; }

    /// <summary>
    /// Whether the granule positions of the link's pages follow from the packets so far, so that each tells where its page is.
    /// The first page's may be any: it only tells where the others are counted from.
    /// </summary>
    public bool IsTrue => _contradicting == 0;

    /// <summary>
    /// How much was lost so far between the headers of links and their first pages of audio, which is not made up for.
    /// </summary>
    public long LostBeginning { get; private set; }

    /// <summary>
    /// Whether what comes next need not even be decoded, since it is far before what is to be heard after a seek.
    /// </summary>
    public bool IsBeforePreRoll => Position < _decodedFrom;

    /// <summary>Goes on elsewhere: with a link that begins at a position.</summary>
    /// <param name="linkStart">Where the link begins.</param>
    /// <param name="heardFrom">What is before this position is only decoded, not heard.</param>
    /// <param name="preRoll">How much is decoded before that.</param>
    public void Restart(long linkStart, long heardFrom, int preRoll)
    {
        Position = linkStart;
        _lostUntilJump = Lost;
        _heardFrom = heardFrom;
        _decodedFrom = heardFrom - preRoll;
    }

    /// <summary>Goes on within the link, at a page whose granule position tells where.</summary>
    public void Land(long origin, long heardFrom, int preRoll)
    {
        Origin = origin;
        Position = _heardFrom = heardFrom;
        _lostUntilJump = Lost;
        _decodedFrom = heardFrom - preRoll;
        _isLanding = true;
    }

    public void BeginLink(int preSkip)
    {
        _linkStart = Position;
        _isLanding = false;
        _preSkip = _skipLeft = preSkip;
        _isFirstPage = true;
        _previousGranule = _running = 0;
        _trim = _lost = 0;
        _agreeing = _contradicting = 0;
        _agreedBefore = _isContradictionKnown = _isFirstRefused = false;
    }

    /// <summary>Takes the next page on which packets end.</summary>
    /// <param name="granule">The page's granule position.</param>
    /// <param name="duration">What its valid packets add up to.</param>
    /// <param name="lastDuration">What the last of them adds.</param>
    /// <param name="isLast">Whether the page is marked as the last.</param>
    /// <param name="hasHole">Whether pages are missing before it.</param>
    /// <param name="offset">The page's offset, for defects.</param>
    public void BeginPage(long granule, int duration, int lastDuration, bool isLast, bool hasHole, long offset)
    {
        _trim = _lost = 0;
        _untrimmed = duration;
        if (_isLanding)
            LandOn(Math.Max(granule, 0) - duration);
        if (granule < 0)
        {
            Contradict(offset, $"Granule position {granule} on a page on which packets end.");
            granule = _running + duration;
        }
        else if (_isFirstPage)
        {
            BeginFirstPage(granule, duration, lastDuration, isLast, hasHole, offset);
            Origin = _running + _skipLeft - Position;
        }
        else
        {
            BeginLaterPage(granule, duration, lastDuration, isLast, hasHole, offset);
        }

        _isFirstPage = false;
        _previousGranule = granule;
        _running = hasHole && _agreedBefore ? granule : _running + duration;
    }

    /// <summary>Takes a page of which packets are missing at the end, where its granule position says nothing.</summary>
    /// <param name="duration">What its valid packets add up to.</param>
    public void BeginCutPage(int duration)
    {
        _trim = _lost = 0;
        _untrimmed = duration;
        _isFirstPage = false;
        _running += duration;
        _previousGranule = _running;
    }

    /// <summary>Takes the next packet of the page.</summary>
    public void Place(int duration, out OpusPacketInfo info)
    {
        if ((_lost | _trim | _skipLeft) != 0 || Position < _heardFrom)
        {
            info = PlacePart(duration);
            return;
        }

        // Most packets are heard whole.
        info = new OpusPacketInfo(Position, duration, 0, 0, 0);
        Position += duration;
    }

    private OpusPacketInfo PlacePart(int duration)
    {
        var lost = _lost;
        _lost = 0;
        Position += lost;
        Lost += lost;

        var start = Math.Min(_skipLeft, duration);
        _skipLeft -= start;
        _untrimmed -= duration;
        var end = Math.Clamp(_trim - _untrimmed, 0, duration - start);
        var info = HeardPart(new OpusPacketInfo(Position, duration, start, end, lost));
        Position += duration - start - end;
        return info;
    }

    // Behind a seek the first packets only warm the decoder up.
    private OpusPacketInfo HeardPart(OpusPacketInfo info)
    {
        var ahead = _heardFrom - info.Position;
        if (ahead <= -info.LostBefore)
            return info;
        var start = (int)Math.Clamp(ahead, 0, info.Playable);
        return info with
        {
            Position = info.Position + start,
            TrimStart = info.TrimStart + start,
            LostBefore = (int)Math.Clamp(-ahead, 0, info.LostBefore),
        };
    }

    // The samples before the first position are those of the pre-skip; a granule position that tells of more is wrong.
    private void LandOn(long start)
    {
        _isLanding = _isFirstPage = false;
        _running = _previousGranule = start;
        Position = Math.Max(_linkStart, start - Origin);
        _skipLeft = (int)Math.Clamp(Position - (start - Origin), 0, _preSkip);
    }

    // §4.5: the granule position tells where the stream starts; on a page that is also the last, it may trim instead. What is
    // lost before it is not filled: playing begins with what is there.
    private void BeginFirstPage(long granule, int duration, int lastDuration, bool isLast, bool hasHole, long offset)
    {
        _running = granule - duration;
        _agreedBefore = _running >= 0;
        _isFirstRefused = _isContradictionKnown = _running < 0 && !isLast;
        if (_running == 0)
            _agreeing = 1;
        else if (isLast && granule < _preSkip)
            RefuseFirst(offset, $"The only page ends at {granule}, before the pre-skip of {_preSkip} (§4.5).");
        else if (isLast && _running < 0 && -_running <= lastDuration)
            _trim = (int)-_running;
        else if (_running < 0)
            RefuseFirst(
                offset, $"The first page holds {duration} samples and ends at {granule} (§4.5): the packets tell the time.");
        else if (hasHole)
            LostBeginning += Math.Min(_running, long.MaxValue / 2 - LostBeginning);
    }

    private void RefuseFirst(long offset, string message) => defects.Add(offset, OpusDefectKind.BadFirstGranule, message);

    private void BeginLaterPage(long granule, int duration, int lastDuration, bool isLast, bool hasHole, long offset)
    {
        var excess = granule - _previousGranule - duration;
        if (excess != 0 && granule - _running == duration)
            excess = 0; // The page before was wrong, this one is not.

        if (excess == 0)
            Agree();
        else if (hasHole && excess > 0 && IsBelieved)
            LoseBefore(excess, offset);
        else if (isLast && TrimOf(granule, excess, duration, lastDuration) is { } trim)
            (_trim, _agreedBefore) = (trim, true);
        else if (!hasHole || excess < 0)
            Contradict(offset, $"Granule position {granule} is off by {excess} samples (§4): the packets tell the time.");
        else
            DistrustLoss();
    }

    // How much is lost is not known then, nor where the pages behind it are.
    private void DistrustLoss()
    {
        _contradicting++;
        _agreedBefore = false;
    }

    // Where most pages contradict the packets, no granule position is worth anything.
    private bool IsBelieved => _agreeing >= _contradicting + (_isFirstRefused ? 1 : 0);

    private void Agree()
    {
        _agreeing++;
        _agreedBefore = true;
        _isContradictionKnown = false;
    }

    // A run of such pages is one defect.
    private void Contradict(long offset, string message)
    {
        if (!_isContradictionKnown)
            defects.Add(offset, OpusDefectKind.BadGranule, message);
        _isContradictionKnown = true;
        _agreedBefore = false;
        _contradicting++;
    }

    // §4.4. A trim longer than the page drops the page and no more. Where a page before contradicts the packets, they say from
    // where the trim counts, and it takes no more than the last packet.
    private int? TrimOf(long granule, long excess, int duration, int lastDuration)
    {
        if (granule == 0 || !IsBelieved)
            return null;
        if (_agreedBefore && excess < 0 && _contradicting == 0)
            return (int)Math.Min(-excess, duration);
        var byCount = _running + duration - granule;
        return byCount >= 0 && byCount <= lastDuration ? (int)byCount : null;
    }

    private bool CanConceal(long excess)
    {
        // What was lost before a seek may be lost again behind it: it is no more of the file.
        var lost = Lost - _lostUntilJump;
        return excess <= MaxLoss && lost + excess <= MaxLoss + Position - lost;
    }

    private void LoseBefore(long excess, long offset)
    {
        if (CanConceal(excess))
        {
            _lost = (int)excess;
            Agree();
        }
        else
        {
            Contradict(offset, $"{excess} samples are said to be lost: too many to be concealed.");
        }
    }
}
