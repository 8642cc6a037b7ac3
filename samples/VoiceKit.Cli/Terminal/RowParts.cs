namespace VoiceKit.Cli.Terminal;

/// <summary>The parts of a row that are there only where there is room for them: the most important first.</summary>
internal sealed class RowParts
{
    // Fewer bars than these are no picture; parts that would leave fewer are left out.
    private const int LeastBars = 12;

    private readonly List<(string Text, int Place)> _parts = [];
    private int _room;

    /// <summary>Begins with what is left when all that must be there is.</summary>
    public RowParts(int room) => _room = room - LeastBars;

    /// <summary>Takes the part in if there is room for it.</summary>
    /// <param name="text">The part, with the blanks before it.</param>
    /// <param name="place">Where it stands among the others: by rising place from left to right.</param>
    /// <returns>Whether it is in.</returns>
    public bool Offer(string text, int place)
    {
        if (text.Length > _room)
            return false;
        _room -= text.Length;
        _parts.Add((text, place));
        return true;
    }

    /// <summary>The columns that the parts take.</summary>
    public int Width => _parts.Sum(part => part.Text.Length);

    public IEnumerable<string> InOrder() => _parts.OrderBy(part => part.Place).Select(part => part.Text);
}
