using System.Globalization;
using System.Runtime.CompilerServices;

namespace VoiceKit.Opus;

/// <summary>Collects defects, up to a limit, or throws the first one.</summary>
internal sealed class OpusDefectLog(bool isStrict)
{
    /// <summary>A hostile file cannot make the list longer than this; the count goes on.</summary>
    public const int MaxListed = 1000;

    private readonly List<OpusDefect> _defects = [];
    private readonly List<(long Start, long End)> _known = [];

    public IReadOnlyList<OpusDefect> Listed => _defects;

    public long Count { get; private set; }

    /// <summary>Whether what is found is known already, as it is read once more.</summary>
    public bool IsMuted { get; set; }

    /// <summary>How far the log is.</summary>
    public OpusDefectMark Mark => new(_defects.Count, Count);

    private bool WantsMessage => !IsMuted && (isStrict || _defects.Count < MaxListed);

    /// <exception cref="VoiceFormatException">The log is strict.</exception>
    public void Add(long offset, OpusDefectKind kind, [InterpolatedStringHandlerArgument("")] ref Message message) =>
        Add(offset, kind, message.ToText());

    /// <exception cref="VoiceFormatException">The log is strict.</exception>
    public void Add(long offset, OpusDefectKind kind, string message)
    {
        if (!IsMuted && !IsKnown(offset))
            AddUnknown(offset, kind, message);
    }

    /// <summary>Adds what is known to be new, wherever it is.</summary>
    /// <exception cref="VoiceFormatException">The log is strict.</exception>
    public void AddUnknown(long offset, OpusDefectKind kind, string message)
    {
        if (isStrict)
            throw new VoiceFormatException(message, offset);
        Count++;
        if (_defects.Count < MaxListed)
            _defects.Add(new OpusDefect(offset, kind, message));
    }

    /// <summary>Takes back what was added since a mark.</summary>
    public void ReturnTo(OpusDefectMark mark)
    {
        _defects.RemoveRange(mark.Listed, _defects.Count - mark.Listed);
        Count = mark.Count;
    }

    /// <summary>Tells that a stretch has been read: what is found in it from now on is known.</summary>
    /// <param name="start">The offset of its first byte.</param>
    /// <param name="end">The offset behind its last.</param>
    public void Know(long start, long end)
    {
        if (start >= end)
            return;
        for (var i = _known.Count - 1; i >= 0; i--)
        {
            var other = _known[i];
            if (other.Start > end || other.End < start)
                continue;
            (start, end) = (Math.Min(start, other.Start), Math.Max(end, other.End));
            _known.RemoveAt(i);
        }

        _known.Add((start, end));
    }

    private bool IsKnown(long offset)
    {
        foreach (var (start, end) in _known)
        {
            if (offset >= start && offset < end)
                return true;
        }

        return false;
    }

    /// <summary>A message that is put together only when it will be seen, and the same in every culture.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private readonly bool _isWanted;
        private DefaultInterpolatedStringHandler _text;

        public Message(int literalLength, int formattedCount, OpusDefectLog log, out bool isWanted)
        {
            _isWanted = isWanted = log.WantsMessage;
            if (isWanted)
                _text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public string ToText() => _isWanted ? _text.ToStringAndClear() : "";
    }
}
