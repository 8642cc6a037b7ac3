using VoiceKit.FFmpeg;
using VoiceKit.IO;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// What is looked at of a file before ffmpeg gets it: boxes of MP4 and 3GP, frames of AMR, MP3 and AAC. What comes out can be
/// counted with, and the rest of the file is read as seldom as that takes.
/// </summary>
public sealed class SoundBoundsTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    protected override int Runs => 5000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => [.. Seeds.Mp4, .. Seeds.ForFFmpeg, .. Seeds.WebM.Take(1)];

    protected override void Read(byte[] input) => SoundBounds.Read(new ReadOnlyMemoryStream(input));

    protected override void Check(byte[] input)
    {
        var counted = new PieceStream(input);
        var bounds = SoundBounds.Read(counted);
        Assert.InRange(bounds.Rate, 0, int.MaxValue);
        Assert.InRange(bounds.Skip, 0, SoundBounds.AacDelay);
        Assert.InRange(bounds.Length ?? 0, 0, long.MaxValue);
        Assert.InRange(counted.BytesRead, 0, (1 << 20) + 16L * input.Length);
        Assert.Equal(bounds, SoundBounds.Read(new PieceStream(input, 1 + input.Length % 97)));
    }
}
