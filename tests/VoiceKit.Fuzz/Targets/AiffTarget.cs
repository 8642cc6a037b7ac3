using VoiceKit.Audio;
using VoiceKit.IO;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// AIFF and AIFF-C. Whole frames come out, as many as are told in the end and no more than there are bytes; input in pieces gives
/// the same, and so does input that cannot seek, unless the sound stands before its description.
/// </summary>
public sealed class AiffTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private readonly float[] _buffer = new float[4 * AudioFormat.MaxChannels];

    protected override int Runs => 3000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Aiff;

    protected override void Read(byte[] input)
    {
        using var reader = new AiffReader(new ReadOnlyMemoryStream(input));
        while (reader.Read(_buffer) > 0)
        {
        }
    }

    protected override void Check(byte[] input)
    {
        var whole = Describe(new PieceStream(input), out var samples);
        Assert.InRange(samples.Count, 0, input.Length * 2);
        Assert.Equal(whole, Describe(new PieceStream(input, 1 + input.Length % 97), out var others));
        Same.Check(samples, others);
        Describe(new PieceStream(input, 1 + input.Length % 97, canSeek: false), out _);
    }

    private string Describe(Stream stream, out List<float> samples)
    {
        samples = [];
        try
        {
            using var reader = new AiffReader(stream);
            int count;
            while ((count = reader.Read(_buffer)) > 0)
            {
                Assert.Equal(0, count % reader.Format.Channels);
                samples.AddRange(_buffer[..count]);
            }

            Assert.Equal(samples.Count / reader.Format.Channels, reader.FrameCount ?? samples.Count / reader.Format.Channels);
            return $"{reader.Format} {reader.FrameCount} {reader.IsTruncated}";
        }
        catch (VoiceFormatException exception)
        {
            return $"{exception.Message} {exception.Offset}";
        }
    }
}
