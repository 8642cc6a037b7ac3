using System.Collections;

namespace VoiceKit.Ogg;

/// <summary>
/// Links in pieces: a list that grows by copying takes three times what is in it, and a chained file can have as many links as it
/// has hundreds of bytes.
/// </summary>
internal sealed class OggOpusLinkList : IReadOnlyList<OggOpusLinkPlace>
{
    private const int FirstPiece = 4;
    private const int Piece = 256;

    private readonly List<OggOpusLinkPlace[]> _pieces = [];

    public int Count { get; private set; }

    public OggOpusLinkPlace this[int index]
    {
        get => PlaceOf(index);
        set => PlaceOf(index) = value;
    }

    public void Add(OggOpusLinkPlace link)
    {
        if (Count == 0)
            _pieces.Add(new OggOpusLinkPlace[FirstPiece]);
        else if (Count >= FirstPiece && (Count - FirstPiece) % Piece == 0)
            _pieces.Add(new OggOpusLinkPlace[Piece]);
        PlaceOf(Count) = link;
        Count++;
    }

    public IEnumerator<OggOpusLinkPlace> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return PlaceOf(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ref OggOpusLinkPlace PlaceOf(int index)
    {
        var isFirst = index < FirstPiece;
        return ref isFirst ? ref _pieces[0][index] : ref _pieces[1 + (index - FirstPiece) / Piece][(index - FirstPiece) % Piece];
    }
}
