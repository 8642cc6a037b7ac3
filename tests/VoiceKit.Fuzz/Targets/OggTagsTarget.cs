using VoiceKit.IO;
using VoiceKit.Ogg;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// The tag editor's copy: the new tags are those that were asked for, and the packets and their places are those of the input.
/// What is written may be allocated too.
/// </summary>
public sealed class OggTagsTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Ogg;

    // The texts of the old tags are made to be written again: two bytes a character.
    protected override long SizeOf(byte[] input) => 4L * input.Length;

    protected override void Read(byte[] input) =>
        OggOpusTagEdit.Copy(new ReadOnlyMemoryStream(input), new DiscardStream(), tags => tags);

    protected override void Check(byte[] input)
    {
        var before = PacketRecord.Of(() => OggOpusReader.Open(input));
        var output = new MemoryStream();
        var result = OggOpusTagEdit.Copy(
            new MemoryStream(input), output, tags => tags.With("TITLE", new string('n', input.Length % 300)));
        Assert.DoesNotContain(result.Defects, defect => defect.Offset < 0 || defect.Offset > input.Length);
        var after = PacketRecord.Of(() => OggOpusReader.Open(output.ToArray()));
        after.CheckRanges(output.Length);
        if (!before.IsReadable)
            return;
        Assert.Equal(new string('n', input.Length % 300), after.Tags!.GetValue("TITLE"));
        before.CheckSameAudio(after);
    }
}
