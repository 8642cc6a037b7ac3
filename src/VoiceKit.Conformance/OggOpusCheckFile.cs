using VoiceKit.Audio;
using VoiceKit.Ogg;

namespace VoiceKit.Conformance;

/// <summary>Gives each page to its logical stream and judges how streams stand side by side and in a row (RFC 3533 §4).</summary>
internal sealed class OggOpusCheckFile : IDisposable
{
    /// <summary>So many streams are known at a time; the oldest is forgotten when one more begins.</summary>
    public const int MaxStreams = 16;

    private const int MaxSerials = 4096;

    private readonly OggOpusCheckLog _log = new();
    private readonly OggOpusCheckPages _pages;
    private readonly List<OggOpusCheckStream> _streams = [];
    private readonly Stack<OggOpusCheckStream> _spare = [];
    private readonly HashSet<uint> _serials = [];

    // The current link: streams side by side, whose first pages stand together at its start.
    private long _linkOffset;
    private int _linkStreams;
    private bool _linkHasOpus;
    private bool _isInHeaders;
    private string? _otherCodec;
    private int _opusStreams;
    private long _packets;
    private bool _isEnded;

    public OggOpusCheckFile() => _pages = new OggOpusCheckPages(_log);

    public Memory<byte> GetFreeSpace() => _pages.GetFreeSpace();

    public void Advance(int count) => _pages.Advance(count);

    /// <summary>Judges the bytes that are there; false at the end of the input.</summary>
    public bool ReadOn()
    {
        OggSyncStatus status;
        while ((status = _pages.Next()) == OggSyncStatus.Page)
            Take(_pages.Page, _pages.Offset);
        return status != OggSyncStatus.End;
    }

    public OggOpusCheckReport ToReport()
    {
        if (!_isEnded)
            End();
        return new OggOpusCheckReport(_log, _pages.Offset, _pages.Count, _opusStreams, _packets);
    }

    public void Dispose() => _pages.Dispose();

    private void Take(OggPage page, long offset)
    {
        var stream = Find(page.Serial);
        if (_pages.IsDamaged && stream is null && !OggOpusCheckHead.IsOn(page))
        {
            // The serial number is what is wrong: there may be one stream only that the page can be of.
            if (_linkStreams != 1)
                return;
            stream = _streams[^1];
        }

        if (stream is not null && page.IsFirst && !_pages.IsDamaged && stream.IsRestartedBy(page))
        {
            End(stream);
            stream = null;
        }

        stream ??= Begin(page, offset);
        if (!page.IsFirst)
        {
            _isInHeaders = false;
            ReportLateBegin(stream, offset);
        }

        if (_pages.IsDamaged)
            stream.TakeDamaged(page, offset);
        else
            stream.Take(page, offset);
    }

    private OggOpusCheckStream Begin(OggPage page, long offset)
    {
        if (!page.IsFirst)
        {
            _log.Add(
                OggOpusCheckRule.BeginMissing,
                offset + OggPage.FlagsAt,
                $"Stream {page.Serial:X8} begins on a page that is not marked as its first.");
        }
        else if (!_isInHeaders)
            BeginLink(offset);
        if (_serials.Count < MaxSerials ? !_serials.Add(page.Serial) : _serials.Contains(page.Serial))
        {
            _log.Add(
                OggOpusCheckRule.SerialReused,
                offset + OggPage.SerialAt,
                $"Serial number {page.Serial:X8} was that of an earlier stream; each has its own.");
        }

        var stream = NewStream(page, offset);
        if (_linkStreams++ > 0)
        {
            _log.Add(
                OggOpusCheckRule.ParallelStreams,
                offset,
                $"Stream {page.Serial:X8} stands beside others; an Ogg Opus file has one stream at a time.");
        }

        return stream;
    }

    private OggOpusCheckStream NewStream(OggPage page, long offset)
    {
        if (_streams.Count == MaxStreams)
            Forget(offset);
        var isOpus = OggOpusCheckHead.BeginsOn(page);
        var stream = _spare.Count > 0 ? _spare.Pop() : new OggOpusCheckStream(_log);
        stream.Begin(page.Serial, isOpus);
        _streams.Add(stream);
        if (isOpus)
        {
            _linkHasOpus = true;
            _opusStreams++;
        }
        else
        {
            _otherCodec ??= OggCodecNames.Identify(page.Data[page.BodyAt..]);
        }

        return stream;
    }

    // Streams that have not ended are told about once it is clear that they do not go on.
    private void BeginLink(long offset)
    {
        EndLink();
        foreach (var stream in _streams)
            stream.PassedAt ??= offset;
        _linkOffset = offset;
        _linkStreams = 0;
        _linkHasOpus = false;
        _otherCodec = null;
        _isInHeaders = true;
    }

    private void EndLink()
    {
        if (_linkStreams > 0 && !_linkHasOpus)
            _log.Add(OggOpusCheckRule.NoOpusStream, _linkOffset, $"Nothing here is Ogg Opus: it is Ogg {_otherCodec}.");
    }

    private void ReportLateBegin(OggOpusCheckStream stream, long offset)
    {
        if (stream.PassedAt is not { } late || stream.HasEnded)
            return;
        stream.PassedAt = null;
        _log.Add(
            OggOpusCheckRule.BeginLate,
            late,
            $"A stream begins here while stream {stream.Serial:X8} goes on, at {offset}; streams side by side begin together.");
    }

    private OggOpusCheckStream? Find(uint serial)
    {
        foreach (var stream in _streams)
        {
            if (stream.Serial == serial)
                return stream;
        }

        return null;
    }

    private void Forget(long offset)
    {
        var oldest = _streams[0];
        if (oldest.PassedAt is null && !oldest.HasEnded)
        {
            _log.Add(
                OggOpusCheckRule.TooManyStreams,
                offset,
                $"More than {MaxStreams} streams at a time; stream {oldest.Serial:X8} is not looked into any more.");
        }

        End(oldest);
    }

    private void End(OggOpusCheckStream stream)
    {
        stream.End(isTruncated: _pages.TruncatedSerial == stream.Serial);
        _packets += stream.PacketCount;
        _streams.Remove(stream);
        _spare.Push(stream);
    }

    private void End()
    {
        _isEnded = true;
        while (_streams.Count > 0)
            End(_streams[0]);
        EndLink();
        if (_linkStreams == 0)
            _log.Add(OggOpusCheckRule.NoOpusStream, 0, DescribeInput());
    }

    private string DescribeInput()
    {
        var start = _pages.LeadingBytes;
        if (start.IsEmpty)
            return "The input is empty.";
        if (start.StartsWith(OggPage.CapturePattern) || _pages.Count > 0)
            return "No page of an Opus stream can be read.";
        return MediaNames.Identify(start) is { } name ? $"This is not Ogg Opus: it is {name}." : "This is not Ogg Opus.";
    }
}
