namespace VoiceKit.WebM;

/// <summary>The elements that are open: each is a child of the one before.</summary>
internal sealed class MatroskaStack
{
    /// <summary>Segment, Tracks, TrackEntry, ContentEncodings, ContentEncoding, ContentCompression are the deepest.</summary>
    private const int MaxDepth = 8;

    private readonly (uint Id, long End, bool IsOpen)[] _elements = new (uint, long, bool)[MaxDepth];

    public int Depth { get; private set; }

    /// <summary>The ID of the innermost element; 0 when there is none.</summary>
    public uint Top => Depth == 0 ? 0 : _elements[Depth - 1].Id;

    /// <summary>Where the innermost element ends at the latest; no element ends beyond its parent.</summary>
    public long End => Depth == 0 ? long.MaxValue : _elements[Depth - 1].End;

    /// <summary>Whether the innermost element's size is unknown: one that cannot be its child ends it.</summary>
    public bool IsOpen => Depth == 0 || _elements[Depth - 1].IsOpen;

    /// <summary>Whether the innermost element ends at an offset.</summary>
    public bool EndsAt(long offset) => Depth > 0 && _elements[Depth - 1].End <= offset;

    public void Push(uint id, long end, bool isOpen)
    {
        var last = Math.Min(end, End);
        _elements[Depth++] = (id, last, isOpen);
    }

    public void Pop() => Depth--;

    /// <summary>The elements around the innermost one, as they are now.</summary>
    public MatroskaStack CopyParents()
    {
        var copy = new MatroskaStack();
        copy.CopyFrom(this, Depth - 1);
        return copy;
    }

    /// <summary>Whether these are the elements around the innermost one of another stack.</summary>
    public bool AreParentsOf(MatroskaStack other) =>
        Depth == other.Depth - 1 && _elements.AsSpan(0, Depth).SequenceEqual(other._elements.AsSpan(0, Depth));

    /// <summary>Becomes like another.</summary>
    public void CopyFrom(MatroskaStack other) => CopyFrom(other, other.Depth);

    private void CopyFrom(MatroskaStack other, int depth)
    {
        other._elements.AsSpan(0, depth).CopyTo(_elements);
        Depth = depth;
    }

    public void Clear() => Depth = 0;

    /// <summary>Gives the innermost element, whose size proves wrong, an unknown one.</summary>
    public void OpenTop() => _elements[Depth - 1] = (Top, long.MaxValue, true);

    /// <summary>Where the direct child of the segment that is open ends.</summary>
    public long TopLevelEnd => Depth < 2 ? long.MaxValue : _elements[1].End;

    /// <summary>The direct child of the segment that is open; 0 when there is none.</summary>
    public uint TopLevel => Depth < 2 ? 0 : _elements[1].Id;
}
