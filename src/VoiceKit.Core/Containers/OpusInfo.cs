using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>What a file with Opus is, found by reading all of it and decoding nothing.</summary>
public sealed class OpusInfo
{
    /// <summary>No more links than this are listed; all are counted.</summary>
    public const int MaxLinks = 1000;

    private OpusInfo(IOpusPacketReader reader, OpusStatistics statistics)
        : this(statistics, trimEnd: 0, reader.PageCount)
    {
        Container = reader.Container;
        GapSamples = reader.GapSamples;
        LostBeginningSamples = reader.LostBeginningSamples;
        LinkCount = reader.Link + 1;
        Defects = reader.Defects;
        DefectCount = reader.DefectCount;
    }

    /// <summary>Tells what a file of Ogg Opus is that has just been written.</summary>
    /// <param name="statistics">What was written.</param>
    /// <param name="trimEnd">How much of it is trimmed at the end, in samples at 48 kHz.</param>
    /// <param name="pageCount">How many pages it has.</param>
    internal OpusInfo(OpusStatistics statistics, int trimEnd, long pageCount)
    {
        Container = OpusContainer.Ogg;
        Links = statistics.MakeLinks(trimEnd);
        Samples = statistics.Samples - trimEnd;
        LostSamples = statistics.LostSamples;
        LinkCount = 1;
        PageCount = pageCount;
        PacketCount = statistics.PacketCount;
        PacketBytes = statistics.PacketBytes;
        Mode = statistics.Mode;
        Bandwidth = statistics.Bandwidth;
        PacketDuration = statistics.PacketDuration;
        Defects = [];
    }

    /// <summary>The container.</summary>
    public OpusContainer Container { get; }

    /// <summary>The identification header of the first link with audio; of the first link where there is none in any.</summary>
    public OpusHead Head => Links[0].Head;

    /// <summary>The comment header of the first link with audio; of the first link where there is none in any.</summary>
    public OpusTags Tags => Links[0].Tags;

    /// <summary>
    /// The links of a chained Ogg file, those without audio left out; one for any other. The first 1000 of them.
    /// </summary>
    public IReadOnlyList<OpusLinkInfo> Links { get; }

    /// <summary>The length: what a decoder gives after pre-skip and end trimming, lost audio included.</summary>
    public TimeSpan Duration => OpusRates.ToTime(Samples);

    /// <summary>How much of the length is lost and concealed.</summary>
    public TimeSpan Lost => OpusRates.ToTime(LostSamples);

    /// <summary>How much the time stamps of WebM or MP4 leave out between packets: no part of the length.</summary>
    public TimeSpan Gaps => OpusRates.ToTime(GapSamples);

    /// <summary>
    /// How much of an Ogg file is lost between its headers and its first page of audio: no part of the length, since playing
    /// begins with what is there (RFC 7845 §4.5).
    /// </summary>
    public TimeSpan LostBeginning => OpusRates.ToTime(LostBeginningSamples);

    /// <summary><see cref="Duration"/> in samples at 48 kHz.</summary>
    internal long Samples { get; }

    /// <summary><see cref="Lost"/> in samples at 48 kHz.</summary>
    internal long LostSamples { get; }

    /// <summary><see cref="Gaps"/> in samples at 48 kHz.</summary>
    internal long GapSamples { get; }

    /// <summary><see cref="LostBeginning"/> in samples at 48 kHz.</summary>
    internal long LostBeginningSamples { get; }

    /// <summary>The number of links of a chained file, those without audio included; 1 for any other.</summary>
    public int LinkCount { get; }

    /// <summary>The number of Ogg pages, headers included; 0 for other containers.</summary>
    public long PageCount { get; }

    /// <summary>The number of audio packets.</summary>
    public long PacketCount { get; }

    /// <summary>The size of all audio packets, in bytes.</summary>
    public long PacketBytes { get; }

    /// <summary>The coding mode of most of the audio; null without packets.</summary>
    public OpusMode? Mode { get; }

    /// <summary>The audio bandwidth of most of the audio; null without packets.</summary>
    public OpusBandwidth? Bandwidth { get; }

    /// <summary>The duration of most packets; null without packets.</summary>
    public TimeSpan? PacketDuration { get; }

    /// <summary>
    /// The average bitrate of the packets in bits per second of audio heard, without the container; 0 without audio.
    /// </summary>
    public double Bitrate => Samples == 0 ? 0 : PacketBytes * 8.0 * OpusRates.Full / Samples;

    /// <summary>What is broken; the first 1000 of it.</summary>
    public IReadOnlyList<OpusDefect> Defects { get; }

    /// <summary>How many defects there are, listed or not.</summary>
    public long DefectCount { get; }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">Any container from where the stream stands; stays open.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">
    /// There is no Opus in it, or the options are strict and there is a defect.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static OpusInfo Read(Stream stream, OpusReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var reader = OpusContainers.Open(stream, options, leaveOpen: true);
        return Read(reader, cancellationToken);
    }

    /// <summary>Reads a file to its end.</summary>
    /// <param name="stream">Any container from where the stream stands; stays open.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">
    /// There is no Opus in it, or the options are strict and there is a defect.
    /// </exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<OpusInfo> ReadAsync(
        Stream stream, OpusReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        var reader = await OpusContainers.OpenAsync(stream, options, leaveOpen: true, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            return await ReadAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads on to the end.</summary>
    internal static OpusInfo Read(IOpusPacketReader reader, CancellationToken cancellationToken)
    {
        var statistics = new OpusStatistics(reader.Head, reader.Tags, reader.Link);
        while (reader.Read())
        {
            statistics.Add(reader);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new OpusInfo(reader, statistics);
    }

    /// <summary>Reads on to the end.</summary>
    internal static async Task<OpusInfo> ReadAsync(IOpusPacketReader reader, CancellationToken cancellationToken)
    {
        var statistics = new OpusStatistics(reader.Head, reader.Tags, reader.Link);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            statistics.Add(reader);
        return new OpusInfo(reader, statistics);
    }
}
