namespace VoiceKit.WebM;

/// <summary>Finds a place in damaged data from which reading can go on. Linear in the data.</summary>
internal static class MatroskaSearch
{
    private const int IdLength = sizeof(uint);

    /// <summary>
    /// Consumes bytes up to an element that looks right: an EBML header; Tracks while they are not known, clusters after that.
    /// </summary>
    /// <returns>Whether one was found; if not, what cannot be its start is consumed.</returns>
    public static EbmlStatus Find(EbmlWindow window, bool hasTracks, out uint id)
    {
        while (true)
        {
            var data = window.Pending;
            var at = data.IndexOfAny((byte)(EbmlId.Ebml >> 24), (byte)((hasTracks ? EbmlId.Cluster : EbmlId.Tracks) >> 24));
            window.Consume(at < 0 ? data.Length : at);
            var status = Check(window.Pending, hasTracks, out id);
            if (status == EbmlStatus.Valid || (status == EbmlStatus.Incomplete && !window.IsComplete))
                return status;
            if (window.Pending.IsEmpty)
                return EbmlStatus.Incomplete;
            window.Consume(1);
        }
    }

    private static EbmlStatus Check(ReadOnlySpan<byte> data, bool hasTracks, out uint id)
    {
        id = 0;
        if (data.Length < IdLength)
            return EbmlStatus.Incomplete;
        id = (uint)EbmlHeader.ReadBigEndian(data[..IdLength]);
        if (id != EbmlId.Ebml && id != (hasTracks ? EbmlId.Cluster : EbmlId.Tracks))
            return EbmlStatus.Broken;
        var status = EbmlHeader.Read(data, EbmlHeader.DefaultMaxIdLength, out var element);
        if (status != EbmlStatus.Valid)
            return status;
        if (data.Length == element.Length)
            return EbmlStatus.Incomplete;
        return IsFirstChild(id, data[element.Length]) ? EbmlStatus.Valid : EbmlStatus.Broken;
    }

    // The first byte of the first child's ID.
    private static bool IsFirstChild(uint parent, byte first) => first is (byte)EbmlId.Void or (byte)EbmlId.Crc32 || parent switch
    {
        EbmlId.Ebml => first == EbmlId.DocType >> 8,
        EbmlId.Tracks => first == EbmlId.TrackEntry,
        _ => EbmlId.IsInCluster(first) || first == EbmlId.SilentTracks >> 8,
    };
}
