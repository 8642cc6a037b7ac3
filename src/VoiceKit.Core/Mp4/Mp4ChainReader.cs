using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Reads MP4 files that were put one behind the other, such as two recordings of a browser: each is a link of its own, with its
/// own tables, its own pre-skip and a fresh decoder. Not thread-safe.
/// </summary>
internal sealed class Mp4ChainReader : IOpusPacketReader
{
    private readonly ByteSource _source;
    private readonly List<Mp4OpusReader> _readers = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _origins = [0];
    private readonly OpusDefectLog _defects;
    private bool _isDisposed;

    private Mp4ChainReader(ByteSource source, List<long> starts, OpusReaderOptions options)
    {
        _source = source;
        _defects = new OpusDefectLog(options.Strict);
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : source.Length;
            if (i > 0)
                _defects.Add(starts[i], OpusDefectKind.BadStructure, "Another MP4 file begins: it is a link of its own.");
            if (!TryOpen(source.Slice(starts[i], end - starts[i]), starts[i], options))
                break;
        }
    }

    public OpusContainer Container => OpusContainer.Mp4;

    public OpusHead Head => Current.Head;

    public OpusTags Tags => Current.Tags;

    public int Link { get; private set; }

    public ReadOnlySpan<byte> Packet => Current.Packet;

    public OpusPacketInfo PacketInfo => Current.PacketInfo with { Position = _origins[Link] + Current.PacketInfo.Position };

    public long Position => _origins[Link] + Current.Position;

    public long? Duration => _readers.All(reader => reader.Duration is not null) ? _readers.Sum(reader => reader.Duration) : null;

    public IReadOnlyList<OpusDefect> Defects =>
    [
        .. _defects.Listed
            .Concat(_readers.SelectMany(
                (reader, i) => reader.Defects.Select(defect => defect with { Offset = defect.Offset + _starts[i] })))
            .OrderBy(defect => defect.Offset)
            .Take(OpusDefectLog.MaxListed),
    ];

    public long DefectCount => _defects.Count + _readers.Sum(reader => reader.DefectCount);

    public long GapSamples => _readers.Sum(reader => reader.GapSamples);

    public bool CanSeek => true;

    private Mp4OpusReader Current => _readers[Link];

    /// <summary>Opens an input that is one file or several.</summary>
    public static IOpusPacketReader Open(Stream stream, OpusReaderOptions? options, bool leaveOpen)
    {
        var source = ByteSource.Open(stream, leaveOpen);
        try
        {
            return Open(source, options ?? new OpusReaderOptions());
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens an input that is one file or several. Never blocks on the stream.</summary>
    public static async Task<IOpusPacketReader> OpenAsync(
        Stream stream, OpusReaderOptions? options, bool leaveOpen, CancellationToken cancellationToken)
    {
        var source = await ByteSource.Open(stream, leaveOpen, isAsync: true, cancellationToken).ConfigureAwait(false);
        try
        {
            options ??= new OpusReaderOptions();
            return await source.WithoutWaitingAsync(() => Open(source, options), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!Current.Read())
        {
            if (!TryGoOn())
                return false;
        }

        return true;
    }

    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!await Current.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!TryGoOn())
                return false;
        }

        return true;
    }

    /// <remarks>How long a file is, is known once it was gone through.</remarks>
    public void Seek(long position, int preRoll = OpusPreRoll.Least)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!TryEnter(position))
        {
            while (Current.Read())
            {
            }

            Learn();
        }

        Current.Seek(position - _origins[Link], preRoll);
    }

    public async ValueTask SeekAsync(
        long position, int preRoll = OpusPreRoll.Least, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!TryEnter(position))
        {
            while (await Current.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
            }

            Learn();
        }

        await Current.SeekAsync(position - _origins[Link], preRoll, cancellationToken).ConfigureAwait(false);
    }

    public void ReportDefect(OpusDefectKind kind, string message) => Current.ReportDefect(kind, message);

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _source.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        return _source.DisposeAsync();
    }

    private static IOpusPacketReader Open(ByteSource source, OpusReaderOptions options)
    {
        var starts = Mp4Documents.Find(source);
        return starts.Count == 1 ? Mp4OpusReader.Open(source, options) : new Mp4ChainReader(source, starts, options);
    }

    // What is behind the first and cannot be read is left out.
    private bool TryOpen(ByteSource source, long start, OpusReaderOptions options)
    {
        try
        {
            _readers.Add(Mp4OpusReader.Open(source, options));
            _starts.Add(start);
            return true;
        }
        catch (VoiceFormatException exception) when (_readers.Count > 0 && !options.Strict)
        {
            _defects.Add(start, OpusDefectKind.BadStructure, $"It cannot be read: {exception.Message}");
            return false;
        }
    }

    private bool TryGoOn()
    {
        Learn();
        if (Link + 1 == _readers.Count)
            return false;
        Link++;
        Current.Seek(0);
        return true;
    }

    // The current one was read to its end.
    private void Learn()
    {
        if (_origins.Count == Link + 1)
            _origins.Add(_origins[Link] + Current.Position);
    }

    // Goes to the link that a position is in; false where its end has to be found first.
    private bool TryEnter(long position)
    {
        for (Link = 0; Link + 1 < _readers.Count; Link++)
        {
            if (Link + 1 == _origins.Count)
            {
                Current.Seek(0);
                return false;
            }

            if (position < _origins[Link + 1])
                return true;
        }

        return true;
    }
}
