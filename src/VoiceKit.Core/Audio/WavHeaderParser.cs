using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// Reads a WAV file up to its first sample: RIFF and RIFX (Microsoft and IBM, "Multimedia Programming Interface and Data
/// Specifications 1.0", 1991), RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088).
/// </summary>
internal sealed class WavHeaderParser
{
    private const int ChunkHeaderLength = 8;
    private const int Ds64Length = 24;
    private const int FmtLongest = 40;

    // A bound on the work that a header can ask for; real files have a dozen chunks.
    private const int MaxChunks = 4096;

    private readonly WavInput _input;
    private readonly long? _streamLength;
    private bool _is64;
    private bool _isBigEndian;
    private ulong _riffSize;
    private long _rateOffset = -1;
    private ulong? _dataSize64;
    private (AudioFormat Format, WavCoding Coding, int ValidBits)? _fmt;

    private WavHeaderParser(WavInput input, long? streamLength)
    {
        _input = input;
        _streamLength = streamLength;
    }

    /// <summary>Reads the header and leaves the input at the first sample.</summary>
    /// <param name="input">The input, at its beginning.</param>
    /// <param name="streamLength">The bytes from there to the end, when that is known.</param>
    /// <exception cref="VoiceFormatException">The stream is no WAV file, is damaged, or has a codec that is not read.</exception>
    public static WavHeader Parse(WavInput input, long? streamLength)
    {
        var parser = new WavHeaderParser(input, streamLength);
        parser.ReadRiffHeader();
        return parser.ReadChunks();
    }

    private void ReadRiffHeader()
    {
        ReadOnlySpan<byte> head = _input.Peek(MediaNames.Length);
        if (head.IsEmpty)
            throw new VoiceFormatException("The input is empty; a WAV file was expected.", 0);
        head = head[..Math.Min(head.Length, MediaNames.Length)];
        _isBigEndian = head.StartsWith("RIFX"u8);
        bool isRiff = _isBigEndian || head.StartsWith("RIFF"u8);
        _is64 = head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8);
        if (!(isRiff || _is64) || (head.Length == MediaNames.Length && !head[8..].SequenceEqual("WAVE"u8)))
            throw new VoiceFormatException(NotWav(head), 0);
        if (head.Length < MediaNames.Length)
            throw new VoiceFormatException($"The input ends inside the RIFF header, after {head.Length} bytes.", head.Length);
        _riffSize = ReadSize(head[4..]);
        _input.Advance(MediaNames.Length);
    }

    private uint ReadSize(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static string NotWav(ReadOnlySpan<byte> head)
    {
        string? what = MediaNames.Identify(head);
        return what is null
            ? "This is not a WAV file: it does not begin with RIFF, RIFX, RF64 or BW64 and WAVE."
            : $"This is not a WAV file: it is {what}.";
    }

    private WavHeader ReadChunks()
    {
        for (int count = 0; count < MaxChunks; count++)
        {
            long start = _input.Offset;
            ReadOnlySpan<byte> head = _input.Peek(ChunkHeaderLength);
            if (head.Length < ChunkHeaderLength)
                throw new VoiceFormatException("The WAV file ends without a data chunk.", start + head.Length);
            if (!RiffChunkId.IsValid(head))
                throw new VoiceFormatException("No chunk of the WAV file begins where one should.", start);
            uint size = ReadSize(head[4..]);
            bool isData = head.StartsWith("data"u8);
            bool isFmt = head.StartsWith("fmt "u8);
            bool isDs64 = head.StartsWith("ds64"u8);
            _input.Advance(ChunkHeaderLength);
            if (isData)
                return Finish(start, size);
            if (isFmt)
                ReadFmt(size);
            else if (isDs64 && _is64)
                ReadDs64(size);
            SkipTo(start + ChunkHeaderLength + size, padded: size % 2 != 0);
        }
        throw new VoiceFormatException($"More than {MaxChunks} chunks come before the sound.", _input.Offset);
    }

    private void SkipTo(long end, bool padded)
    {
        _input.Skip(end - _input.Offset);
        // Some writers leave the padding byte out; then the next chunk's name stands here already.
        if (padded && !_input.Peek(4).StartsWith("data"u8) && !_input.Peek(4).StartsWith("fmt "u8))
            _input.Skip(1);
    }

    private void ReadFmt(uint size)
    {
        long start = _input.Offset;
        int wanted = (int)Math.Min(size, FmtLongest);
        ReadOnlySpan<byte> body = _input.Peek(wanted);
        if (body.Length < wanted)
            throw new VoiceFormatException("The WAV file ends inside its fmt chunk.", start + body.Length);
        _fmt = WavFmtChunk.Parse(_isBigEndian ? WavFmtChunk.Turn(body[..wanted]) : body[..wanted], start);
        _rateOffset = start + 4;
    }

    private void ReadDs64(uint size)
    {
        long start = _input.Offset;
        if (size < Ds64Length)
            throw new VoiceFormatException($"The ds64 chunk has {size} bytes; {Ds64Length} are the least.", start - 4);
        ReadOnlySpan<byte> body = _input.Peek(Ds64Length);
        if (body.Length < Ds64Length)
            throw new VoiceFormatException("The WAV file ends inside its ds64 chunk.", start + body.Length);
        if (_riffSize == uint.MaxValue)
            _riffSize = BinaryPrimitives.ReadUInt64LittleEndian(body);
        _dataSize64 = BinaryPrimitives.ReadUInt64LittleEndian(body[8..]);
    }

    private WavHeader Finish(long chunkStart, uint size32)
    {
        if (_fmt is not { } fmt)
            throw new VoiceFormatException("The data chunk comes before any fmt chunk.", chunkStart);
        // EBU Tech 3306, 3: the 64-bit size counts when the 32-bit one is -1.
        ulong size = size32 == uint.MaxValue ? _dataSize64 ?? ulong.MaxValue : size32;
        var header = new WavHeader(fmt.Format, fmt.Coding, _input.Offset, null)
        {
            ValidBits = fmt.ValidBits,
            IsBigEndian = _isBigEndian,
        };
        var extent = new WavDataExtent(_input, _riffSize, header.BlockAlign, _streamLength);
        return header with { DataSize = extent.Resolve(size), RateOffset = _rateOffset };
    }
}
