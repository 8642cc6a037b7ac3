using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// Seeking in Ogg Opus. What is read after a seek has valid places; in a file without defects it is what linear reading has
/// there. A seek reads no more than a few times the file.
/// </summary>
public sealed class OggSeekTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private const int ReadFactor = 8;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Ogg;

    protected override void Read(byte[] input)
    {
        using var reader = OggOpusReader.Open(input);
        reader.Seek(PositionsIn(input).First());
        PacketRecord.Pass(reader);
    }

    protected override void Check(byte[] input)
    {
        var linear = PacketRecord.Of(() => OggOpusReader.Open(input));
        var stream = new PieceStream(input, 4096);
        using var reader = OggOpusReader.Open(stream);
        foreach (var position in PositionsIn(input))
        {
            var before = stream.BytesRead;
            reader.Seek(position);
            var isFirst = true;
            while (reader.Read())
            {
                var info = reader.PacketInfo;
                Assert.True(
                    info is { TrimStart: >= 0, TrimEnd: >= 0, Playable: >= 0, LostBefore: >= 0, Position: >= 0 },
                    $"{info} at {position}");
                if (isFirst && linear.DefectCount == 0)
                    CheckLanding(linear, position, info);
                isFirst = false;
            }

            Assert.InRange(stream.BytesRead - before, 0, 4096 + (long)ReadFactor * input.Length);
        }
    }

    // All that is heard stands at or behind the position, and nothing of it is left out.
    private static void CheckLanding(PacketRecord linear, long position, OpusPacketInfo info)
    {
        var end = linear.Samples;
        Assert.True(info.Playable == 0 || info.Position >= Math.Min(position, end), $"{info} at {position}");
        Assert.True(info.Position - info.LostBefore <= Math.Min(position, end), $"{info} at {position}");
    }

    private static IEnumerable<long> PositionsIn(byte[] input) => [input.Length * 37L % 70_000, 0, 9600, long.MaxValue, 4800];
}
