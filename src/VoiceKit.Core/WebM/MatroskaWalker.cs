using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.WebM;

/// <summary>
/// Walks over the elements of WebM or Matroska (RFC 8794, RFC 9559) in bytes that arrive piece by piece, descends to those that
/// are needed, and passes over all others without keeping them. Where the structure is broken it goes on with what can be found.
/// </summary>
internal sealed class MatroskaWalker : IDisposable
{
    /// <summary>How far into the input the first element may be, and how far behind damage the Tracks.</summary>
    private const int MaxJunk = 256 * 1024;

    /// <summary>What is longer and has an unknown ID, outside of an element whose end is known, is damage.</summary>
    private const int MaxUnknownSize = 64 * 1024;

    /// <summary>The longest data that is read of an element that is neither text nor a block.</summary>
    private const int MaxDataSize = 64 * 1024;

    /// <summary>Documents behind each other in one file: more than a few are no recording.</summary>
    private const int MaxDocuments = 256;

    private readonly IMatroskaHandler _handler;
    private readonly OpusDefectLog _defects;
    private readonly int _maxTextSize;
    private readonly EbmlWindow _window = new();
    private readonly MatroskaStack _stack = new();
    private MatroskaStack? _parents;
    private readonly byte[] _leadingBytes = new byte[MediaNames.Length];
    private int _leadingCount;
    private int _maxIdLength = EbmlHeader.DefaultMaxIdLength;
    private int _documents;
    private long _elementOffset;
    private uint _elementId;

    // The search at the start finds the first element, later ones go on behind damage.
    private bool _isSearching = true;
    private long _searchStart;
    private bool _isEnded;

    public MatroskaWalker(IMatroskaHandler handler, OpusDefectLog defects, int maxTextSize)
    {
        _handler = handler;
        _defects = defects;
        _maxTextSize = maxTextSize;
    }

    /// <summary>Whether the first cluster has begun.</summary>
    public bool SawCluster { get; private set; }

    /// <summary>Whether anything of WebM or Matroska was found.</summary>
    public bool SawDocument { get; private set; }

    /// <summary>Whether the walk has come to the end.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>How many bytes are behind the walk.</summary>
    public long Offset => _window.Offset;

    /// <summary>The first bytes of the input.</summary>
    public ReadOnlySpan<byte> LeadingBytes => _leadingBytes.AsSpan(0, _leadingCount);

    public Memory<byte> GetFreeSpace() => _window.GetFreeSpace();

    public void Advance(int count)
    {
        _window.Advance(count);
        var missing = Math.Min(count, _leadingBytes.Length - _leadingCount);
        if (missing > 0 && _window.Offset + _window.Pending.Length - count == _leadingCount)
        {
            _window.Pending.Slice(_window.Pending.Length - count, missing).CopyTo(_leadingBytes.AsSpan(_leadingCount));
            _leadingCount += missing;
        }
    }

    /// <summary>The cluster that has just begun, as a place to come back to.</summary>
    /// <param name="offset">Its offset.</param>
    public MatroskaPlace PlaceAt(long offset)
    {
        // Clusters have the same parents mostly: they are copied once.
        if (_parents?.AreParentsOf(_stack) != true)
            _parents = _stack.CopyParents();
        return new MatroskaPlace(offset, _parents, _documents, _maxIdLength);
    }

    /// <summary>Goes back, or ahead, to a cluster.</summary>
    public void Seek(MatroskaPlace place)
    {
        _window.Seek(place.Offset);
        _stack.CopyFrom(place.Parents);
        (_documents, _maxIdLength) = (place.Documents, place.MaxIdLength);
        _isSearching = _isEnded = false;
    }

    /// <summary>Goes over one element, or a part of the way. Must not be called while the handler has packets.</summary>
    public WebMReadStatus Step()
    {
        if (_isEnded)
            return WebMReadStatus.End;
        if (!_window.CompleteSkip() || (_isSearching && !Search()))
            return Starve();
        if (CloseEnded())
            return WebMReadStatus.Ready;

        switch (EbmlHeader.Read(_window.Pending, _maxIdLength, out var element))
        {
            case EbmlStatus.Incomplete:
                return Starve();
            case EbmlStatus.Broken:
                Lose("There is no element where one should begin.");
                return WebMReadStatus.Ready;
            default:
                return CloseFor(element.Id) ? WebMReadStatus.Ready : Enter(element);
        }
    }

    public void Dispose()
    {
        _isEnded = true;
        _window.Dispose();
    }

    private WebMReadStatus Starve()
    {
        if (!_window.IsComplete)
            return WebMReadStatus.NeedData;
        _isEnded = true;
        if (!_isSearching)
            ReportTruncation();
        CloseDownTo(0);
        return _handler.HasPackets ? WebMReadStatus.Ready : WebMReadStatus.End;
    }

    private void ReportTruncation()
    {
        if (_window.IsSkipping)
            _defects.Add(_elementOffset, OpusDefectKind.Truncated, $"The input ends within {EbmlId.NameOf(_elementId)}.");
        else if (!_window.Pending.IsEmpty)
            _defects.Add(Offset, OpusDefectKind.Truncated, "The input ends within an element.");
        else if (!_stack.IsOpen && !_stack.EndsAt(Offset))
            _defects.Add(Offset, OpusDefectKind.Truncated, $"The input ends within {EbmlId.NameOf(_stack.Top)}.");
    }

    // True when a block has become whole, whose packets come before all else.
    private bool CloseEnded()
    {
        while (_stack.EndsAt(Offset))
            Close();
        return _handler.HasPackets;
    }

    // A top-level element ends whatever is open: of unknown size by rule (RFC 8794 §6.2), of a known size that is wrong.
    private bool CloseFor(uint id)
    {
        var depth = EbmlId.IsRoot(id) ? 0 : EbmlId.IsTopLevel(id) ? 1 : int.MaxValue;
        if (_stack.Depth <= depth)
            return false;
        if (!_stack.IsOpen)
        {
            _defects.Add(
                Offset, OpusDefectKind.BadStructure, $"{EbmlId.NameOf(id)} begins within {EbmlId.NameOf(_stack.Top)}.");
        }

        CloseDownTo(depth);
        return _handler.HasPackets;
    }

    private void CloseDownTo(int depth)
    {
        while (_stack.Depth > depth)
            Close();
    }

    private void Close()
    {
        var id = _stack.Top;
        _stack.Pop();
        _handler.End(id);
    }

    private WebMReadStatus Enter(EbmlHeader element)
    {
        var id = element.Id;
        _elementOffset = Offset;
        _elementId = id;
        OpenMissingParent(id);
        if (!Fits(element))
        {
            Lose($"{EbmlId.NameOf(id)} has a size that cannot be.");
            return WebMReadStatus.Ready;
        }

        var parent = _stack.Top;
        if (id is EbmlId.SimpleBlock or EbmlId.Block && parent == (id == EbmlId.Block ? EbmlId.BlockGroup : EbmlId.Cluster))
            return EnterBlock(element);
        if (MatroskaSchema.IsRead(parent, id))
            return EnterData(element);
        if (MatroskaSchema.IsDescended(parent, id))
            Descend(element);
        else
            PassOver(element);
        return WebMReadStatus.Ready;
    }

    // Where a segment's or cluster's size is too small, its children stand outside of it.
    private void OpenMissingParent(uint id)
    {
        var isSegmentMissing = _stack.Depth == 0 && EbmlId.IsTopLevel(id);
        var isClusterMissing = _stack.Top == EbmlId.Segment && SawCluster && EbmlId.IsInCluster(id);
        if (!isSegmentMissing && !isClusterMissing)
            return;
        var missing = isSegmentMissing ? EbmlId.Segment : EbmlId.Cluster;
        _defects.Add(
            Offset, OpusDefectKind.BadStructure, $"{EbmlId.NameOf(id)} stands outside of a {EbmlId.NameOf(missing)}.");
        _stack.Push(missing, long.MaxValue, isOpen: true);
    }

    private bool Fits(EbmlHeader element)
    {
        var id = element.Id;
        if (element.DataSize == EbmlHeader.UnknownSize)
            return id is EbmlId.Segment or EbmlId.Cluster; // The only ones that may (RFC 9559 §5.1, §5.1.3).
        if (_stack.Depth == 0)
            return EbmlId.IsRoot(id) || EbmlId.IsGlobal(id);
        if (element.DataSize <= _stack.End - Offset - element.Length)
            return true;
        if (_stack.Top != EbmlId.Segment || !EbmlId.IsTopLevel(id))
            return false;
        _defects.Add(Offset, OpusDefectKind.BadStructure, $"{EbmlId.NameOf(id)} reaches beyond the end of its Segment.");
        _stack.OpenTop();
        return true;
    }

    private void Descend(EbmlHeader element)
    {
        var id = element.Id;
        if (id == EbmlId.Ebml)
            BeginDocument();
        var isOpen = element.DataSize == EbmlHeader.UnknownSize;
        var offset = Offset;
        _window.Consume(element.Length);
        _stack.Push(id, isOpen ? long.MaxValue : Offset + element.DataSize, isOpen);
        SawCluster |= id == EbmlId.Cluster;
        _handler.Begin(id, offset);
    }

    private void BeginDocument()
    {
        if (++_documents > MaxDocuments)
            throw new VoiceFormatException($"More than {MaxDocuments} WebM documents stand behind each other.", Offset);
        if (_documents > 1)
            _defects.Add(Offset, OpusDefectKind.BadStructure, "Another WebM document begins: it is a link of its own.");
        SawDocument = true;
        _maxIdLength = EbmlHeader.DefaultMaxIdLength;
        _handler.BeginDocument();
    }

    private WebMReadStatus EnterBlock(EbmlHeader element)
    {
        var needed = (int)Math.Min(element.DataSize, MatroskaBlock.MaxHeaderLength);
        var data = _window.Pending[element.Length..];
        if (data.Length < needed)
            return Starve();
        if (!MatroskaBlock.TryReadHeader(data[..needed], out var track, out _, out _))
        {
            _defects.Add(Offset, OpusDefectKind.BadStructure, "A block is too short for its header.");
            PassOver(element);
        }
        else if (!_handler.IsForTrack(track))
        {
            PassOver(element);
        }
        else if (element.DataSize > _handler.MaxBlockSize)
        {
            _defects.Add(Offset, OpusDefectKind.OversizedPacket, $"A block of {element.DataSize} bytes.");
            PassOver(element);
        }
        else
        {
            var size = (int)element.DataSize;
            if (data.Length < size)
                return Starve();
            _window.Consume(element.Length);
            _handler.TakeBlock(element.Id, _window.Buffer, _window.Start, size, _elementOffset);
            _window.Consume(size);
        }

        return WebMReadStatus.Ready;
    }

    private WebMReadStatus EnterData(EbmlHeader element)
    {
        var (parent, id) = (_stack.Top, element.Id);
        var isText = MatroskaSchema.IsText(id);
        if (MatroskaSchema.IsNumber(id) && element.DataSize > sizeof(ulong))
        {
            Lose($"{EbmlId.NameOf(id)}, a number, has {element.DataSize} bytes.");
            return WebMReadStatus.Ready;
        }

        if (element.DataSize > (isText ? _maxTextSize : MaxDataSize))
        {
            if (isText)
                _handler.TryReserveText(element.DataSize, Offset);
            PassOver(element);
            return WebMReadStatus.Ready;
        }

        var size = (int)element.DataSize;
        if (_window.Pending.Length - element.Length < size)
            return Starve();
        var data = _window.Pending.Slice(element.Length, size);
        _window.Consume(element.Length + size);
        if (id == EbmlId.EbmlMaxIdLength)
            _maxIdLength = (int)Math.Clamp(EbmlHeader.ReadBigEndian(data), EbmlHeader.DefaultMaxIdLength, sizeof(ulong));
        else if (!isText || _handler.TryReserveText(size, _elementOffset))
            _handler.Take(parent, id, data, _elementOffset + element.Length);
        return WebMReadStatus.Ready;
    }

    private void PassOver(EbmlHeader element)
    {
        var isBounded = _stack.Depth > 1 && _stack.TopLevel != EbmlId.Cluster;
        if (!isBounded && !MatroskaSchema.IsKnown(element.Id) && element.DataSize > MaxUnknownSize)
        {
            Lose($"An unknown element ({element.Id:X}) of {element.DataSize} bytes.");
            return;
        }

        _window.Consume(element.Length);
        _window.Skip(element.DataSize);
    }

    // In the headers the element around the damage is left. In the audio no size can be trusted: the next cluster is looked for.
    private void Lose(string message)
    {
        _defects.Add(Offset, OpusDefectKind.BadStructure, message);
        var end = _stack.TopLevelEnd;
        var isInHeaders = _stack.TopLevel is not (0 or EbmlId.Cluster) && end != long.MaxValue;
        CloseDownTo(isInHeaders ? 1 : 0);
        if (isInHeaders)
        {
            _window.Skip(end - Offset);
            return;
        }

        _window.Consume(1);
        _isSearching = true;
        _searchStart = Offset;
    }

    private bool Search()
    {
        var status = MatroskaSearch.Find(_window, _handler.HasTrack, out var id);
        if (!_handler.HasTrack && Offset - _searchStart > MaxJunk)
            throw _handler.NotReadable();
        if (status != EbmlStatus.Valid)
            return false;
        if (_searchStart == 0 && Offset > 0 && !SawDocument)
            _defects.Add(0, OpusDefectKind.Junk, $"{Offset} bytes that are no WebM or Matroska.");
        SawDocument = true;
        _isSearching = false;
        _stack.Clear();
        if (id != EbmlId.Ebml)
            _stack.Push(EbmlId.Segment, long.MaxValue, isOpen: true);
        return true;
    }
}
