namespace VoiceKit.Ogg;

/// <summary>Collects defects, up to a limit, or throws the first one.</summary>
internal sealed class OggOpusDefectLog(bool isStrict)
{
    /// <summary>A hostile file cannot make the list longer than this; the count goes on.</summary>
    public const int MaxListed = 1000;

    private readonly List<OggOpusDefect> _defects = [];

    public IReadOnlyList<OggOpusDefect> Listed => _defects;

    public long Count { get; private set; }

    /// <exception cref="VoiceFormatException">The log is strict.</exception>
    public void Add(long offset, OggOpusDefectKind kind, string message)
    {
        if (isStrict)
            throw new VoiceFormatException(message, offset);
        Count++;
        if (_defects.Count < MaxListed)
            _defects.Add(new OggOpusDefect(offset, kind, message));
    }
}
