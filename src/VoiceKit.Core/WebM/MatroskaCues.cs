namespace VoiceKit.WebM;

/// <summary>The index of a file (RFC 9559 §5.1.5): where a player that seeks goes on reading.</summary>
internal sealed class MatroskaCues(byte track)
{
    /// <summary>Clusters that begin closer than this, in ms, to an indexed one are not indexed.</summary>
    private const long SmallestStep = 1000;

    private readonly List<(long Time, long Position)> _points = [];

    /// <summary>Takes a cluster: when it begins, in ms, and where, from the start of the segment's data.</summary>
    public void Add(long time, long position)
    {
        if (_points.Count == 0 || time - _points[^1].Time >= SmallestStep)
            _points.Add((time, position));
    }

    public void WriteTo(EbmlBuilder builder)
    {
        var cues = builder.Begin(EbmlId.Cues);
        foreach (var (time, position) in _points)
        {
            var point = builder.Begin(EbmlId.CuePoint);
            builder.WriteNumber(EbmlId.CueTime, (ulong)time);
            var positions = builder.Begin(EbmlId.CueTrackPositions);
            builder.WriteNumber(EbmlId.CueTrack, track);
            builder.WriteNumber(EbmlId.CueClusterPosition, (ulong)position);
            builder.End(positions);
            builder.End(point);
        }

        builder.End(cues);
    }
}
