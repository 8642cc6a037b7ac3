using VoiceKit.Audio;
using VoiceKit.IO;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// WAV. Whole frames come out, as many as are told in the end and no more than there are bytes; input in pieces gives the same.
/// </summary>
public sealed class WavTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private readonly float[] _buffer = new float[4 * AudioFormat.MaxChannels];

    protected override int Runs => 5000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Wav;

    protected override void Read(byte[] input)
    {
        using var reader = new WavReader(new ReadOnlyMemoryStream(input));
        while (reader.Read(_buffer) > 0)
        {
        }
    }

    protected override void Check(byte[] input)
    {
        var counted = new PieceStream(input);
        var whole = Describe(counted, out var samples);
        // Samples of 32 bits are looked at once before they are read, to tell those of which 24 bits are used.
        Assert.InRange(counted.BytesRead, 0, 2 * input.Length);
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
            using var reader = new WavReader(stream);
            int count;
            while ((count = reader.Read(_buffer)) > 0)
            {
                Assert.Equal(0, count % reader.Format.Channels);
                samples.AddRange(_buffer[..count]);
            }

            Assert.Equal(samples.Count / reader.Format.Channels, reader.FrameCount);
            return $"{reader.Format} {reader.FrameCount} {reader.IsTruncated}";
        }
        catch (VoiceFormatException exception)
        {
            return $"{exception.Message} {exception.Offset}";
        }
    }
}
