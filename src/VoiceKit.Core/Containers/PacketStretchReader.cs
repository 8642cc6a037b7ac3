using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>Gives the packets of a stretch, and then of another that follows it.</summary>
/// <param name="container">The container that the packets came from.</param>
/// <param name="head">The header of the first link, which stands for all until there is a packet.</param>
internal sealed class PacketStretchReader(OpusContainer container, OpusHead head)
    : IOpusPacketReader
{
    private PacketStretch? _stretch;
    private int _next;

    /// <inheritdoc/>
    public OpusContainer Container => container;

    /// <inheritdoc/>
    public OpusHead Head => _next == 0 ? head : Current.Head;

    /// <summary>The gains among the tags.</summary>
    public OpusTags Tags => Current.Tags;

    /// <inheritdoc/>
    public int Link => Current.Link;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Packet => _stretch!.Packet(_next - 1);

    /// <inheritdoc/>
    public OpusPacketInfo PacketInfo => Current.Info;

    /// <summary>None: the reader that the packets came from has them.</summary>
    public IReadOnlyList<OpusDefect> Defects => [];

    /// <inheritdoc cref="Defects"/>
    public long DefectCount => 0;

    /// <inheritdoc/>
    public long Position => _next == 0 ? 0 : Current.Info.Position + Current.Info.Playable;

    private PacketStretch.Entry Current => _stretch![_next - 1];

    /// <summary>Gives the packets of a stretch from here on.</summary>
    /// <param name="stretch">The stretch.</param>
    /// <param name="first">The packet to begin with.</param>
    public void Begin(PacketStretch stretch, int first)
    {
        _stretch = stretch;
        _next = first;
    }

    /// <inheritdoc/>
    public bool Read()
    {
        if (_next >= _stretch!.Count)
            return false;
        _next++;
        return true;
    }

    /// <summary>Does nothing: they were listed before they came here.</summary>
    public void ReportDefect(OpusDefectKind kind, string message)
    {
    }

    /// <inheritdoc/>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Read());

    /// <summary>Does nothing.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Does nothing.</summary>
    public void Dispose()
    {
    }
}
