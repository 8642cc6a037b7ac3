using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// The value of METADATA_BLOCK_PICTURE. Both ways in agree, and what is taken comes back the same when it is written. A string
/// takes two bytes a character; its own size is that.
/// </summary>
public sealed class OpusPictureTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private string _text = "";
    private bool _isPicture;

    protected override int Runs => 10_000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Pictures;

    // The text is made here, so that it is no part of what reading it allocates.
    protected override long SizeOf(byte[] input)
    {
        _text = ToText(input);
        return sizeof(char) * (long)_text.Length;
    }

    protected override void Read(byte[] input) => _isPicture = OpusPicture.TryParse(_text, out _);

    protected override void Check(byte[] input)
    {
        var text = ToText(input);
        if (!OpusPicture.TryParse(text, out var picture))
        {
            Assert.False(_isPicture);
            Assert.Throws<VoiceFormatException>(() => OpusPicture.Parse(text));
            return;
        }

        var again = OpusPicture.Parse(picture.ToBase64());
        Assert.Equal((picture.Type, picture.MimeType, picture.Description), (again.Type, again.MimeType, again.Description));
        Assert.Equal(
            (picture.Width, picture.Height, picture.ColorDepth, picture.ColorCount),
            (again.Width, again.Height, again.ColorDepth, again.ColorCount));
        Assert.True(picture.Data.Span.SequenceEqual(again.Data.Span));
        Assert.Equal(picture.Link, again.Link);
    }

    private static string ToText(byte[] input) =>
        input.Length % 5 == 0 ? System.Text.Encoding.Latin1.GetString(input) : Convert.ToBase64String(input);
}
