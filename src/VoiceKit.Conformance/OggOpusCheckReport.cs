namespace VoiceKit.Conformance;

/// <summary>What <see cref="OggOpusCheck"/> has found. Immutable.</summary>
public sealed class OggOpusCheckReport
{
    /// <summary>No more findings than this are listed; all are counted.</summary>
    public const int MaxListed = 1000;

    internal OggOpusCheckReport(OggOpusCheckLog log, long length, long pageCount, int streamCount, long packetCount)
    {
        Findings = [.. log.Listed.OrderBy(finding => finding.Offset)];
        ErrorCount = log.ErrorCount;
        WarningCount = log.WarningCount;
        Length = length;
        PageCount = pageCount;
        OpusStreamCount = streamCount;
        PacketCount = packetCount;
    }

    /// <summary>The findings in the order of their offsets: the first <see cref="MaxListed"/> that were made.</summary>
    public IReadOnlyList<OggOpusCheckFinding> Findings { get; }

    /// <summary>How many errors there are, listed or not.</summary>
    public long ErrorCount { get; }

    /// <summary>How many warnings there are, listed or not.</summary>
    public long WarningCount { get; }

    /// <summary>Whether there is no error: the file conforms to RFC 3533, RFC 6716 §3 and RFC 7845.</summary>
    public bool IsConforming => ErrorCount == 0;

    /// <summary>The length of the input in bytes.</summary>
    public long Length { get; }

    /// <summary>The number of Ogg pages of all streams.</summary>
    public long PageCount { get; }

    /// <summary>The number of logical streams that are Opus: 1, or one for each link of a chained file.</summary>
    public int OpusStreamCount { get; }

    /// <summary>The number of Opus audio packets, broken ones included.</summary>
    public long PacketCount { get; }
}
