using VoiceKit.IO;
using VoiceKit.Ogg;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// The outline of Ogg Opus: it opens what the reader opens, and tells the length that reading to the end gives where there is no
/// defect. It reads no more than a few times the file.
/// </summary>
public sealed class OggOutlineTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private const int ReadFactor = 8;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Ogg;

    protected override void Read(byte[] input) => OggOpusOutline.Read(new ReadOnlyMemoryStream(input));

    protected override void Check(byte[] input)
    {
        var linear = PacketRecord.Of(() => OggOpusReader.Open(input));
        var stream = new PieceStream(input);
        var outline = OggOpusOutline.Read(stream);
        Assert.InRange(stream.BytesRead, 0, 4096 + (long)ReadFactor * input.Length);
        Assert.InRange(outline.Samples, 0, long.MaxValue);
        Same.Check(linear.Tags!.Comments, outline.Tags.Comments);
        if (linear.IsReadable && linear.DefectCount == 0 && input.Length <= 32 * 1024)
            Assert.Equal(linear.Samples, outline.Samples);
    }
}
