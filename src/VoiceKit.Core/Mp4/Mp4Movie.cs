using VoiceKit.Audio;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Mp4;

/// <summary>Finds the moov box (ISO/IEC 14496-12 §8.2) and in it the first Opus track.</summary>
internal sealed class Mp4Movie
{
    private const uint DefaultTimescale = 48_000;
    private const int MaxDepth = 5;

    private readonly ByteWindow _window;
    private readonly OpusDefectLog _defects;

    // The first track that is no Opus, for the error that says so.
    private uint _otherFormat;
    private bool _hasOtherTrack;

    public Mp4Movie(ByteSource source, ByteWindow window, OpusDefectLog defects)
    {
        _window = window;
        _defects = defects;
        Box = FindMovie(source);
        ReportBroken(Box, 0);
        Track = FindTrack();
    }

    /// <summary>The moov box.</summary>
    public Mp4Box Box { get; }

    public Mp4Track Track { get; }

    private Mp4Box FindMovie(ByteSource source)
    {
        var start = _window.Get(0, MediaNames.Length);
        if (start.IsEmpty)
            throw new VoiceFormatException("The input is empty.", 0);
        if (start.Length < 8 || !Mp4BoxType.IsFirst(_window.GetUInt32(4)))
            throw NotMp4(start);

        var hasFragment = false;
        var cursor = new Mp4BoxCursor(_window, 0, source.Length, _defects);
        while (cursor.TryNext(out var box))
        {
            if (box.Type == Mp4BoxType.Moov)
                return box;
            hasFragment |= box.Type == Mp4BoxType.Moof;
        }

        throw new VoiceFormatException(hasFragment
            ? "This MP4 file has fragments but no moov box, which describes them: its beginning is missing."
            : "This MP4 file has no moov box, without which no packet can be found: the recording was not finished, or its end "
            + "is missing.",
            source.Length);
    }

    private static VoiceFormatException NotMp4(ReadOnlySpan<byte> start)
    {
        var what = MediaNames.Identify(start) is { } name ? $"it is {name}" : "it does not begin with a box of that format";
        return new VoiceFormatException($"This is not MP4: {what}.", 0);
    }

    // Boxes are looked up by type more than once; what is broken among them is listed here, once.
    private void ReportBroken(Mp4Box parent, int depth)
    {
        var cursor = new Mp4BoxCursor(_window, parent.BodyAt, parent.End, _defects);
        while (cursor.TryNext(out var box))
        {
            if (depth < MaxDepth && box.Type is Mp4BoxType.Trak or Mp4BoxType.Mdia or Mp4BoxType.Minf or Mp4BoxType.Stbl)
                ReportBroken(box, depth + 1);
        }
    }

    private Mp4Track FindTrack()
    {
        var cursor = new Mp4BoxCursor(_window, Box.BodyAt, Box.End);
        while (cursor.TryNext(out var box))
        {
            if (box.Type == Mp4BoxType.Trak && FindOpus(box) is { Exists: true } entry)
                return ReadTrack(box, entry);
        }

        throw new VoiceFormatException(_hasOtherTrack
            ? $"This MP4 file has no Opus: {DescribeFormat(_otherFormat)}."
            : "This MP4 file has no audio track.", Box.Start);
    }

    private Mp4Box FindOpus(Mp4Box trak)
    {
        var descriptions = Find(trak, Mp4BoxType.Mdia, Mp4BoxType.Minf, Mp4BoxType.Stbl, Mp4BoxType.Stsd);
        if (!descriptions.Exists)
            return default;
        var cursor = new Mp4BoxCursor(_window, Math.Min(descriptions.BodyAt + 8, descriptions.End), descriptions.End);
        // Found out once: there may be as many entries as boxes to look through.
        var isUnknown = !_hasOtherTrack && IsAudio(trak);
        while (cursor.TryNext(out var entry))
        {
            if (entry.Type == Mp4BoxType.Opus)
                return entry;
            if (!isUnknown || _hasOtherTrack)
                continue;
            _hasOtherTrack = true;
            _otherFormat = entry.Type;
        }

        return default;
    }

    private bool IsAudio(Mp4Box trak)
    {
        var handler = Find(trak, Mp4BoxType.Mdia, Mp4BoxType.Hdlr);
        return handler.Exists && _window.GetUInt32(handler.BodyAt + 8) == Mp4BoxType.Soun;
    }

    private Mp4Track ReadTrack(Mp4Box trak, Mp4Box entry)
    {
        var header = Find(trak, Mp4BoxType.Tkhd);
        var id = header.Exists ? _window.GetUInt32(header.BodyAt + (_window.GetByte(header.BodyAt) == 1 ? 20 : 12)) : 0;
        var timescale = ReadTimescale(Find(trak, Mp4BoxType.Mdia, Mp4BoxType.Mdhd));
        if (timescale == 0)
        {
            timescale = DefaultTimescale;
            _defects.Add(trak.Start, OpusDefectKind.BadStructure, "The track has no timescale; 48,000 is taken.");
        }

        var movieTimescale = ReadTimescale(Find(Box, Mp4BoxType.Mvhd));
        var edits = Find(trak, Mp4BoxType.Edts, Mp4BoxType.Elst);
        var extends = Find(Box, Mp4BoxType.Mvex);
        var (duration, size) = extends.Exists ? FindDefaults(extends, id) : default;
        return new Mp4Track
        {
            Id = id,
            Timescale = timescale,
            SampleTable = Find(trak, Mp4BoxType.Mdia, Mp4BoxType.Minf, Mp4BoxType.Stbl),
            Entry = Mp4SampleEntry.Read(_window, entry, _defects),
            Edit = edits.Exists ? Mp4Edit.Read(_window, edits, timescale, movieTimescale, _defects) : Mp4Edit.None,
            IsFragmented = extends.Exists,
            DefaultDuration = duration,
            DefaultSize = size,
        };
    }

    // mvhd and mdhd have their timescale at the same place (§8.2.2.2, §8.4.2.2).
    private uint ReadTimescale(Mp4Box header) =>
        header.Exists ? _window.GetUInt32(header.BodyAt + (_window.GetByte(header.BodyAt) == 1 ? 20 : 12)) : 0;

    private (uint Duration, uint Size) FindDefaults(Mp4Box extends, uint id)
    {
        var cursor = new Mp4BoxCursor(_window, extends.BodyAt, extends.End);
        while (cursor.TryNext(out var box))
        {
            if (box.Type == Mp4BoxType.Trex && _window.GetUInt32(box.BodyAt + 4) == id)
                return (_window.GetUInt32(box.BodyAt + 12), _window.GetUInt32(box.BodyAt + 16));
        }

        return default;
    }

    private Mp4Box Find(Mp4Box box, params ReadOnlySpan<uint> path)
    {
        foreach (var type in path)
        {
            box = Mp4BoxCursor.Find(_window, box, type);
            if (!box.Exists)
                return default;
        }

        return box;
    }

    private static string DescribeFormat(uint format)
    {
        var code = Mp4BoxType.ToText(format);
        var name = code switch
        {
            "enca" => null,
            "mp4a" => "AAC",
            "alac" => "Apple Lossless",
            "fLaC" => "FLAC",
            "ac-3" => "AC-3",
            "ec-3" => "E-AC-3",
            ".mp3" => "MP3",
            "samr" => "AMR narrowband",
            "sawb" => "AMR wideband",
            "lpcm" or "sowt" or "twos" or "ipcm" or "fpcm" or "in24" or "fl32" or "raw " => "PCM",
            "ulaw" or "alaw" => "G.711",
            _ => "",
        };
        return name is null ? "its audio is encrypted (enca)" : $"its audio is {code}{(name.Length > 0 ? $" ({name})" : "")}";
    }
}
