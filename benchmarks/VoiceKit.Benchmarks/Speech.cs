using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>What the codec benchmarks work on: 48 kHz mono speech at 24 kbit/s, complexity 10, in packets of 20 ms.</summary>
internal static class Speech
{
    public const int SampleRate = OpusRates.Full;
    public const int FrameSize = SampleRate / 50;
    public const int Bitrate = 24_000;
    public const int Complexity = 10;

    public static OpusEncoderOptions EncoderOptions { get; } = new() { Bitrate = Bitrate, Complexity = Complexity };

    public static OpusWriterOptions WriterOptions { get; } = new() { Serial = 1 };

    /// <summary>Computed speech.</summary>
    public static float[] MakePcm(int seconds) => SpeechSynthesizer.Make(seconds);

    /// <summary>Computed speech as an Ogg Opus file.</summary>
    public static byte[] MakeFile(int seconds)
    {
        using var file = new MemoryStream();
        using var writer = new OpusAudioWriter(
            file, LibOpusCodec.Default, EncoderOptions, writerOptions: WriterOptions, leaveOpen: true);
        writer.Write(MakePcm(seconds));
        writer.Finish();
        return file.ToArray();
    }

    /// <summary>A minute of computed speech again and again as an Ogg Opus file.</summary>
    public static byte[] MakeLongFile(int minutes)
    {
        using var file = new MemoryStream();
        WriteLongFile(file, minutes);
        return file.ToArray();
    }

    /// <inheritdoc cref="MakeLongFile"/>
    public static void WriteLongFile(Stream file, int minutes)
    {
        var packets = MakePackets(60);
        var head = new OpusHead(1, 312, SampleRate);
        using var writer = new OggOpusWriter(file, head, new OpusTags("VoiceKit"), WriterOptions, leaveOpen: true);
        for (var minute = 0; minute < minutes; minute++)
        {
            foreach (var packet in packets)
                writer.WritePacket(packet);
        }

        writer.Finish();
    }

    /// <summary>The packets of computed speech.</summary>
    public static byte[][] MakePackets(int seconds)
    {
        using var reader = OggOpusReader.Open(new MemoryStream(MakeFile(seconds)));
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        return [.. packets];
    }
}
