namespace VoiceKit.Opus;

/// <summary>Packets that are found by tables: gone through by <see cref="OpusTableReading{TPlace}"/>.</summary>
/// <typeparam name="TPlace">All that changes while the tables are gone through.</typeparam>
internal interface IOpusTable<TPlace>
    where TPlace : struct
{
    /// <summary>Which packet comes next.</summary>
    TPlace Place { get; set; }

    /// <summary>The end of the last packet, in samples at 48 kHz.</summary>
    long Position { get; }

    /// <summary>Goes to the next packet, or over one that is broken.</summary>
    OpusTableStep Next(out OpusPacketInfo info);
}
