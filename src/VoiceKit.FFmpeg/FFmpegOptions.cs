namespace VoiceKit.FFmpeg;

/// <summary>How the ffmpeg program is used.</summary>
public sealed class FFmpegOptions
{
    /// <summary>
    /// The demuxers of <see cref="Formats"/> by default: those of files with sound in them. None of them reads other files, as
    /// playlists and scripts (hls, dash, concat) do.
    /// </summary>
    public static IReadOnlyList<string> DefaultFormats { get; } =
    [
        "aac", "ac3", "act", "aea", "aiff", "amr", "amrnb", "amrwb", "ape", "aptx", "aptx_hd", "asf", "ast", "au", "avi", "avr",
        "bit", "caf",
        "codec2", "dsf", "dss", "dts", "dtshd", "eac3", "flac", "flv", "g722", "g723_1", "g726", "g726le", "g729", "gsm", "hcom",
        "iff",
        "ilbc", "ircam", "loas", "matroska", "mlp", "mmf", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "mtaf", "mxf",
        "nistsphere", "nut",
        "ogg", "oma", "osq", "paf", "pvf", "qcp", "rm", "rso", "sbc", "sds", "shn", "sln", "sox", "tak", "truehd", "tta", "voc",
        "vqf", "w64",
        "wav", "wsaud", "wsd", "wtv", "wv", "wve", "xwma",
    ];

    /// <summary>The program: a path, or a name that is looked for in the folders of PATH, and nowhere else.</summary>
    /// <value><c>ffmpeg</c> by default.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string Program
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = "ffmpeg";

    /// <summary>
    /// What the file is, by ffmpeg's name of the demuxer, where the content does not tell it: <c>gsm</c>, <c>g722</c>,
    /// <c>g729</c>. Without it such a file is known by the ending of its name alone.
    /// </summary>
    /// <value>One of <see cref="Formats"/>; null, the default, to find out.</value>
    /// <exception cref="ArgumentException">The value is no name of a format.</exception>
    public string? InputFormat
    {
        get;
        init
        {
            if (value is not null && !IsName(value))
                throw new ArgumentException("A demuxer has a name of letters, digits and '_'.", nameof(value));
            field = value;
        }
    }

    /// <summary>How long the program may give nothing while it is waited for, before it is ended.</summary>
    /// <value>10 ms…1 hour; 30 s by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Timeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(10));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much address space the program may take, in bytes. Enforced on Linux and Windows only. A program that asks for
    /// more fails.
    /// </summary>
    /// <value>64 MiB or more; 4 GiB by default; null for any.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long? MaxMemory
    {
        get;
        init
        {
            if (value is { } most)
                ArgumentOutOfRangeException.ThrowIfLessThan(most, 64L << 20);
            field = value;
        }
    } = 4L << 30;

    /// <summary>
    /// How long the program may compute, all its threads together. Enforced on Linux and Windows only. An hour of
    /// sound takes some seconds.
    /// </summary>
    /// <value>1 s or more; 15 minutes by default; null for any time.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? MaxProcessorTime
    {
        get;
        init
        {
            if (value is { } most)
                ArgumentOutOfRangeException.ThrowIfLessThan(most, TimeSpan.FromSeconds(1));
            field = value;
        }
    } = TimeSpan.FromMinutes(15);

    /// <summary>How large a file may become that the program writes, in bytes. Enforced on Linux only.</summary>
    /// <value>0 or more; 2 GiB by default; null for any size.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? MaxFileSize
    {
        get;
        init
        {
            if (value is { } most)
                ArgumentOutOfRangeException.ThrowIfNegative(most);
            field = value;
        }
    } = 2L << 30;

    /// <summary>
    /// The demuxers that may read the file, by ffmpeg's names; others refuse it. Be wary of those that open other files.
    /// </summary>
    /// <value><see cref="DefaultFormats"/> by default.</value>
    /// <exception cref="ArgumentException">The list is empty, or an entry is no name of a format.</exception>
    public IReadOnlyList<string> Formats
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count == 0 || !value.All(IsName))
                throw new ArgumentException("A list of demuxers has names of letters, digits and '_'.", nameof(value));
            field = [.. value];
        }
    } = DefaultFormats;

    private static bool IsName(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
