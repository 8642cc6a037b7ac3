namespace VoiceKit.FFmpeg;

/// <summary>The length of an AMR file, by its frames (RFC 4867 §5): also of those that ffmpeg does not decode.</summary>
internal static class AmrFrames
{
    private const int FramesPerSecond = 50;

    // Bytes of a frame with its header, by its type; the last of each is for all types from there on.
    private static readonly int[] NarrowSizes = [13, 14, 16, 18, 20, 21, 27, 32, 6, 7, 6, 6, 1];
    private static readonly int[] WideSizes = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1];

    private static ReadOnlySpan<byte> NarrowMagic => "#!AMR\n"u8;

    private static ReadOnlySpan<byte> WideMagic => "#!AMR-WB\n"u8;

    /// <summary>Counts the frames.</summary>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static SoundBounds Read(Stream file)
    {
        file.Position = 0;
        var start = new byte[WideMagic.Length];
        var head = start.AsSpan(0, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
        if (head.StartsWith(WideMagic))
            return Count(file, WideMagic.Length, WideSizes, 16_000);
        return head.StartsWith(NarrowMagic)
            ? Count(file, NarrowMagic.Length, NarrowSizes, 8000)
            : new SoundBounds(0, 0, null, TimedPauses.All);
    }

    private static SoundBounds Count(Stream file, int start, int[] sizes, int rate)
    {
        file.Position = start;
        var (frames, left) = (0L, file.Length - start);
        Span<byte> rest = stackalloc byte[64];
        for (int header; left > 0 && (header = file.ReadByte()) >= 0; frames++)
        {
            var size = sizes[Math.Min(header >> 3 & 15, sizes.Length - 1)];
            left -= size;
            if (left < 0)
                break;
            file.ReadAtLeast(rest[..(size - 1)], size - 1, throwOnEndOfStream: false);
        }

        return new SoundBounds(rate, 0, frames * (rate / FramesPerSecond), TimedPauses.All);
    }
}
