using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Finds the page from which to read so that a position is heard as if the file had been played up to there (RFC 7845 §4.6):
/// interpolation over granule positions, with bisection where they mislead.
/// </summary>
internal sealed class OggOpusSeeker(OggInput input, OpusReaderOptions options)
{
    /// <summary>Inputs up to this many bytes are read through once, which gets along with whatever is wrong with them.</summary>
    private const int ReadThroughSize = 1024 * 1024;

    // A page that ends so close before is taken without looking for a closer one.
    private const long GoodEnough = 4800;

    private IReadOnlyList<OggOpusLinkPlace>? _links;
    private bool _mayHaveGrown;

    /// <summary>How many pages were looked at.</summary>
    public long PageCount { get; private set; }

    /// <summary>
    /// The length of the file in samples at 48 kHz; null until the links were looked for, and while the input may grow.
    /// </summary>
    public long? Length => _links is null || _mayHaveGrown ? null : _links.Count == 0 ? 0 : _links[^1].End;

    /// <summary>The length of the file in samples at 48 kHz.</summary>
    public async ValueTask<long> FindLength(bool isAsync, CancellationToken cancellationToken)
    {
        var links = await FindLinks(isAsync, cancellationToken).ConfigureAwait(false);
        return links.Count == 0 ? 0 : links[^1].End;
    }

    /// <summary>Finds where to go on.</summary>
    /// <param name="position">A position in samples at 48 kHz; beyond the end stands for the end.</param>
    /// <param name="preRoll">How much before the position is to be read, in samples at 48 kHz.</param>
    /// <param name="isAsync">Whether the input is read asynchronously.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The link, and the page in it; no page to begin with the link itself. Null without audio.</returns>
    public async ValueTask<(OggOpusLinkPlace Link, long Position, long? Page)?> Find(
        long position, int preRoll, bool isAsync, CancellationToken cancellationToken)
    {
        var links = await FindLinks(isAsync, cancellationToken).ConfigureAwait(false);
        while (links.Count > 0)
        {
            var place = Math.Min(position, links[^1].End);
            var link = FindLink(links, place);
            var wanted = place + link.Origin - preRoll;
            if (!link.IsTrue || wanted <= link.Start + link.Origin)
                return (link, place, null);

            using var probe = new OggPageProbe(input, isAsync, cancellationToken) { Mistake = link.Mistake };
            var landing = await FindPage(probe, link, wanted).ConfigureAwait(false);
            PageCount += probe.PageCount;
            if (landing.IsTrue)
                return (link, place, landing.Page);

            // A page in the middle tells another time than its number does: only all pages tell which of the two is right.
            using var finder = new OggOpusLinkFinder(input, options, true, isAsync, cancellationToken);
            _links = links = await finder.Find(long.MaxValue).ConfigureAwait(false);
        }

        return null;
    }

    private static OggOpusLinkPlace FindLink(IReadOnlyList<OggOpusLinkPlace> links, long position)
    {
        var (low, high) = (0, links.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (links[middle].Start <= position)
                low = middle;
            else
                high = middle - 1;
        }

        return links[low];
    }

    private async ValueTask<IReadOnlyList<OggOpusLinkPlace>> FindLinks(bool isAsync, CancellationToken cancellationToken)
    {
        if (_links is null || _mayHaveGrown)
        {
            var isGrowing = options.IsGrowing?.Invoke() ?? false;
            using var finder = new OggOpusLinkFinder(input, options, true, isAsync, cancellationToken);
            _links = await finder.Find(ReadThroughSize).ConfigureAwait(false);
            _mayHaveGrown = isGrowing;
        }

        return _links;
    }

    // The last page that ends at or before a granule position; no truth where one of those looked at has a wrong one.
    private static async ValueTask<(long? Page, bool IsTrue)> FindPage(OggPageProbe probe, OggOpusLinkPlace link, long wanted)
    {
        long? best = null;
        var span = new Span(link.AudioOffset, link.Start + link.Origin, link.EndOffset, link.End + link.Origin);
        long pageSize = 4096;
        var isHalving = false;
        while (span.Size > 4 * pageSize)
        {
            var before = span.Size;
            var guess = isHalving ? span.Middle : span.Guess(wanted, pageSize * 3 / 2);
            probe.Seek(guess);
            var found = await NextOf(probe, link.Serial, span.HighOffset).ConfigureAwait(false);
            if (found is { } other && !link.Confirms(other))
                return (null, false);
            if (found is not { } page || page.Granule > wanted)
            {
                span.LowerTo(guess, found?.Granule);
            }
            else
            {
                span.RaiseTo(page.End, page.Granule);
                best = page.IsLast ? best : page.Offset;
                if (wanted - page.Granule <= GoodEnough)
                    return (best, true);
            }

            pageSize = found is { } any ? any.End - any.Offset : pageSize;
            isHalving = span.Size > before / 2;
        }

        probe.Seek(span.LowOffset);
        while (await NextOf(probe, link.Serial, span.HighOffset).ConfigureAwait(false) is { } page && page.Granule <= wanted)
        {
            if (!link.Confirms(page))
                return (null, false);
            best = page.IsLast ? best : page.Offset;
        }

        return (best, true);
    }

    private static async ValueTask<OggPagePlace?> NextOf(OggPageProbe probe, uint serial, long before)
    {
        while (await probe.Next(before).ConfigureAwait(false) is { } page)
        {
            if (page.Serial == serial && page.Granule >= 0)
                return page;
        }

        return null;
    }

    /// <summary>Where the page must be.</summary>
    private struct Span(long lowOffset, long lowGranule, long highOffset, long highGranule)
    {
        private long _lowGranule = lowGranule;
        private long _highGranule = highGranule;

        public long LowOffset { get; private set; } = lowOffset;

        public long HighOffset { get; private set; } = highOffset;

        public readonly long Size => HighOffset - LowOffset;

        public readonly long Middle => LowOffset + Size / 2;

        public readonly long Guess(long granule, long back)
        {
            var part = (double)(granule - _lowGranule) / Math.Max(1, _highGranule - _lowGranule);
            return Math.Clamp(LowOffset + (long)(part * Size) - back, LowOffset, HighOffset - 1);
        }

        public void LowerTo(long offset, long? granule)
        {
            HighOffset = offset;
            _highGranule = granule ?? _highGranule;
        }

        public void RaiseTo(long offset, long granule)
        {
            LowOffset = Math.Min(offset, HighOffset);
            _lowGranule = granule;
        }
    }
}
