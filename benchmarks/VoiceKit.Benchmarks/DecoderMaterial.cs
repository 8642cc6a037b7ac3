using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Benchmarks;

/// <summary>What decoders are compared on: packets of 20 ms of computed speech in mono or of computed music in stereo.</summary>
/// <param name="Bitrate">In bits per second.</param>
/// <param name="SampleRate">The rate that is decoded to.</param>
/// <param name="IsMusic">Whether it is music in stereo.</param>
public sealed record DecoderMaterial(int Bitrate, int SampleRate, bool IsMusic)
{
    public const int Seconds = 10;

    /// <summary>All that decoders are compared on.</summary>
    public static IReadOnlyList<DecoderMaterial> All { get; } =
    [
        new(16_000, 48_000, false), new(16_000, 16_000, false), new(24_000, 48_000, false), new(24_000, 16_000, false),
        new(32_000, 48_000, false), new(32_000, 16_000, false), new(96_000, 48_000, true), new(96_000, 16_000, true),
    ];

    public int Channels => IsMusic ? 2 : 1;

    public override string ToString() => $"{(IsMusic ? "music" : "speech")}, {Bitrate / 1000} kbit/s, to {SampleRate / 1000} kHz";

    public byte[][] MakePackets()
    {
        var options = new OpusEncoderOptions
        {
            Bitrate = Bitrate, Channels = Channels, Application = IsMusic ? OpusApplication.Audio : OpusApplication.Voip,
        };
        using var encoder = LibOpusCodec.Default.CreateEncoder(options);
        var pcm = IsMusic ? MakeMusic() : Speech.MakePcm(Seconds);
        var packet = new byte[OpusPacket.MaxEncodedSize];
        return [.. pcm.Chunk(Speech.FrameSize * Channels).Select(frame => packet[..encoder.Encode(frame, packet)])];
    }

    // Chords of plucked strings, a little different on both sides, and a beat of noise.
    private static float[] MakeMusic()
    {
        var random = new Random(21);
        var pcm = new float[Seconds * Speech.SampleRate * 2];
        for (var start = 0; start < Seconds * 8; start++)
        {
            var pitch = 110 * Math.Pow(2, random.Next(36) / 12.0);
            var from = start * Speech.SampleRate / 8;
            for (var i = 0; i < Speech.SampleRate && 2 * (from + i) < pcm.Length; i++)
            {
                var time = (double)i / Speech.SampleRate;
                var angle = 2 * Math.PI * pitch * time;
                var plucked = Math.Exp(-4 * time) * (Math.Sin(angle) + 0.5 * Math.Sin(3 * angle));
                var beat = Math.Exp(-60 * time) * (random.NextDouble() - 0.5);
                pcm[2 * (from + i)] += (float)(0.1 * plucked + 0.1 * beat);
                pcm[2 * (from + i) + 1] += (float)(0.07 * plucked * Math.Cos(pitch * time) + 0.1 * beat);
            }
        }

        return pcm;
    }
}
