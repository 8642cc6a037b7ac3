using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>Finds single pages anywhere in a seekable input, with small reads.</summary>
internal sealed class OggPageProbe(OggInput input, bool isAsync, CancellationToken cancellationToken) : IDisposable
{
    private const int ReadSize = 4 * 1024;

    private readonly OggPageSync _sync = new(new OpusDefectLog(isStrict: false)) { FindsMistake = false };
    private long _end;

    /// <summary>How the checksums of the stream are wrong, all alike.</summary>
    public OggCrcMistake Mistake
    {
        get => _sync.Mistake;
        set => _sync.Mistake = value;
    }

    /// <summary>How many pages were found.</summary>
    public long PageCount => _sync.PageCount;

    /// <summary>How many bytes were read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Goes to an offset.</summary>
    public void Seek(long offset)
    {
        input.Seek(offset);
        _sync.Seek(offset);
        _end = offset;
    }

    /// <summary>The next valid page that starts before an offset; null when there is none.</summary>
    public async ValueTask<OggPagePlace?> Next(long before)
    {
        while (true)
        {
            var status = _sync.Next();
            if (status == OggSyncStatus.Page)
                return _sync.PageOffset < before ? Describe(_sync.Page) : null;
            if (status == OggSyncStatus.End || _sync.Consumed >= before)
                return null;
            await Fill(before).ConfigureAwait(false);
        }
    }

    public void Dispose() => _sync.Dispose();

    // A page that starts just before the limit may reach beyond it.
    private async ValueTask Fill(long before)
    {
        var space = _sync.GetFreeSpace();
        var wanted = Math.Max(OggPage.HeaderSize, Math.Min(ReadSize, before + OggPage.MaxSize - _end));
        var count = await input.Read(
            space[..(int)Math.Min(wanted, space.Length)], isAsync, cancellationToken).ConfigureAwait(false);
        _sync.Advance(count);
        _end += count;
        BytesRead += count;
    }

    private OggPagePlace Describe(OggPage page) => new(
        _sync.PageOffset,
        _sync.PageOffset + page.Data.Length,
        page.Serial,
        page.Sequence,
        page.Granule,
        page.Flags,
        page.HasOpusHead);
}
