using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>
/// Reads Opus in CAF (Apple Core Audio Format Specification 1.0). Heals by default and lists what it gets around in
/// <see cref="Defects"/>. Allocates nothing per packet. Not thread-safe.
/// </summary>
/// <remarks>
/// <para>The priming frames of the packet table are dropped at the start, the remainder frames at the end. They count at the
/// file's sample rate, and so does a packet's duration; where that is the packet's own duration at 48 kHz, all counts are taken
/// for such. How long a packet is, its own bytes tell. A file without a packet table can be read only if its packets have one
/// size.</para>
/// <para>Of the texts in the file 128 KiB are read at most.</para>
/// </remarks>
internal sealed class CafOpusReader : IOpusPacketReader, IOpusTable<CafOpusReader.Place>
{
    private const int StructureWindow = 4096;
    private const int DataWindow = 1 << 16;
    private const int MaxTextSize = 128 * 1024;

    private readonly ByteSource _source;
    private readonly ByteWindow _data;
    private readonly OpusDefectLog _defects;
    private readonly CafFile _file;
    private readonly CafPacketReader _packets;
    private readonly CafEnd _end;
    private readonly OpusTableReading<Place> _reading;
    private Place _at;
    private long _packetAt;
    private int _packetSize;
    private bool _isDisposed;

    private CafOpusReader(ByteSource source, OpusReaderOptions options)
    {
        _source = source;
        _defects = new OpusDefectLog(options.Strict);
        _data = new ByteWindow(source, DataWindow);
        var window = new ByteWindow(source, StructureWindow);
        _file = new CafFile(source, window, _defects);
        _packets = new CafPacketReader(source, _file);
        Rate = FindRate(window);
        _at.SkipLeft = (int)Math.Min(ToSamples(_file.PrimingFrames), int.MaxValue);
        _end = CafEnd.Find(source, _file, ToSamples(_file.RemainderFrames), _defects);
        _reading = new OpusTableReading<Place>(source, _defects, this);
        Head = new OpusHead(_file.Channels, Math.Min(_at.SkipLeft, ushort.MaxValue), (int)Math.Round(_file.SampleRate));
        Tags = ReadTags(new ByteWindow(source, StructureWindow), Math.Min(options.MaxTagsSize, MaxTextSize));
    }

    /// <inheritdoc/>
    public OpusContainer Container => OpusContainer.Caf;

    /// <inheritdoc/>
    public OpusHead Head { get; }

    /// <summary>The texts of the information chunk, named as in OpusTags; the encoding application is the vendor.</summary>
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
    /// <remarks>Without a packet table known once the end was read.</remarks>
    public long? Duration => _reading.Length ?? (_file.HasTable && _file.ValidFrames >= 0 ? ToSamples(_file.ValidFrames) : null);

    /// <summary>Always true: what cannot seek was read into memory.</summary>
    public bool CanSeek => true;

    /// <inheritdoc/>
    Place IOpusTable<Place>.Place
    {
        get => _at with { Packets = _packets.Current };
        set
        {
            _at = value;
            _packets.Current = value.Packets;
        }
    }

    /// <inheritdoc/>
    long IOpusTable<Place>.Position => _at.Position;

    /// <summary>What the counts of the file are in, per second.</summary>
    private double Rate { get; }

    /// <summary>Opens a file and reads its chunks.</summary>
    /// <param name="stream">
    /// CAF from where the stream stands. A stream that can seek is read as needed; any other is read into memory as a whole.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no CAF, or has no Opus; has more than two channels; or has no packet table although its packets differ in
    /// size.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static CafOpusReader Open(Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false)
    {
        var source = ByteSource.Open(stream, leaveOpen);
        try
        {
            return new CafOpusReader(source, options ?? new OpusReaderOptions());
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file and reads its chunks. Never blocks on the stream.</summary>
    /// <param name="stream">
    /// CAF from where the stream stands. A stream that can seek is read as needed; any other is read into memory as a whole.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no CAF, or has no Opus; has more than two channels; or has no packet table although its packets differ in
    /// size.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<CafOpusReader> OpenAsync(
        Stream stream, OpusReaderOptions? options = null, bool leaveOpen = false, CancellationToken cancellationToken = default)
    {
        var source = await ByteSource.Open(stream, leaveOpen, isAsync: true, cancellationToken).ConfigureAwait(false);
        try
        {
            options ??= new OpusReaderOptions();
            return await source.WithoutWaitingAsync(
                () => new CafOpusReader(source, options), cancellationToken).ConfigureAwait(false);
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
        if (_at.IsAtEnd)
            return OpusTableStep.End;
        if (!_packets.TryNext(out var packet))
            return End();
        if (packet.Offset <= _file.DataEnd - packet.Size)
            return TryPlace(packet, out info) ? OpusTableStep.Packet : OpusTableStep.Skipped;
        _defects.Add(packet.Offset, OpusDefectKind.Truncated, $"A packet of {packet.Size} bytes is cut off.");
        _at.IsAtEnd = true;
        return OpusTableStep.End;
    }

    private OpusTableStep End()
    {
        ReportCutOff();
        _at.IsAtEnd = true;
        return OpusTableStep.End;
    }

    private bool TryPlace(CafPacket packet, out OpusPacketInfo info)
    {
        info = default;
        if (packet.Size > OpusPacket.MaxSizePerStream)
        {
            _defects.Add(packet.Offset, OpusDefectKind.OversizedPacket, $"A packet of {packet.Size} bytes (RFC 7845 §6).");
            return false;
        }

        var fault = OpusPacketLayout.ReadDuration(_data.Get(packet.Offset, (int)packet.Size), 1, out var duration);
        if (fault != OpusPacketFault.None)
        {
            _defects.Add(
                packet.Offset, OpusDefectKind.MalformedPacket, $"Malformed Opus packet: {OpusPacketLayout.Describe(fault)}");
            return false;
        }

        CheckDuration(packet, duration);
        var start = Math.Min(_at.SkipLeft, duration);
        _at.SkipLeft -= start;
        var end = Math.Min(_end.TrimOf(_packets.Count - 1, duration), duration - start);
        info = new OpusPacketInfo(_at.Position, duration, start, end, 0);
        _at.Position += info.Playable;
        (_packetAt, _packetSize) = (packet.Offset, (int)packet.Size);
        return true;
    }

    private void CheckDuration(CafPacket packet, int duration)
    {
        if (_at.ReportedDuration || Math.Abs(ToSamples(packet.Frames) - duration) <= 1)
            return;
        _at.ReportedDuration = true;
        var at = _file.FramesPerPacket == 0 ? packet.Offset : _file.DescriptionAt;
        _defects.Add(at, OpusDefectKind.BadTimestamp, $"A packet of {packet.Frames} frames lasts {duration} samples at 48 kHz.");
    }

    private void ReportCutOff()
    {
        if (!_packets.IsCutOff)
            return;
        _defects.Add(
            _file.EntriesEnd, OpusDefectKind.Truncated, $"The table ends after {_packets.Count} of {_file.PacketCount} packets.");
    }

    // Opus always decodes at 48 kHz, and some write its durations so whatever the rate of the file.
    private double FindRate(ByteWindow window)
    {
        if (!new CafPacketReader(_source, _file).TryNext(out var first) || first.Size > OpusPacket.MaxSizePerStream)
            return _file.SampleRate;
        OpusPacketLayout.ReadDuration(window.Get(first.Offset, (int)first.Size), 1, out var duration);
        return duration == first.Frames ? OpusRates.Full : _file.SampleRate;
    }

    private long ToSamples(long frames) => (long)Math.Round(frames * (OpusRates.Full / Rate));

    private OpusTags ReadTags(ByteWindow window, int maxSize)
    {
        if (_file.InformationAt == 0)
            return new OpusTags("");
        var size = (int)Math.Min(_file.InformationEnd - _file.InformationAt, maxSize);
        var tags = CafInformation.Read(window.Get(_file.InformationAt, size), maxSize, out var fault);
        if (fault is not null)
            _defects.Add(_file.InformationAt, OpusDefectKind.BadTags, $"Information chunk: {fault}.");
        return tags;
    }

    /// <summary>A place among the packets.</summary>
    internal struct Place
    {
        public CafPacketReader.Place Packets;
        public long Position;
        public int SkipLeft;
        public bool ReportedDuration;
        public bool IsAtEnd;
    }
}
