using System.Buffers.Binary;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// A row of packets in the managed decoder, each behind its size in two bytes; the first byte of an input chooses rate and
/// channels.
/// A packet that breaks RFC 6716 §3.4 is refused, any other gives its duration of numbers. After every other packet, time is
/// concealed or recovered.
/// </summary>
public sealed class OpusDecodeTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private const int PacketsPerSeed = 6;

    // Each packet that is refused costs an exception, which is memory of this test and not of the decoder.
    private const int MaxPackets = 256;

    /// <summary>One of so many inputs is decoded again: it has to give the same.</summary>
    private const int InputsPerRepeat = 8;

    /// <summary>The energy of a band ends at 2^32 of the scale in which full scale is 32768.</summary>
    private const float Limit = 1 << 25;

    private static readonly int[] Rates = [8000, 12_000, 16_000, 24_000, 48_000];

    private long _packetCount;
    private long _checkCount;

    protected override int Runs => 3000;

    protected override string Details => $", {_packetCount} packets";

    protected override IReadOnlyList<byte[]> MakeSeeds() => [.. Seeds.PacketRows(PacketsPerSeed)];

    protected override void Read(byte[] input) => Decode(input, CheckPacket);

    // Decoding once more takes as long as the first time, and finds less.
    protected override void Check(byte[] input)
    {
        if (_checkCount++ % InputsPerRepeat != 0)
            return;
        var first = new List<float>();
        var second = new List<float>();
        Decode(input, (_, pcm) => first.AddRange(pcm));
        Decode(input, (_, pcm) => second.AddRange(pcm));
        Same.Check(first, second);
    }

    private void CheckPacket(ReadOnlySpan<byte> packet, ReadOnlySpan<float> pcm)
    {
        Assert.True(pcm.IndexOfAnyExceptInRange(-Limit, Limit) < 0, "The sound is beyond its limit, or no number.");
        Assert.True(OpusPacket.TryParse(packet, out _) == !pcm.IsEmpty, "RFC 6716 §3.4 has it otherwise.");
        _packetCount++;
    }

    private static void Decode(byte[] input, DecodedPacket decoded)
    {
        if (input.Length == 0)
            return;
        var rate = Rates[input[0] % Rates.Length];
        var channels = 1 + input[0] / Rates.Length % 2;
        using var decoder = ManagedOpusCodec.Default.CreateDecoder(rate, channels);
        var pcm = new float[rate / 25 * 3 * channels];
        var left = input.AsSpan(1);
        for (var i = 0; left.Length >= 2 && i < MaxPackets; i++)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(left) % 4096, left.Length - 2);
            var packet = left.Slice(2, length);
            left = left[(2 + length)..];
            var frames = TryDecode(decoder, packet, pcm);
            decoded(packet, pcm.AsSpan(0, frames * channels));
            if (i % 4 == 1)
                decoder.Conceal(pcm.AsSpan(0, rate / 400 * channels * (1 + i % 48)));
            else if (i % 4 == 3 && frames > 0)
                decoder.DecodeFec(packet, pcm.AsSpan(0, rate / 50 * channels));
        }
    }

    private static int TryDecode(IOpusDecoder decoder, ReadOnlySpan<byte> packet, float[] pcm)
    {
        try
        {
            return decoder.Decode(packet, pcm);
        }
        catch (VoiceFormatException)
        {
            return 0;
        }
    }

    private delegate void DecodedPacket(ReadOnlySpan<byte> packet, ReadOnlySpan<float> pcm);
}
