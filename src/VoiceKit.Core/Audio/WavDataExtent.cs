using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// Decides how long the sound is. A program that writes to a pipe cannot know, and leaves a placeholder in both sizes:
/// ffmpeg 0xFFFFFFFF (and 0 in a ds64 chunk), SoX and eSpeak the frames that fit 0x7FFFF000 bytes, others 0x7FFFFFFF,
/// 0x7FFFFF00, or 0 until the file is closed.
/// </summary>
internal readonly struct WavDataExtent(WavInput input, ulong riffSize, int blockAlign, long? streamLength)
{
    private const int ChunkHeaderLength = 8;
    private const uint SoxPlaceholder = 0x7FFFF000;

    /// <summary>The bytes of sound that begin where the input stands; null when they go on to the end of the stream.</summary>
    /// <param name="declared">The size in the file; more than fits a <see cref="long"/> means that none is stated.</param>
    public long? Resolve(ulong declared)
    {
        if (declared > long.MaxValue - (ulong)input.Offset)
            return null;
        if (declared == 0)
            return SoundFollowsEmptyData() ? null : 0;
        return IsPlaceholder(declared) && !RiffFillsStream() ? null : (long)declared;
    }

    private bool RiffSizeIsUnknown => riffSize is 0 or uint.MaxValue or > long.MaxValue - ChunkHeaderLength;

    private long RiffEnd => (long)riffSize + ChunkHeaderLength;

    private bool IsPlaceholder(ulong size) =>
        size is 0x7FFFFFFF or 0x7FFFFF00 || (size <= SoxPlaceholder && size + (uint)blockAlign > SoxPlaceholder);

    // A file that really has that size: its outer size says the same.
    private bool RiffFillsStream() =>
        streamLength is { } length && !RiffSizeIsUnknown && (RiffEnd == length || RiffEnd + 1 == length || RiffEnd - 1 == length);

    private bool SoundFollowsEmptyData() => RiffSizeIsUnknown || !OnlyChunksFollow();

    // An empty file ends here or goes on with chunks; sound has no names and sizes that lead from one to the next.
    private bool OnlyChunksFollow()
    {
        long room = Math.Max(RiffEnd - input.Offset, 0);
        int at = 0;
        while (at <= WavInput.Window - ChunkHeaderLength)
        {
            ReadOnlySpan<byte> ahead = input.Peek(at + ChunkHeaderLength);
            if (ahead.Length <= at)
                return ahead.Length == at || ahead.Length == at - 1 || at <= room;
            if (ahead.Length < at + ChunkHeaderLength || !RiffChunkId.IsValid(ahead[at..]))
                return false;
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(ahead[(at + 4)..]);
            long next = (long)at + ChunkHeaderLength + size + size % 2;
            if (next > WavInput.Window - ChunkHeaderLength)
                return next <= room;
            at = (int)next;
        }
        return true;
    }
}
