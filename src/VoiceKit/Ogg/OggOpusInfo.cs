using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Ogg;

/// <summary>What an Ogg Opus file is, found by reading all of its pages and decoding nothing.</summary>
public sealed class OggOpusInfo
{
    private OggOpusInfo(OggOpusReader reader, OggOpusStatistics statistics, OpusHead head, OpusTags tags)
    {
        Head = head;
        Tags = tags;
        Samples = reader.Position;
        LostSamples = reader.LostSamples;
        LinkCount = reader.Link + 1;
        PageCount = reader.PageCount;
        PacketCount = statistics.PacketCount;
        PacketBytes = statistics.PacketBytes;
        Mode = statistics.Mode;
        Bandwidth = statistics.Bandwidth;
        PacketDuration = statistics.PacketDuration;
        Defects = reader.Defects;
        DefectCount = reader.DefectCount;
    }

    /// <summary>The identification header of the first link.</summary>
    public OpusHead Head { get; }

    /// <summary>The comment header of the first link.</summary>
    public OpusTags Tags { get; }

    /// <summary>The length in samples at 48 kHz: what a decoder gives after pre-skip and end trimming, lost audio included.</summary>
    public long Samples { get; }

    /// <summary>How much of the length is lost and concealed, in samples at 48 kHz.</summary>
    public long LostSamples { get; }

    /// <summary>The length.</summary>
    public TimeSpan Duration => OpusRates.ToTime(Samples);

    /// <summary>The number of links of a chained file; 1 for any other.</summary>
    public int LinkCount { get; }

    /// <summary>The number of pages, headers included.</summary>
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

    /// <summary>The average bitrate of the packets in bits per second of audio heard, without the container; 0 without audio.</summary>
    public double Bitrate => Samples == 0 ? 0 : PacketBytes * 8.0 * OpusRates.Full / Samples;

    /// <summary>What is broken; the first 1000 of it.</summary>
    public IReadOnlyList<OpusDefect> Defects { get; }

    /// <summary>How many defects there are, listed or not.</summary>
    public long DefectCount { get; }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands; stays open.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">It is no Ogg Opus, or the options are strict and there is a defect.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static OggOpusInfo Read(Stream stream, OpusReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var reader = OggOpusReader.Open(stream, options, leaveOpen: true);
        var (head, tags) = (reader.Head, reader.Tags);
        var statistics = new OggOpusStatistics();
        while (reader.Read())
        {
            statistics.Add(reader.Packet, reader.PacketInfo.Duration);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new OggOpusInfo(reader, statistics, head, tags);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands; stays open.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">It is no Ogg Opus, or the options are strict and there is a defect.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<OggOpusInfo> ReadAsync(
        Stream stream, OpusReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        var reader = await OggOpusReader.OpenAsync(stream, options, leaveOpen: true, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var (head, tags) = (reader.Head, reader.Tags);
            var statistics = new OggOpusStatistics();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                statistics.Add(reader.Packet, reader.PacketInfo.Duration);
            return new OggOpusInfo(reader, statistics, head, tags);
        }
    }
}
