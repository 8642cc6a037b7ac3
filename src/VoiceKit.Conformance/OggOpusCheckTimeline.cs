using VoiceKit.Ogg;
using VoiceKit.Opus;
using Rule = VoiceKit.Conformance.OggOpusCheckRule;

namespace VoiceKit.Conformance;

/// <summary>Judges the granule positions of one stream's audio pages (RFC 7845 §4). Counts samples at 48 kHz.</summary>
internal sealed class OggOpusCheckTimeline(OggOpusCheckLog log)
{
    /// <summary>What is enough history for a decoder: 80 ms (§4.2).</summary>
    private const int FullPreSkip = 3840;

    private const long TenYears = 10L * 366 * 86_400 * OpusRates.Full;

    private int _preSkip;
    private bool _isFirst;
    private bool _isUnsure;
    private bool _isRefused;
    private long _previous;
    private long _running;
    private long _total;
    private long _trim;

    public void Begin(int preSkip)
    {
        _preSkip = preSkip;
        _isFirst = true;
        _isUnsure = _isRefused = false;
        _previous = _running = _total = _trim = 0;
    }

    /// <summary>Takes the next page on which packets end.</summary>
    /// <param name="granule">The granule position.</param>
    /// <param name="samples">What the page's packets add up to.</param>
    /// <param name="last">The duration of the last of them.</param>
    /// <param name="isEnd">Whether the page is marked as the stream's last.</param>
    /// <param name="isUnsure">Whether audio is missing before or on the page, so that nothing can be added up.</param>
    /// <param name="offset">Where the granule position stands.</param>
    public void Take(long granule, int samples, int last, bool isEnd, bool isUnsure, long offset)
    {
        _total += samples;
        _trim = 0;
        if (granule < 0)
            ReportNegative(granule, offset);
        else if (_isFirst)
            TakeFirst(granule, samples, last, isEnd, isUnsure, offset);
        else if (isUnsure)
            _running = granule - samples;
        else
            TakeLater(granule, samples, last, isEnd, offset);

        _isUnsure |= isUnsure;
        _isFirst = false;
        _running += samples;
        _previous = granule < 0 ? _running : granule;
    }

    /// <summary>Takes a page without a packet that is marked as the stream's last.</summary>
    public void TakeEmptyEnd(long granule, long offset)
    {
        if (granule != OggPage.NoGranule && !_isFirst && !_isUnsure && granule != _previous)
            Take(granule, 0, 0, true, false, offset);
    }

    /// <summary>Takes note of a page whose time is not known.</summary>
    public void TakeUnknown() => _isUnsure = true;

    public void End(long offset)
    {
        var heard = _total - _trim - _preSkip;
        if (heard <= 0 && !_isUnsure && !_isRefused)
        {
            log.Add(
                Rule.NothingAudible,
                offset,
                $"{_total - _trim} samples, of which the pre-skip takes {_preSkip}: nothing is to be heard.");
        }
    }

    private void ReportNegative(long granule, long offset)
    {
        if (granule == OggPage.NoGranule)
            log.Add(Rule.GranuleMissing, offset, "Packets end on the page, and it has no granule position (−1).");
        else
            log.Add(Rule.GranuleNegative, offset, $"The granule position is {granule}; it is never negative.");
    }

    // §4.5: a first page that is also the last may trim; any other that counts fewer samples than it has is not valid.
    private void TakeFirst(long granule, int samples, int last, bool isEnd, bool isUnsure, long offset)
    {
        _running = granule - samples;
        if (isEnd && granule < _preSkip)
        {
            _isRefused = true;
            log.Add(
                Rule.FirstGranuleBelowPreSkip,
                offset,
                $"The only audio page ends at {granule}, within the pre-skip of {_preSkip} samples.");
        }
        else if (isEnd && granule < samples)
        {
            _running = 0;
            Trim(samples - granule, last, offset);
        }
        else if (granule < samples)
        {
            log.Add(
                Rule.FirstGranuleShort,
                offset,
                $"The first audio page holds {samples} samples and ends at {granule}; it may not end before.");
        }
        else if (granule > samples && !isUnsure)
        {
            ReportLateStart(granule - samples, offset);
        }
    }

    private void ReportLateStart(long start, long offset)
    {
        if (start > TenYears)
        {
            log.Add(Rule.GranuleAbsurd, offset, $"The stream starts at sample {start}, more than ten years in.");
            return;
        }

        log.Add(
            Rule.StartLate,
            offset,
            $"The stream starts at sample {start} ({(double)start / OpusRates.Full:0.###} s): it was cut or joined live.");
        if (_preSkip < FullPreSkip)
        {
            log.Add(
                Rule.PreSkipCropped,
                offset,
                $"The beginning was cut off, and the pre-skip is {_preSkip}; {FullPreSkip} samples (80 ms) are recommended.");
        }
    }

    private void TakeLater(long granule, int samples, int last, bool isEnd, long offset)
    {
        // Where the page before was wrong, this one may be right all the same.
        var byCount = granule - _running - samples;
        if (byCount == 0)
            return;
        var excess = granule - _previous - samples;
        if (isEnd && byCount < 0 && -byCount <= last)
            excess = byCount;

        if (excess > 0)
        {
            log.Add(
                Rule.GranuleJump,
                offset,
                $"The granule position is {granule}, {excess} samples ahead of the audio up to here: a hole.");
        }
        else if (excess < 0 && isEnd && -excess <= samples)
            Trim(-excess, last, offset);
        else if (granule < _previous)
            log.Add(Rule.GranuleDecreasing, offset, $"The granule position falls from {_previous} to {granule}.");
        else if (excess < 0)
        {
            log.Add(
                Rule.GranuleOverlap,
                offset,
                $"The granule position is {granule}, {-excess} samples behind the audio up to here.");
        }
    }

    private void Trim(long trim, int last, long offset)
    {
        _trim = trim;
        if (trim > last)
            log.Add(Rule.TrimLong, offset, $"{trim} samples are trimmed at the end; the last packet has {last}.");
    }
}
