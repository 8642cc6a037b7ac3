using System.Text;

namespace VoiceKit.Cli.Terminal;

/// <summary>Puts a row together; what goes beyond its width is cut off. Each of its characters takes one column.</summary>
internal sealed class RowBuilder(int width, TerminalStyle style)
{
    private readonly StringBuilder _text = new();

    /// <summary>The columns that are left.</summary>
    public int Room { get; private set; } = width;

    public TerminalStyle Style => style;

    public void Append(ReadOnlySpan<char> text, string? markup = null)
    {
        text = text[..Math.Min(text.Length, Room)];
        if (text.IsEmpty)
            return;
        Room -= text.Length;
        if (markup is null || !style.HasColor)
            _text.Append(text);
        else
            _text.Append(markup).Append(text).Append(TerminalStyle.Reset);
    }

    public override string ToString() => _text.ToString();
}
