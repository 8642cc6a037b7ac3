using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>Which part of the media is played (ISO/IEC 14496-12 §8.6.6), in units of the media's timescale.</summary>
/// <param name="Exists">Whether an edit list tells it.</param>
/// <param name="Start">Where playing starts.</param>
/// <param name="End">Where it ends; <see cref="long.MaxValue"/> for the end of the media.</param>
/// <param name="Tolerance">How far off the end may be because it is counted in ticks of the movie.</param>
internal readonly record struct Mp4Edit(bool Exists, long Start, long End, long Tolerance)
{
    private const int EntriesAt = 8;
    private const int UsualRate = 0x1_0000;

    // More parts than this are played as one.
    private const int MaxParts = 4096;

    /// <summary>The parts that are played behind the first, in the order of time; null where there are none.</summary>
    public IReadOnlyList<(long Start, long End)>? Later { get; init; }

    /// <summary>No edit list: all of the media is played.</summary>
    public static Mp4Edit None => new(false, 0, long.MaxValue, 0);

    /// <summary>Reads an edit list. Empty edits are passed over: what is played starts at 0 whenever it is to start.</summary>
    public static Mp4Edit Read(ByteWindow window, Mp4Box box, uint timescale, uint movieTimescale, OpusDefectLog defects)
    {
        var isLong = window.GetByte(box.BodyAt) == 1;
        var entrySize = isLong ? 20 : 12;
        long count = window.GetUInt32(box.BodyAt + 4);
        var room = Math.Max(0, box.BodySize - EntriesAt) / entrySize;
        if (count > room)
            defects.Add(box.Start, OpusDefectKind.BadStructure, $"An edit list of {count} edits with room for {room}.");

        var edit = None;
        List<(long Start, long End)>? later = null;
        for (long i = 0; i < Math.Min(count, room); i++)
        {
            var at = box.BodyAt + EntriesAt + i * entrySize;
            var duration = isLong ? window.GetUInt64(at) : window.GetUInt32(at);
            var start = isLong ? (long)window.GetUInt64(at + 8) : (int)window.GetUInt32(at + 4);
            var rate = (int)window.GetUInt32(at + entrySize - 4);

            // A rate of 0 holds one sample, as of a picture: there is nothing to hear.
            if (start < 0 || (rate == 0 && duration != 0))
                continue;
            var end = EndOf(start, duration, timescale, movieTimescale, rate);
            if (!edit.Exists)
            {
                edit = None with { Exists = true, Start = start, End = end };
                continue;
            }

            var last = later is null ? edit.End : later[^1].End;
            if (start > last && (later?.Count ?? 0) < MaxParts)
            {
                (later ??= []).Add((start, end));
                continue;
            }

            if (start < last)
                defects.Add(box.Start, OpusDefectKind.BadStructure, $"Edit {i} goes back in time: each part is played once.");
            if (later is null)
                edit = edit with { End = Math.Max(last, end) };
            else
                later[^1] = later[^1] with { End = Math.Max(last, end) };
        }

        return edit with
        {
            Later = later,
            Tolerance = movieTimescale == 0 ? 0 : ((long)timescale + movieTimescale - 1) / movieTimescale,
        };
    }

    // A duration of 0 is that of the whole media, as it is in a movie whose fragments are still to come. Sound that is to be
    // played faster or slower is all heard, at its own rate.
    private static long EndOf(long start, ulong duration, uint timescale, uint movieTimescale, int rate)
    {
        if (duration == 0 || movieTimescale == 0)
            return long.MaxValue;
        var length = ((UInt128)duration * timescale + movieTimescale / 2) / movieTimescale;
        if (rate is > 0 and not UsualRate)
            length = length * (uint)rate / UsualRate;
        return (long)UInt128.Min(long.MaxValue, (UInt128)start + length);
    }
}
