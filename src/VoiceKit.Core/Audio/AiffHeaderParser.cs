using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// Reads an AIFF file up to its first sample ("Audio Interchange File Format", version 1.3; AIFF-C, draft of 1991). Chunks come
/// in any order: where the sound stands before what describes it, only a stream that can seek is read.
/// </summary>
internal sealed class AiffHeaderParser
{
    private const int ChunkHeaderLength = 8;
    private const int SoundHeaderLength = 8;

    // A bound on the work that a header can ask for; real files have a dozen chunks.
    private const int MaxChunks = 4096;

    // SoX states so many bytes of sound where it writes to a pipe; other programs 0, or as many as fit.
    private const uint SoxPlaceholder = 0x7F000000;

    private readonly WavInput _input;
    private readonly bool _canGoBack;
    private bool _isCompressed;
    private uint _formSize;
    private (AiffHeader Header, uint Frames)? _common;
    private (long Start, uint Size)? _sound;

    private AiffHeaderParser(WavInput input, bool canGoBack)
    {
        _input = input;
        _canGoBack = canGoBack;
    }

    /// <summary>Reads the header. The input is left at the first sample, or behind it where the sound came first.</summary>
    /// <param name="input">The input, at its beginning.</param>
    /// <param name="canGoBack">Whether the stream can seek.</param>
    /// <exception cref="VoiceFormatException">
    /// The stream is no AIFF file, is damaged, or has a codec that is not read.
    /// </exception>
    public static AiffHeader Parse(WavInput input, bool canGoBack)
    {
        var parser = new AiffHeaderParser(input, canGoBack);
        parser.ReadForm();
        return parser.ReadChunks();
    }

    private void ReadForm()
    {
        var head = _input.Peek(MediaNames.Length);
        if (head.IsEmpty)
            throw new VoiceFormatException("The input is empty; an AIFF file was expected.", 0);
        head = head[..Math.Min(head.Length, MediaNames.Length)];
        var isForm = head.StartsWith("FORM"u8);
        if (!isForm
            || (head.Length == MediaNames.Length && !head[8..].SequenceEqual("AIFF"u8) && !head[8..].SequenceEqual("AIFC"u8)))
        {
            throw new VoiceFormatException(
                MediaNames.Identify(head) is { } name
                    ? $"This is not an AIFF file: it is {name}."
                    : "This is not an AIFF file: it does not begin with FORM and AIFF or AIFC.",
                0);
        }

        if (head.Length < MediaNames.Length)
            throw new VoiceFormatException($"The input ends inside the FORM header, after {head.Length} bytes.", head.Length);
        _formSize = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        _isCompressed = head[11] == (byte)'C';
        _input.Advance(MediaNames.Length);
    }

    private AiffHeader ReadChunks()
    {
        for (var count = 0; count < MaxChunks; count++)
        {
            var start = _input.Offset;
            var head = _input.Peek(ChunkHeaderLength);
            if (head.Length < ChunkHeaderLength)
                throw Ends(start + head.Length);
            if (!RiffChunkId.IsValid(head))
                throw new VoiceFormatException("No chunk of the AIFF file begins where one should.", start);
            var size = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
            var isCommon = head.StartsWith("COMM"u8);
            var isSound = head.StartsWith("SSND"u8);
            _input.Advance(ChunkHeaderLength);
            if (isCommon)
                ReadCommon(size);
            else if (isSound)
                ReadSound(size);
            if (_common is { } common && _sound is { } sound)
                return Finish(common.Header, common.Frames, sound.Start, sound.Size);
            SkipTo(start + ChunkHeaderLength + size, isOdd: size % 2 != 0);
        }

        throw new VoiceFormatException($"More than {MaxChunks} chunks come before the sound.", _input.Offset);
    }

    private VoiceFormatException Ends(long offset) =>
        new($"The AIFF file ends without a {(_common is null ? "Common" : "Sound Data")} chunk.", offset);

    private void ReadCommon(uint size)
    {
        var start = _input.Offset;
        var wanted = _isCompressed ? AiffCommonChunk.CompressedLength : AiffCommonChunk.PlainLength;
        if (size < wanted)
            throw new VoiceFormatException($"The Common chunk has {size} bytes; {wanted} are the least.", start - 4);
        var body = _input.Peek(wanted);
        if (body.Length < wanted)
            throw new VoiceFormatException("The AIFF file ends inside its Common chunk.", start + body.Length);
        _common = AiffCommonChunk.Parse(body[..wanted], start);
    }

    // The sound begins behind an offset, for alignment, which is 0 in nearly all files.
    private void ReadSound(uint size)
    {
        if (_common is null && !_canGoBack)
            throw new VoiceFormatException(
                "The sound stands before what describes it, and the stream cannot go back.", _input.Offset);
        var body = _input.Peek(SoundHeaderLength);
        if (body.Length < SoundHeaderLength)
            throw new VoiceFormatException("The AIFF file ends inside its Sound Data chunk.", _input.Offset + body.Length);
        var offset = BinaryPrimitives.ReadUInt32BigEndian(body);
        if (IsStated(size) && offset > Math.Max(size, SoundHeaderLength) - SoundHeaderLength)
            throw new VoiceFormatException($"The sound begins {offset} bytes into a chunk of {size}.", _input.Offset);
        _input.Advance(SoundHeaderLength);
        var length = IsStated(size) ? Math.Max(size, SoundHeaderLength) - SoundHeaderLength - offset : uint.MaxValue;
        _sound = (_input.Offset + offset, length);
        if (_common is not null)
            _input.Skip(offset);
    }

    private void SkipTo(long end, bool isOdd)
    {
        _input.Skip(end - _input.Offset);

        // Some writers leave the padding byte out; then the next chunk's name stands here already.
        if (isOdd && !_input.Peek(4).StartsWith("SSND"u8) && !_input.Peek(4).StartsWith("COMM"u8))
            _input.Skip(1);
    }

    private static AiffHeader Finish(AiffHeader header, uint frames, long start, uint size)
    {
        long? stated = size == uint.MaxValue ? null : size / (uint)header.BlockAlign;
        if (frames > 0 && stated is not null)
            stated = Math.Min(stated.Value, frames);
        return header with { DataStart = start, FrameCount = stated };
    }

    private bool IsStated(uint size) => size switch
    {
        0 => _formSize is not (0 or uint.MaxValue),
        uint.MaxValue => false,
        _ =>
            size - SoundHeaderLength > SoxPlaceholder || size - SoundHeaderLength + AudioFormat.MaxChannels * 8 <= SoxPlaceholder,
    };
}
