using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>What is told of the inputs of a join, all of them together.</summary>
internal sealed class JoinSources
{
    private readonly List<OpusDefect> _defects = [];
    private OpusContainer? _first;

    public IReadOnlyList<OpusDefect> Defects => _defects;

    public long DefectCount { get; private set; }

    /// <summary>Takes an input that was read to its end.</summary>
    public void Add(IOpusPacketReader reader)
    {
        _first ??= reader.Container;
        _defects.AddRange(reader.Defects);
        DefectCount += reader.DefectCount;
    }

    /// <summary>The container of the first input.</summary>
    /// <param name="inputs">The name of the parameter that the inputs came in.</param>
    /// <exception cref="ArgumentException">No input was given.</exception>
    public OpusContainer First(string inputs) => _first ?? throw new ArgumentException("There is nothing to join.", inputs);
}
