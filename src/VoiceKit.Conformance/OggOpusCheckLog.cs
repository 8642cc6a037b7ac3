using System.Globalization;
using System.Runtime.CompilerServices;

namespace VoiceKit.Conformance;

/// <summary>Collects findings, up to a limit, and counts all.</summary>
internal sealed class OggOpusCheckLog
{
    private readonly List<OggOpusCheckFinding> _listed = [];

    public IReadOnlyList<OggOpusCheckFinding> Listed => _listed;

    public long ErrorCount { get; private set; }

    public long WarningCount { get; private set; }

    private bool IsFull => _listed.Count == OggOpusCheckReport.MaxListed;

    public void Add(OggOpusCheckRule rule, long offset, [InterpolatedStringHandlerArgument("")] ref Message message) =>
        Add(rule, offset, message.ToText());

    public void Add(OggOpusCheckRule rule, long offset, string message)
    {
        if (OggOpusCheckRules.SeverityOf(rule) == OggOpusCheckSeverity.Error)
            ErrorCount++;
        else
            WarningCount++;
        if (!IsFull)
            _listed.Add(new OggOpusCheckFinding(offset, rule, message));
    }

    /// <summary>A message that is put together only when it will be seen, and the same in every culture.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        private readonly bool _isWanted;
        private DefaultInterpolatedStringHandler _text;

        public Message(int literalLength, int formattedCount, OggOpusCheckLog log, out bool isWanted)
        {
            _isWanted = isWanted = !log.IsFull;
            if (isWanted)
                _text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public void AppendFormatted<T>(T value, string format) => _text.AppendFormatted(value, format);

        public string ToText() => _isWanted ? _text.ToStringAndClear() : "";
    }
}
