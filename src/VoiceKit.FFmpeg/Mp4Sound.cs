using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VoiceKit.FFmpeg;

/// <summary>
/// The length of the first sound track of an MP4, M4A or 3GP file (ISO/IEC 14496-12), which ffmpeg rounds up to whole frames: to
/// where its samples or its one edit end, whichever comes first.
/// </summary>
internal sealed partial class Mp4Sound
{
    private const int MaxDepth = 8;
    private const int MaxBoxes = 10_000;

    private readonly Stream _file;
    private int _boxes;
    private uint _movieScale;
    private bool _isFragmented;
    private long? _gaplessLength;
    private Track _track = new();
    private Track? _sound;

    private Mp4Sound(Stream file) => _file = file;

    /// <summary>Whether a file may begin with a box of this type: QuickTime files have no ftyp.</summary>
    public static bool CanBegin(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("ftyp"u8) || type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8)
            || type.SequenceEqual("wide"u8)
        || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8);

    /// <summary>Reads what the file tells.</summary>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static SoundBounds Read(Stream file)
    {
        var reader = new Mp4Sound(file);
        reader.ReadBoxes(0, file.Length, 0);
        return reader.Measure();
    }

    private SoundBounds Measure()
    {
        if (_sound is not { Scale: > 0 } track)
            return new SoundBounds(0, 0, null, TimedPauses.Long);
        var pauses = track.IsAmr ? TimedPauses.All : TimedPauses.Long;
        // iTunes says so of AAC.
        if (!track.IsAmr && _gaplessLength is { } exact and > 0)
            return new SoundBounds(track.Rate, 0, exact, pauses);

        // Without an edit nothing tells what the encoder has added.
        var skip = track is { IsAac: true, EditStart: null } ? SoundBounds.AacDelay : 0;
        if (_isFragmented || track.Samples <= 0 || track.HasOtherEdits)
            return new SoundBounds(track.Rate, skip, null, pauses);
        var length = LengthOf(track);
        var rate = track.Rate == 0 ? (int)Math.Min(track.Scale, int.MaxValue) : track.Rate;
        var frames = (long)Int128.Min(long.MaxValue, (Int128)length * rate / track.Scale);
        return new SoundBounds(rate, skip, Math.Max(0, frames - skip), pauses);
    }

    private long LengthOf(Track track)
    {
        var length = track.Samples;
        if (track.EditStart is { } start)
        {
            length -= start;

            // The movie's clock may be coarser than the track's.
            var tick = _movieScale == 0 ? 0 : (double)track.Scale / _movieScale;
            var edit = track.EditLength * tick;
            if (edit > 0 && edit + tick <= length)
                length = (long)Math.Round(edit);
        }

        // A frame of speech has a byte at least, and 20 ms.
        var most = track.IsAmr ? (long)(_file.Length / 50.0 * track.Scale) : long.MaxValue;
        return Math.Clamp(length, 0, most);
    }

    private void ReadBoxes(long start, long end, int depth)
    {
        Span<byte> header = stackalloc byte[16];
        while (start + 8 <= end && ++_boxes <= MaxBoxes)
        {
            _file.Position = start;
            var count = _file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (count < 8)
                return;
            long size = BinaryPrimitives.ReadUInt32BigEndian(header);
            var bodyAt = start + 8;
            if (size == 1 && count == header.Length)
            {
                size = (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header[8..]), long.MaxValue);
                bodyAt += 8;
            }

            var boxEnd = size == 0 ? end : size > end - start ? end : start + size;
            if (boxEnd < bodyAt)
                return;
            ReadBox(header.Slice(4, 4), bodyAt, boxEnd, depth);
            start = boxEnd;
        }
    }

    private void ReadBox(ReadOnlySpan<byte> type, long start, long end, int depth)
    {
        if (type.SequenceEqual("trak"u8) && depth < MaxDepth)
        {
            _track = new Track();
            ReadBoxes(start, end, depth + 1);
            _sound ??= _track.IsSound ? _track : null;
        }
        else if (depth < MaxDepth && (type.SequenceEqual("moov"u8) || type.SequenceEqual("mdia"u8) || type.SequenceEqual("minf"u8)
            || type.SequenceEqual("stbl"u8) || type.SequenceEqual("edts"u8)))
        {
            ReadBoxes(start, end, depth + 1);
        }
        else if (type.SequenceEqual("mvex"u8))
        {
            _isFragmented = true;
        }
        else if (type.SequenceEqual("udta"u8))
        {
            ReadGaplessLength(start, end);
        }
        else
        {
            ReadField(type, start, end);
        }
    }

    private void ReadField(ReadOnlySpan<byte> type, long start, long end)
    {
        Span<byte> body = stackalloc byte[256];
        _file.Position = start;
        body = body[..(int)Math.Min(body.Length, end - start)];
        body = body[.._file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false)];
        if (type.SequenceEqual("mvhd"u8))
            _movieScale = ScaleOf(body);
        else if (type.SequenceEqual("mdhd"u8))
            _track.Scale = ScaleOf(body);
        else if (type.SequenceEqual("hdlr"u8))
            _track.IsSound = body.Length >= 12 && body.Slice(8, 4).SequenceEqual("soun"u8);
        else if (type.SequenceEqual("stsd"u8))
            ReadDescription(body);
        else if (type.SequenceEqual("stts"u8))
            _track.Samples = SumTimes(start, end);
        else if (type.SequenceEqual("elst"u8))
            ReadEdits(body);
    }

    private void ReadDescription(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16)
            return;
        var format = body.Slice(12, 4);
        _track.Rate = body.Length >= 42 ? BinaryPrimitives.ReadUInt16BigEndian(body[40..]) : 0;
        _track.IsAmr = format.SequenceEqual("samr"u8) || format.SequenceEqual("sawb"u8);
        var descriptor = body.IndexOf("esds"u8);
        _track.IsAac = format.SequenceEqual("mp4a"u8) && descriptor >= 0 && IsAac(body[(descriptor + 8)..]);
    }

    // ISO/IEC 14496-1 §7.2.6: an elementary stream's descriptor with that of its decoder in it, whose first byte is 0x40 for AAC.
    private static bool IsAac(ReadOnlySpan<byte> descriptor)
    {
        return Enter(ref descriptor, 3) && descriptor is [_, _, 0, ..] && Enter(ref descriptor, 4, 3) && descriptor is [0x40, ..];

        static bool Enter(ref ReadOnlySpan<byte> bytes, byte tag, int skip = 0)
        {
            if (bytes.Length <= skip || bytes[skip] != tag)
                return false;
            var at = skip + 1;
            while (at < bytes.Length && (bytes[at] & 0x80) != 0)
                at++;
            bytes = bytes[Math.Min(at + 1, bytes.Length)..];
            return true;
        }
    }

    // What iTunes and iOS write beside or in place of an edit, as text in hexadecimal: zero, the samples before the sound, those
    // behind it, and those of the sound. ffmpeg leaves out the first.
    private void ReadGaplessLength(long start, long end)
    {
        var body = new byte[(int)Math.Min(end - start, 64 * 1024)];
        _file.Position = start;
        var text = Encoding.Latin1.GetString(body, 0, _file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false));
        var name = text.IndexOf("iTunSMPB", StringComparison.Ordinal);
        if (name < 0)
            return;
        var match = Gapless().Match(text, name);
        if (match.Success)
            _gaplessLength = long.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("\\G.{1,40} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} ([0-7][0-9A-F]{15}) ", RegexOptions.Singleline)]
    private static partial Regex Gapless();

    private static uint ScaleOf(ReadOnlySpan<byte> body)
    {
        var at = body.Length > 0 && body[0] == 1 ? 20 : 12;
        return body.Length >= at + 4 ? BinaryPrimitives.ReadUInt32BigEndian(body[at..]) : 0;
    }

    // §8.6.1.2: runs of samples of one duration. A sum that no file has is none.
    private long SumTimes(long start, long end)
    {
        var buffer = new byte[8 * 512];
        _file.Position = start + 8;
        long sum = 0;
        for (var left = end - start - 8; left >= 8;)
        {
            var wanted = (int)Math.Min(left, buffer.Length) & ~7;
            var count = _file.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false) & ~7;
            for (var at = 0; at < count; at += 8)
            {
                var run = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at));
                var delta = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(at + 4));
                sum += (long)Math.Min((ulong)run * delta, long.MaxValue / 4);
                if (sum > long.MaxValue / 4)
                    return 0;
            }

            if (count < wanted)
                return 0;
            left -= count;
        }

        return sum;
    }

    // §8.6.6. Empty edits at the start only delay the sound, which ffmpeg leaves out.
    private void ReadEdits(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            return;
        var (isLong, count) = (body[0] == 1, BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
        var size = isLong ? 20 : 12;
        body = body[8..];
        for (; count > 0; count--, body = body[size..])
        {
            if (body.Length < size || _track.EditStart is not null)
            {
                _track.HasOtherEdits = true;
                return;
            }

            var length = isLong ? BinaryPrimitives.ReadUInt64BigEndian(body) : BinaryPrimitives.ReadUInt32BigEndian(body);
            var start = isLong ? BinaryPrimitives.ReadInt64BigEndian(body[8..]) : BinaryPrimitives.ReadInt32BigEndian(body[4..]);
            if (start >= 0)
                (_track.EditStart, _track.EditLength) = (start, length);
        }
    }

    private sealed class Track
    {
        public bool IsSound { get; set; }

        public bool IsAmr { get; set; }

        public bool IsAac { get; set; }

        /// <summary>The clock of the track, in Hz.</summary>
        public uint Scale { get; set; }

        /// <summary>The rate of the samples, in Hz; 0 where it is not told.</summary>
        public int Rate { get; set; }

        /// <summary>The duration of all samples, in the track's scale.</summary>
        public long Samples { get; set; }

        /// <summary>Where the edit starts, in the track's scale; null without one.</summary>
        public long? EditStart { get; set; }

        /// <summary>How long the edit is, in the movie's scale.</summary>
        public double EditLength { get; set; }

        public bool HasOtherEdits { get; set; }
    }
}
