using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>
/// Finds the links of a seekable input and their place in time. A short input is read through. In a longer one links are told
/// apart by their serial numbers, which RFC 3533 §4 has unique, and found by bisection; a link's length is told by its last
/// pages.
/// </summary>
internal sealed class OggOpusLinkFinder : IDisposable
{
    // More links than that are found by reading on.
    private const int MaxLinks = 1000;
    private const int MaxParallelStreams = 64;
    private const int ReadSize = 4 * 1024;
    private const int TailSize = 12 * 1024;

    private readonly OggInput _input;
    private readonly OggPageProbe _probe;
    private readonly OpusReaderOptions _options;
    private readonly bool _isAsync;
    private readonly CancellationToken _cancellationToken;
    private readonly OggOpusLinkList _links = new();
    private readonly bool _verifies;
    private OggPagePlace? _last;
    private long _bytesRead;

    /// <param name="input">The file.</param>
    /// <param name="options">How to read.</param>
    /// <param name="verifies">
    /// Whether links are read through whose granule positions cannot be checked by a few pages: of a length they give no more
    /// than an estimate, and a seek must not go wrong.
    /// </param>
    /// <param name="isAsync">Whether the input is read asynchronously.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public OggOpusLinkFinder(
        OggInput input, OpusReaderOptions options, bool verifies, bool isAsync, CancellationToken cancellationToken)
    {
        _verifies = verifies;
        _input = input;
        _options = new OpusReaderOptions { MaxTagsSize = options.MaxTagsSize };
        _isAsync = isAsync;
        _cancellationToken = cancellationToken;
        _probe = new OggPageProbe(input, isAsync, cancellationToken);
    }

    /// <summary>Finds the links that have audio.</summary>
    /// <param name="readThrough">Inputs up to this many bytes are read through.</param>
    public async ValueTask<IReadOnlyList<OggOpusLinkPlace>> Find(long readThrough)
    {
        if (_input.Length <= readThrough)
            await ReadThrough(0, 0, 0).ConfigureAwait(false);
        else
            await Bisect().ConfigureAwait(false);
        return _links;
    }

    public void Dispose() => _probe.Dispose();

    private async ValueTask ReadThrough(long offset, int number, long start)
    {
        using var demuxer = new OggOpusDemuxer(_options, passesTags: true);
        demuxer.RestartAt(offset, number, start, 0);
        _input.Seek(offset);
        while (await ReadPacket(demuxer, ReadSize * 16).ConfigureAwait(false))
        {
            if (_links.Count == 0 || _links[^1].Number != demuxer.Link)
                Begin(demuxer);
            _links[^1] = _links[^1] with { End = demuxer.Timeline.Position, IsTrue = demuxer.Timeline.IsTrue };
        }
    }

    private void Begin(OggOpusDemuxer demuxer)
    {
        if (_links.Count > 0)
            _links[^1] = _links[^1] with { EndOffset = demuxer.LinkOffset };
        var start = _links.Count > 0 ? _links[^1].End : 0;
        _links.Add(Describe(demuxer, start) with { EndOffset = _input.Length });
    }

    private static OggOpusLinkPlace Describe(OggOpusDemuxer demuxer, long start) => new(
        demuxer.Link, demuxer.LinkOffset, demuxer.PageOffset, 0, demuxer.Serial, start, start, demuxer.Timeline.Origin)
    {
        Mistake = demuxer.ChecksumMistake,
    };

    private async ValueTask Bisect()
    {
        long offset = 0, start = 0;
        var number = 0;
        while (offset < _input.Length)
        {
            // Junk that each bisection reads anew costs more than reading on.
            if (_links.Count == MaxLinks || _probe.BytesRead + _bytesRead > _input.Length)
            {
                await ReadThrough(offset, number, start).ConfigureAwait(false);
                return;
            }

            if (await ReadLink(offset, number, start).ConfigureAwait(false) is not { } link)
                return;
            if (!link.IsTrue)
            {
                await ReadThrough(offset, number, start).ConfigureAwait(false);
                return;
            }

            _links.Add(link);
            (offset, number, start) = (link.EndOffset, link.Number + 1, link.End);
        }
    }

    private async ValueTask<OggOpusLinkPlace?> ReadLink(long offset, int number, long start)
    {
        using var demuxer = new OggOpusDemuxer(_options, passesTags: true);
        demuxer.RestartAt(offset, number, start, 0);
        _input.Seek(offset);
        if (!await ReadPacket(demuxer, ReadSize).ConfigureAwait(false))
            return null;

        var link = Describe(demuxer, start);
        _probe.Mistake = link.Mistake;
        var grid = await ReadGrid(demuxer).ConfigureAwait(false);
        if (!demuxer.Timeline.IsTrue || (_verifies && grid.PageDuration == 0))
            return link with { IsTrue = false };
        link = link with { EndOffset = await FindNextLink(link).ConfigureAwait(false), Grid = _verifies ? grid : null };
        return await FindEnd(demuxer, link).ConfigureAwait(false);
    }

    // The first three pages of audio show how long pages are, and most of the granule positions that have nothing to do with
    // packets.
    private async ValueTask<OggPageGrid> ReadGrid(OggOpusDemuxer demuxer)
    {
        const int Pages = 3;
        var (link, offset, count) = (demuxer.Link, demuxer.PageOffset, 1);
        var grid = new OggPageGrid(demuxer.Page.Sequence, demuxer.Page.Granule, 0);
        while (count < Pages && await ReadPacket(demuxer, ReadSize, link).ConfigureAwait(false) && demuxer.Link == link)
        {
            if (demuxer.PageOffset == offset)
                continue;
            offset = demuxer.PageOffset;
            if (!(count++ == 1 ? TrySetDuration(ref grid, demuxer.Page) : grid.Has(demuxer.Page.Sequence, demuxer.Page.Granule)))
                return grid with { PageDuration = 0 };
        }

        return grid;
    }

    private static bool TrySetDuration(ref OggPageGrid grid, OggPage page)
    {
        grid = grid with { PageDuration = page.Granule - grid.Granule };
        return !page.IsLast && grid.Has(page.Sequence, page.Granule);
    }

    private async ValueTask<long> FindNextLink(OggOpusLinkPlace link)
    {
        var serials = await ReadSerials(link).ConfigureAwait(false);
        if (await FindLast(link.AudioOffset).ConfigureAwait(false) is not { } last || serials.Contains(last.Serial))
            return _input.Length;

        var (low, high) = (link.AudioOffset, last.Offset);
        while (high - low > 2 * ReadSize)
        {
            var middle = low + (high - low) / 2;
            _probe.Seek(middle);
            var page = await _probe.Next(high).ConfigureAwait(false);
            if (page is { } found && serials.Contains(found.Serial))
                low = found.End;
            else
                high = middle;
        }

        _probe.Seek(low);
        while (await _probe.Next(_input.Length).ConfigureAwait(false) is { } page)
        {
            if (!serials.Contains(page.Serial))
                return page.Offset;
        }

        return _input.Length;
    }

    // The streams of a link all begin before any of them goes on (RFC 3533 §4).
    private async ValueTask<HashSet<uint>> ReadSerials(OggOpusLinkPlace link)
    {
        var serials = new HashSet<uint> { link.Serial };
        _probe.Seek(link.Offset);
        while (serials.Count < MaxParallelStreams
            && await _probe.Next(link.AudioOffset).ConfigureAwait(false) is { IsFirst: true } page)
        {
            serials.Add(page.Serial);
        }

        return serials;
    }

    private async ValueTask<OggPagePlace?> FindLast(long from)
    {
        if (_last is { } known)
            return known.Offset >= from ? known : null;
        for (long window = TailSize; ; window *= 4)
        {
            var offset = Math.Max(from, _input.Length - window);
            OggPagePlace? last = null;
            _probe.Seek(offset);
            while (await _probe.Next(_input.Length).ConfigureAwait(false) is { } page)
                last = page;
            _last = last;
            if (last is not null || offset == from)
                return last;
        }
    }

    // The last page's granule position is no length yet: what is trimmed, and what its packets are, the demuxer knows.
    private async ValueTask<OggOpusLinkPlace> FindEnd(OggOpusDemuxer demuxer, OggOpusLinkPlace link)
    {
        if (await FindLanding(link).ConfigureAwait(false) is { } landing)
        {
            if (!link.Confirms(landing))
                return link with { IsTrue = false };
            _input.Seek(landing.Offset);
            demuxer.LandAt(landing.Offset, link.Origin, 0);
        }
        else
        {
            _input.Seek(link.Offset);
            demuxer.RestartAt(link.Offset, link.Number, link.Start, 0);
        }

        var (end, isTrue) = (link.Start, true);
        while (await ReadPacket(demuxer, ReadSize, link.Number).ConfigureAwait(false) && demuxer.Link == link.Number)
            (end, isTrue) = (demuxer.Timeline.Position, demuxer.Timeline.IsTrue);
        return link with { End = end, IsTrue = isTrue };
    }

    // A page near the end whose granule position tells where its packets start, as that of a page marked as the last does not.
    private async ValueTask<OggPagePlace?> FindLanding(OggOpusLinkPlace link)
    {
        for (long window = TailSize; ; window *= 4)
        {
            var offset = link.EndOffset - window;
            if (offset <= link.AudioOffset)
                return null;
            _probe.Seek(offset);
            while (await _probe.Next(link.EndOffset).ConfigureAwait(false) is { } page)
            {
                if (page.Serial == link.Serial && page.Granule >= 0 && !page.IsLast)
                    return page;
            }
        }
    }

    // With a link no more is read once another one begins, audio or not.
    private async ValueTask<bool> ReadPacket(OggOpusDemuxer demuxer, int readSize, int? link = null)
    {
        while (true)
        {
            var status = demuxer.ReadPacket();
            if (status != OggReadStatus.NeedData)
                return status == OggReadStatus.Ready;
            if (link is { } wanted && demuxer.Link != wanted)
                return false;
            var space = demuxer.GetFreeSpace();
            var count = await _input
                .Read(space[..Math.Min(readSize, space.Length)], _isAsync, _cancellationToken).ConfigureAwait(false);
            _bytesRead += count;
            demuxer.Advance(count);
        }
    }
}
