using System.Globalization;
using System.Runtime.CompilerServices;

namespace VoiceKit.Containers;

/// <summary>Collects defects, up to a limit, or throws the first one.</summary>
internal sealed class OpusDefectLog(bool isStrict)
{
    /// <summary>A hostile file cannot make the list longer than this; the count goes on.</summary>
    public const int MaxListed = 1000;

    private readonly List<OpusDefect> _defects = [];

    public IReadOnlyList<OpusDefect> Listed => _defects;

    public long Count { get; private set; }

    /// <summary>Defects before this offset are known: the input has been read up to there before.</summary>
    public long KnownUntil { get; set; }

    private bool WantsMessage => isStrict || _defects.Count < MaxListed;

    /// <exception cref="VoiceFormatException">The log is strict.</exception>
    public void Add(long offset, OpusDefectKind kind, [InterpolatedStringHandlerArgument("")] ref Message message) =>
        Add(offset, kind, message.ToText());

    /// <exception cref="VoiceFormatException">The log is strict.</exception>
    public void Add(long offset, OpusDefectKind kind, string message)
    {
        if (offset < KnownUntil)
            return;
        if (isStrict)
            throw new VoiceFormatException(message, offset);
        Count++;
        if (_defects.Count < MaxListed)
            _defects.Add(new OpusDefect(offset, kind, message));
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
