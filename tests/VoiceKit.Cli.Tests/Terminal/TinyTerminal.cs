using System.Text;

namespace VoiceKit.Cli.Tests.Terminal;

/// <summary>A terminal as far as rows need one: it wraps, breaks long lines anew when it gets narrower, and erases.</summary>
internal sealed class TinyTerminal(int columns) : StringWriter
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _line;
    private int _column;

    public int Columns { get; private set; } = columns;

    public bool HasCursor { get; private set; } = true;

    public string[] Lines => [.. _lines.Select(line => line.ToString().TrimEnd())];

    public override void Write(string? value)
    {
        for (var i = 0; i < value!.Length; i++)
        {
            if (value[i] == '\u001b')
                i = Escape(value, i + 2);
            else
                Put(value[i]);
        }
    }

    /// <summary>Changes the width; the cursor stays with the character that it is at.</summary>
    public void Resize(int columns)
    {
        Columns = columns;
        for (var i = 0; i < _lines.Count; i++)
        {
            var line = _lines[i];
            if (line.Length <= columns)
                continue;
            _lines.Insert(i + 1, new StringBuilder(line.ToString(columns, line.Length - columns)));
            line.Length = columns;
            if (_line > i)
                _line++;
            else if (_line == i && _column >= columns)
                (_line, _column) = (_line + 1, _column - columns);
        }
    }

    private void Put(char c)
    {
        switch (c)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                (_line, _column) = (_line + 1, 0);
                AddLine();
                break;
            default:
                Assert.False(char.IsControl(c), $"U+{(int)c:X4}");
                if (_column == Columns)
                    Put('\n');
                var line = _lines[_line];
                line.Append(' ', Math.Max(0, _column + 1 - line.Length));
                line[_column++] = c;
                break;
        }
    }

    private int Escape(string text, int i)
    {
        var end = text.AsSpan(i).IndexOfAnyInRange('A', 'z') + i;
        switch (text[i..(end + 1)])
        {
            case "?7l" or "?7h":
                break; // Whether long lines wrap, of which there are none then.
            case [.. var up, 'A']:
                _line = Math.Max(0, _line - int.Parse(up));
                break;
            case "K":
                _lines[_line].Length = Math.Min(_lines[_line].Length, _column);
                break;
            case "J":
                _lines[_line].Length = Math.Min(_lines[_line].Length, _column);
                _lines.RemoveRange(_line + 1, _lines.Count - _line - 1);
                break;
            case "?25l" or "?25h":
                HasCursor = text[end] == 'h';
                break;
            default:
                Assert.Equal('m', text[end]);
                break;
        }

        return end;
    }

    private void AddLine()
    {
        if (_line == _lines.Count)
            _lines.Add(new StringBuilder());
    }
}
