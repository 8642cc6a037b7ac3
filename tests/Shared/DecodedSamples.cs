using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Support;

/// <summary>
/// All that the managed decoder makes of some packets, as one number. It is the same on every processor and in a browser, with or
/// without SIMD.
/// </summary>
internal static class DecodedSamples
{
    private const int LossEvery = 40;

    private static readonly (int Rate, int Channels)[] Formats =
        [(48_000, 2), (48_000, 1), (24_000, 2), (16_000, 1), (12_000, 1), (8000, 2)];

    /// <summary>The first half of the SHA-256 of the samples at several rates, with packets lost and recovered.</summary>
    /// <param name="vector">
    /// Packets as test vectors of RFC 6716 have them: 4 bytes of length, 4 of the final range, the packet.
    /// </param>
    public static string HashOf(ReadOnlySpan<byte> vector)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (rate, channels) in Formats)
        {
            using var decoder = ManagedOpusCodec.Default.CreateDecoder(rate, channels);
            var pcm = new float[rate / 25 * 3 * channels];
            var left = vector;
            for (var i = 0; !left.IsEmpty; i++)
            {
                var packet = left.Slice(8, (int)BinaryPrimitives.ReadUInt32BigEndian(left));
                left = left[(8 + packet.Length)..];
                Add(hash, pcm.AsSpan(0, channels * Play(decoder, packet, pcm, i)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>The first half of the SHA-256 of the samples of a message at 48 kHz.</summary>
    public static string HashOf(VoiceMessage message)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var audio = message.OpenAudio(ManagedOpusCodec.Default);
        var pcm = new float[audio.Format.SampleRate / 10 * audio.Format.Channels];
        for (int count; (count = audio.Read(pcm)) > 0;)
            Add(hash, pcm.AsSpan(0, count));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    // Every so often a packet is lost, of which the next one may know.
    private static int Play(IOpusDecoder decoder, ReadOnlySpan<byte> packet, Span<float> pcm, int number)
    {
        var frame = pcm[..(decoder.SampleRate / 50 * decoder.Channels)];
        return (number % LossEvery) switch
        {
            LossEvery / 2 => decoder.Conceal(frame),
            LossEvery - 1 => decoder.DecodeFec(packet, frame),
            _ => decoder.Decode(packet, pcm),
        };
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<float> samples) => hash.AppendData(MemoryMarshal.AsBytes(samples));
}
