using VoiceKit.Audio;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Caf;

/// <summary>Where the chunks of a CAF file are and what desc and pakt tell (Core Audio Format Specification 1.0).</summary>
internal sealed class CafFile
{
    private const int HeaderSize = 8;
    private const int ChunkHeaderSize = 12;
    private const int DescriptionSize = 32;
    private const int TableHeaderSize = 24;
    private const int EditCountSize = 4;
    private const double DefaultRate = 48_000;
    private const double MaxRate = 1_000_000;

    private readonly ByteWindow _window;
    private readonly OpusDefectLog _defects;
    private readonly long _length;
    private bool _hasDescription;
    private long _tableAt;

    public CafFile(ByteSource source, ByteWindow window, OpusDefectLog defects)
    {
        _window = window;
        _defects = defects;
        _length = source.Length;
        CheckHeader();
        ReadChunks();
        Check();
    }

    /// <summary>Frames in a second: what the counts of the file are in.</summary>
    public double SampleRate { get; private set; }

    /// <summary>The size of all packets; 0 when each has its own.</summary>
    public uint BytesPerPacket { get; private set; }

    /// <summary>The duration of all packets, in frames; 0 when each has its own.</summary>
    public uint FramesPerPacket { get; private set; }

    public int Channels { get; private set; }

    public long DescriptionAt { get; private set; }

    /// <summary>Where the packets are.</summary>
    public long DataAt { get; private set; }

    public long DataEnd { get; private set; }

    /// <summary>Where the sizes of packets are.</summary>
    public long EntriesAt { get; private set; }

    public long EntriesEnd { get; private set; }

    /// <summary>Where the texts are; 0 when there are none.</summary>
    public long InformationAt { get; private set; }

    public long InformationEnd { get; private set; }

    public long PacketCount { get; private set; }

    public long ValidFrames { get; private set; }

    /// <summary>How many frames are dropped at the start.</summary>
    public int PrimingFrames { get; private set; }

    /// <summary>How many frames are dropped at the end.</summary>
    public int RemainderFrames { get; private set; }

    public bool HasTable => _tableAt > 0;

    private void CheckHeader()
    {
        var start = _window.Get(0, MediaNames.Length);
        if (start.IsEmpty)
            throw new VoiceFormatException("The input is empty.", 0);
        if (_window.GetUInt32(0) != CafChunkType.File)
        {
            var what = MediaNames.Identify(start) is { } name ? $"it is {name}" : "it does not begin with 'caff'";
            throw new VoiceFormatException($"This is not CAF: {what}.", 0);
        }

        if (_window.GetUInt16(4) != 1)
            _defects.Add(4, OpusDefectKind.BadStructure, $"CAF of version {_window.GetUInt16(4)}.");
    }

    private void ReadChunks()
    {
        for (long at = HeaderSize; _length - at >= ChunkHeaderSize;)
        {
            var type = _window.GetUInt32(at);
            var size = (long)_window.GetUInt64(at + 4);
            var body = at + ChunkHeaderSize;
            var isOpen = size == -1 && type == CafChunkType.Data;
            if (size < 0 && !isOpen)
            {
                _defects.Add(at, OpusDefectKind.BadStructure, $"A chunk of {size} bytes; the rest is skipped.");
                return;
            }

            var end = isOpen || size > _length - body ? _length : body + size;
            if (!isOpen && size > _length - body)
                _defects.Add(at, OpusDefectKind.Truncated, $"A chunk of {size} bytes where {_length - body} are left.");
            ReadChunk(type, at, body, end);
            at = end;
        }
    }

    // Each kind of chunk comes once; the first one counts.
    private void ReadChunk(uint type, long at, long body, long end)
    {
        if (type == CafChunkType.Description && !_hasDescription)
            ReadDescription(at, body, end);
        else if (type == CafChunkType.Data && DataAt == 0)
            (DataAt, DataEnd) = (Math.Min(body + EditCountSize, end), end);
        else if (type == CafChunkType.PacketTable && !HasTable)
            ReadTable(at, body, end);
        else if (type == CafChunkType.Information && InformationAt == 0)
            (InformationAt, InformationEnd) = (body, end);
    }

    private void ReadDescription(long at, long body, long end)
    {
        if (end - body < DescriptionSize)
            return;
        _hasDescription = true;
        DescriptionAt = at;
        if (at != HeaderSize)
            _defects.Add(at, OpusDefectKind.BadStructure, "The desc chunk is not the first one.");
        var format = _window.GetUInt32(body + 8);
        if (format != CafChunkType.Opus)
            throw new VoiceFormatException($"This CAF file has no Opus: its audio is {CodeToText(format)}.", body + 8);
        SampleRate = BitConverter.UInt64BitsToDouble(_window.GetUInt64(body));
        if (!(SampleRate is >= 1 and <= MaxRate))
        {
            _defects.Add(body, OpusDefectKind.BadHead, $"A sample rate of {SampleRate} Hz; 48,000 is taken.");
            SampleRate = DefaultRate;
        }

        BytesPerPacket = _window.GetUInt32(body + 16);
        FramesPerPacket = _window.GetUInt32(body + 20);
        var channels = _window.GetUInt32(body + 24);
        if (channels > 2)
            throw new VoiceFormatException($"Opus with {channels} channels in CAF: which one is which is not known.", body + 24);
        if (channels == 0)
            _defects.Add(body + 24, OpusDefectKind.BadHead, "The audio has no channels; one is taken.");
        Channels = Math.Max(1, (int)channels);
    }

    private void ReadTable(long at, long body, long end)
    {
        if (end - body < TableHeaderSize)
            return;
        _tableAt = at;
        (EntriesAt, EntriesEnd) = (body + TableHeaderSize, end);
        PacketCount = Math.Max(0, (long)_window.GetUInt64(body));
        ValidFrames = (long)_window.GetUInt64(body + 8);
        PrimingFrames = ReadFrames(body + 16);
        RemainderFrames = ReadFrames(body + 20);
    }

    private int ReadFrames(long at)
    {
        var frames = (int)_window.GetUInt32(at);
        if (frames < 0)
            _defects.Add(at, OpusDefectKind.BadTimestamp, $"{frames} frames to drop.");
        return Math.Max(0, frames);
    }

    private void Check()
    {
        if (!_hasDescription)
        {
            var at = Math.Min(HeaderSize, _length);
            throw new VoiceFormatException("This CAF file has no desc chunk, which tells what its audio is.", at);
        }

        if (DataAt == 0)
            throw new VoiceFormatException("This CAF file has no data chunk: it ends before its audio.", _length);
        if (BytesPerPacket == 0 && (!HasTable || PacketCount == 0))
        {
            throw new VoiceFormatException(
                "This CAF file has no packet table (pakt), without which no packet can be found: the recording was not "
                + "finished, or its end is missing.",
                HasTable ? _tableAt : _length);
        }
    }

    private static string CodeToText(uint format)
    {
        Span<byte> code = [(byte)(format >> 24), (byte)(format >> 16), (byte)(format >> 8), (byte)format];
        var text = RiffChunkId.ToText(code);
        return text switch
        {
            "lpcm" => "lpcm (PCM)",
            "aac " => "aac (AAC)",
            "alac" => "alac (Apple Lossless)",
            "ima4" => "ima4 (ADPCM)",
            _ => $"'{text}'",
        };
    }
}
