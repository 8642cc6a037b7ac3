using VoiceKit.IO;

namespace VoiceKit.Mp4;

/// <summary>Finds the MP4 files in an input: recorders' pieces that were put one behind the other are several.</summary>
internal static class Mp4Documents
{
    /// <summary>More than that stand nowhere behind each other; what follows belongs to the last.</summary>
    public const int Most = 256;

    /// <summary>
    /// Where each begins: behind a moov box, the next ftyp box begins another, and so does the next moov box without one.
    /// </summary>
    /// <param name="source">The input.</param>
    /// <returns>0, and the others.</returns>
    public static List<long> Find(ByteSource source)
    {
        var starts = new List<long> { 0 };
        var hasMovie = false;
        var window = new ByteWindow(source, 64);
        var cursor = new Mp4BoxCursor(window, 0, source.Length);
        while (starts.Count < Most && cursor.TryNext(out var box))
        {
            var isMovie = box.Type == Mp4BoxType.Moov;
            if (hasMovie && (isMovie || box.Type == Mp4BoxType.Ftyp))
            {
                starts.Add(box.Start);
                hasMovie = false;
            }

            hasMovie |= isMovie;
        }

        return starts;
    }
}
