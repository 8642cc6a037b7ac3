using System.Buffers.Binary;
using System.Numerics;

namespace VoiceKit.FFmpeg;

/// <summary>
/// Where the sound begins and ends in what ffmpeg decodes, as far as the file tells it and ffmpeg does not heed it.
/// </summary>
/// <param name="Rate">
/// What frames are counted at, in Hz, as the file tells the rate of its samples; 0 for what ffmpeg gives.
/// </param>
/// <param name="Skip">The frames at the start that no encoder has put sound into.</param>
/// <param name="Length">The frames of sound; null where that is not known.</param>
/// <param name="Pauses">The pauses that only the time stamps tell of.</param>
internal readonly record struct SoundBounds(int Rate, long Skip, long? Length, TimedPauses Pauses)
{
    // The first frame of AAC is half of a window: its other half, which would complete the samples, does not exist
    // (ISO/IEC 13818-7 §15). What encoders add beyond that differs: nothing (ffmpeg), 1024 (Fraunhofer), 1088 (Apple).
    public const int AacDelay = 1024;

    // The delay of an MP3 decoder's filters (ISO/IEC 11172-3); an encoder adds its own.
    private const int Mp3Delay = 529;

    private const int SniffSize = 64 * 1024;

    private static readonly int[] AdtsRates =
        [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];

    private static readonly int[] Mp3Rates = [44_100, 48_000, 32_000];

    private static ReadOnlySpan<byte> EbmlMagic => [0x1A, 0x45, 0xDF, 0xA3];

    private static ReadOnlySpan<byte> CodecDelay => [0x56, 0xAA];

    /// <summary>Looks into a file. What it states is not trusted: the length is within what as many bytes can hold.</summary>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static SoundBounds Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096);
        return Read(file);
    }

    /// <summary>Looks into a file that is open and can seek.</summary>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static SoundBounds Read(Stream file)
    {
        var head = ReadHead(file, 0);
        if (head.StartsWith("#!AMR"u8))
            return AmrFrames.Read(file);
        if (head.Length >= 8 && Mp4Sound.CanBegin(head.Slice(4, 4)))
            return Mp4Sound.Read(file);
        if (head.StartsWith(EbmlMagic))
            return OfMatroska(head);
        if (head.StartsWith("ID3"u8) && head.Length >= 10)
            head = ReadHead(file, Id3Size(head));
        return OfFrames(head);
    }

    private static ReadOnlySpan<byte> ReadHead(Stream file, long start)
    {
        var head = new byte[SniffSize];
        file.Position = start;
        return head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
    }

    // Seven bits of each byte count (ID3v2.4.0 §3.1); a footer is as large as the header.
    private static long Id3Size(ReadOnlySpan<byte> head)
    {
        var size = (head[6] & 0x7F) << 21 | (head[7] & 0x7F) << 14 | (head[8] & 0x7F) << 7 | (head[9] & 0x7F);
        return 10 + size + ((head[5] & 0x10) != 0 ? 10 : 0);
    }

    private static SoundBounds OfMatroska(ReadOnlySpan<byte> head)
    {
        var codec = head.IndexOf("A_"u8);
        var isAac = codec >= 0 && head[codec..].StartsWith("A_AAC"u8) && head.IndexOf(CodecDelay) < 0;
        return new SoundBounds(0, isAac ? AacDelay : 0, null, TimedPauses.Long);
    }

    private static SoundBounds OfFrames(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 4 || frame[0] != 0xFF || (frame[1] & 0xE0) != 0xE0)
            return default;
        var isAdts = (frame[1] & 0xF6) == 0xF0;
        var isLayer3 = (frame[1] & 0x06) == 0x02;
        if (isAdts && (frame[2] >> 2 & 15) is var index && index < AdtsRates.Length)
            return new SoundBounds(AdtsRates[index], AacDelay, null, TimedPauses.None);
        if (isLayer3 && (frame[2] >> 2 & 3) is var which && which < Mp3Rates.Length && !TellsDelay(frame))
            return new SoundBounds(Mp3Rates[which] >> Mp3Halvings(frame), Mp3Delay, null, TimedPauses.None);
        return default;
    }

    // MPEG-2 halves the rates of MPEG-1, and version 2.5 halves them again.
    private static int Mp3Halvings(ReadOnlySpan<byte> frame) => (frame[1] >> 3 & 3) switch
    {
        3 => 0,
        2 => 1,
        _ => 2,
    };

    // The tag that LAME and others write into a first frame of silence; ffmpeg heeds the delays in it.
    private static bool TellsDelay(ReadOnlySpan<byte> frame)
    {
        var isMono = frame[3] >> 6 == 3;
        var sideSize = Mp3Halvings(frame) == 0 ? (isMono ? 17 : 32) : (isMono ? 9 : 17);
        if (frame.Length < 4 + sideSize + 8)
            return false;
        var tag = frame[(4 + sideSize)..];
        if (!tag.StartsWith("Xing"u8) && !tag.StartsWith("Info"u8))
            return false;
        var flags = BinaryPrimitives.ReadUInt32BigEndian(tag[4..]);
        var at = 8 + 4 * BitOperations.PopCount(flags & 0b1011) + ((flags & 4) != 0 ? 100 : 0);
        return tag.Length >= at + 4
            && (tag[at..].StartsWith("LAME"u8) || tag[at..].StartsWith("Lavf"u8) || tag[at..].StartsWith("Lavc"u8));
    }
}
