using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>
/// Reads Opus in MP4 or M4A ("Encapsulation of Opus in ISO Base Media File Format", ISO/IEC 14496-12), whole or fragmented: the
/// first Opus track. Heals by default and lists what it gets around in <see cref="Defects"/>. Allocates nothing per packet. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// <para>At the start, the edit list's media time is dropped; the pre-skip where there is no edit list, or one that starts at 0.
/// What is dropped is also the pre-skip of <see cref="Head"/>, if it fits there. At the end, what the edit list leaves out is
/// dropped, packets behind it entirely, and what the last sample lasts shorter than its packet.</para>
/// <para>Where the edit list plays several parts, what it leaves out between them is not heard: of its packets those that a
/// decoder needs to converge, 80 ms, are given to be dropped.</para>
/// <para>Packets are played one after the other. Gaps between their times are listed and counted, not filled.</para>
/// <para>Of the texts in the file 128 KiB are read at most.</para>
/// </remarks>
internal sealed class Mp4OpusReader : IOpusPacketReader, IOpusTable<Mp4OpusReader.Place>
{
    private const int StructureWindow = 4096;
    private const int DataWindow = 1 << 16;
    private const int MaxTextSize = 128 * 1024;

    private readonly ByteSource _source;
    private readonly ByteWindow _data;
    private readonly OpusDefectLog _defects;
    private readonly Mp4Track _track;
    private readonly Mp4SampleTable _table;
    private readonly Mp4FragmentTable _fragments;
    private readonly Mp4Timeline _timeline;

    private readonly OpusTableReading<Place> _reading;
    private Place _at;
    private long _packetAt;
    private int _packetSize;
    private bool _isDisposed;

    private Mp4OpusReader(ByteSource source, OpusReaderOptions options)
    {
        _source = source;
        _defects = new OpusDefectLog(options.Strict);
        _at.DataLeft = source.Length;
        _data = new ByteWindow(source, DataWindow);
        var window = new ByteWindow(source, StructureWindow);
        var movie = new Mp4Movie(source, window, _defects);
        _track = movie.Track;
        _table = new Mp4SampleTable(source, window, _track.SampleTable, _defects);
        _fragments = new Mp4FragmentTable(source, _track, movie.Box.End, _table.Duration, _defects);
        Tags = new Mp4Metadata(window, _defects, Math.Min(options.MaxTagsSize, MaxTextSize)).Read(movie.Box);
        _at.HasNext = TryReadSample(out _at.Next);
        var preSkip = _track.Entry.PreSkip;
        _timeline = new Mp4Timeline(TrueEdit(), _track.Timescale, preSkip, _at.HasNext ? _at.Next.Time : 0, _defects);
        _reading = new OpusTableReading<Place>(source, _defects, this);
        Head = _track.Entry.ToHead(_timeline.TrimStart <= ushort.MaxValue ? (int)_timeline.TrimStart : preSkip);
    }

    /// <inheritdoc/>
    public OpusContainer Container => OpusContainer.Mp4;

    /// <inheritdoc/>
    public OpusHead Head { get; }

    /// <summary>
    /// The texts that describe the file: of iTunes' or QuickTime's kind, named as in OpusTags; the encoder is the vendor.
    /// </summary>
    public OpusTags Tags { get; }

    /// <summary>Always 0: there are no links.</summary>
    public int Link => 0;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Packet => _reading.HasPacket ? _data.Get(_packetAt, _packetSize) : default;

    /// <inheritdoc/>
    public OpusPacketInfo PacketInfo => _reading.PacketInfo;

    /// <inheritdoc/>
    public IReadOnlyList<OpusDefect> Defects => _defects.Listed;

    /// <inheritdoc/>
    public long DefectCount => _defects.Count;

    /// <inheritdoc/>
    public long Position => _reading.Position;

    /// <inheritdoc/>
    /// <remarks>In fragments known once the end was read.</remarks>
    public long? Duration => _reading.Length ?? (_track.IsFragmented ? null : _timeline.LengthOf(_table.Duration));

    /// <summary>Always true: what cannot seek was read into memory.</summary>
    public bool CanSeek => true;

    /// <inheritdoc/>
    Place IOpusTable<Place>.Place
    {
        get => _at with { Table = _table.Current, Fragments = _fragments.Current, Time = _timeline.Current };
        set
        {
            _at = value;
            _table.Current = value.Table;
            _fragments.Current = value.Fragments;
            _timeline.Current = value.Time;
        }
    }

    /// <inheritdoc/>
    long IOpusTable<Place>.Position => _timeline.Position;

    /// <summary>
    /// How much time was left between packets so far, in samples at 48 kHz. It is not concealed. Up to 20 ms are taken for the
    /// inaccuracy of a recorder's clock.
    /// </summary>
    public long GapSamples => _timeline.Gaps;

    /// <summary>Opens what is one file; the source is disposed with the reader.</summary>
    internal static Mp4OpusReader Open(ByteSource source, OpusReaderOptions options) => new(source, options);

    /// <summary>Opens a file and reads its tables' beginnings.</summary>
    /// <param name="stream">
    /// MP4 from where the stream stands. A stream that can seek is read as needed; any other is read into memory as a whole.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no MP4, has no moov box, no Opus track, or an encrypted one; or it makes no head that RFC 7845 §5.1 allows.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Mp4OpusReader Open(Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false)
    {
        var source = ByteSource.Open(stream, leaveOpen);
        try
        {
            return new Mp4OpusReader(source, options ?? new OpusReaderOptions());
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file and reads its tables' beginnings. Never blocks on the stream.</summary>
    /// <param name="stream">
    /// MP4 from where the stream stands. A stream that can seek is read as needed; any other is read into memory as a whole.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no MP4, has no moov box, no Opus track, or an encrypted one; or it makes no head that RFC 7845 §5.1 allows.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<Mp4OpusReader> OpenAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        var source = await ByteSource.Open(stream, leaveOpen, isAsync: true, cancellationToken).ConfigureAwait(false);
        try
        {
            options ??= new OpusReaderOptions();
            return await source.WithoutWaitingAsync(
                () => new Mp4OpusReader(source, options), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Read()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _reading.Read();
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _reading.ReadAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The packets up to there are gone through once; places that are known from then on are gone to at once.</remarks>
    public void Seek(long position, int preRoll = OpusPreRoll.Least)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _reading.Seek(position, preRoll);
    }

    /// <inheritdoc/>
    /// <remarks>See <see cref="Seek"/>: it is the next read that waits.</remarks>
    public ValueTask SeekAsync(long position, int preRoll = OpusPreRoll.Least, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Seek(position, preRoll);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void ReportDefect(OpusDefectKind kind, string message) => _defects.AddUnknown(_packetAt, kind, message);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _source.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        return _source.DisposeAsync();
    }

    /// <inheritdoc/>
    OpusTableStep IOpusTable<Place>.Next(out OpusPacketInfo info)
    {
        info = default;
        if (!_at.HasNext)
            return OpusTableStep.End;
        var sample = _at.Next;
        _at.HasNext = TryReadSample(out _at.Next);
        if (!TryGetPacket(sample, out var duration))
            return OpusTableStep.Skipped;
        if (!_timeline.TryPlace(sample, duration, !_at.HasNext, out info, out var isCutOut))
        {
            _at.HasNext = false;
            return OpusTableStep.End;
        }

        if (isCutOut)
            return OpusTableStep.Skipped;

        (_packetAt, _packetSize) = (sample.Offset, (int)sample.Size);
        return OpusTableStep.Packet;
    }

    // An end that is within a tick of the movie's clock of the samples' own end is that end, only rounded. And one that is the
    // end of the samples in moov says nothing where more samples come in fragments.
    private Mp4Edit TrueEdit()
    {
        var edit = _track.Edit;
        if (edit.Exists && !_track.IsFragmented && _table.Duration > 0 && edit.Start >= _table.Duration)
        {
            const string What = "The edit list begins behind the end of the sound.";
            _defects.Add(_track.SampleTable.Start, OpusDefectKind.BadStructure, What);
            return Mp4Edit.None;
        }

        var isEndOfTable = edit.End != long.MaxValue && Math.Abs(edit.End - _table.Duration) <= edit.Tolerance;
        if (isEndOfTable)
            edit = edit with { End = _track.IsFragmented ? long.MaxValue : _table.Duration };
        return edit;
    }

    // The samples of a file share no bytes; tables that make more of them than there is input would have no end.
    private bool TryReadSample(out Mp4Sample sample)
    {
        sample = default;
        if (_at.DataLeft < 0)
            return false;
        if (!_at.IsInFragments && !_table.TryNext(out sample))
            _at.IsInFragments = true;
        if (_at.IsInFragments && !_fragments.TryNext(out sample))
            return false;
        _at.DataLeft -= sample.Size;
        if (_at.DataLeft >= 0)
            return true;
        var at = Math.Clamp(sample.Offset, 0, _source.Length);
        _defects.Add(at, OpusDefectKind.BadStructure, "The samples add up to more bytes than the input has.");
        return false;
    }

    private bool TryGetPacket(Mp4Sample sample, out int duration)
    {
        duration = 0;
        if (sample.Offset < 0 || sample.Offset > _source.Length - sample.Size)
        {
            ReportMissing(sample);
            return false;
        }

        _at.IsMissingData = false;
        if (sample.Size > OpusPacket.MaxSizePerStream * Head.StreamCount)
        {
            _defects.Add(sample.Offset, OpusDefectKind.OversizedPacket, $"A packet of {sample.Size} bytes (RFC 7845 §6).");
            return false;
        }

        var packet = _data.Get(sample.Offset, (int)sample.Size);
        var fault = OpusPacketLayout.ReadDuration(packet, Head.StreamCount, out duration);
        if (fault == OpusPacketFault.None)
            return true;
        _defects.Add(sample.Offset, OpusDefectKind.MalformedPacket, $"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}");
        return false;
    }

    // Said once for a row of them.
    private void ReportMissing(Mp4Sample sample)
    {
        if (_at.IsMissingData)
            return;
        _at.IsMissingData = true;
        var where = sample.Offset < 0 ? "begins before the input's start" : "reaches behind the input's end";
        _defects.Add(_source.Length, OpusDefectKind.Truncated, $"A packet at {sample.Offset} {where}.");
    }

    /// <summary>A place among the samples.</summary>
    internal struct Place
    {
        public Mp4SampleTable.Place Table;
        public Mp4FragmentTable.Place Fragments;
        public Mp4Timeline.Place Time;

        // The sample that comes next is known before, since the last one is treated in its own way.
        public Mp4Sample Next;
        public bool HasNext;
        public bool IsInFragments;
        public long DataLeft;
        public bool IsMissingData;
    }
}
