using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

public class OpusPictureTests
{
    private static readonly OpusPicture Picture = new(
        OpusPictureType.FrontCover, "image/png", new byte[] { 1, 2, 3, 4, 5 }, "grün")
    {
        Width = 640, Height = 480, ColorDepth = 24, ColorCount = uint.MaxValue,
    };

    [Fact]
    public void A_picture_comes_back_whole()
    {
        var back = OpusPicture.Parse(Picture.ToBase64());
        Assert.Equal(OpusPictureType.FrontCover, back.Type);
        Assert.Equal(("image/png", "grün"), (back.MimeType, back.Description));
        Assert.Equal((640u, 480u, 24u, uint.MaxValue), (back.Width, back.Height, back.ColorDepth, back.ColorCount));
        Assert.Equal([1, 2, 3, 4, 5], back.Data.ToArray());
        Assert.False(back.IsLink);
        Assert.Null(back.Link);
    }

    [Fact]
    public void A_link_is_told_from_a_picture()
    {
        var back = OpusPicture.Parse(OpusPicture.FromLink(OpusPictureType.Other, "https://example.org/ü.png", "far").ToBase64());
        Assert.True(back.IsLink);
        Assert.Equal("https://example.org/ü.png", back.Link);
    }

    [Fact]
    public void A_length_beyond_the_end_is_refused_wherever_it_is()
    {
        var block = Convert.FromBase64String(Picture.ToBase64());
        for (var size = 0; size < block.Length; size++)
            Assert.False(OpusPicture.TryParse(Convert.ToBase64String(block, 0, size), out _));
        foreach (var lengthAt in new[] { 4, 17, block.Length - 9 })
        {
            var broken = block.ToArray();
            broken[lengthAt] = 0xFF;
            Assert.False(OpusPicture.TryParse(Convert.ToBase64String(broken), out _));
        }

        Assert.True(OpusPicture.TryParse(Convert.ToBase64String([.. block, 0]), out _));
    }

    [Fact]
    public void What_is_no_picture_is_refused()
    {
        Assert.Throws<VoiceFormatException>(() => OpusPicture.Parse("no base64"));
        Assert.False(OpusPicture.TryParse(null, out _));
        Assert.False(OpusPicture.TryParse("", out _));
        Assert.Throws<ArgumentException>(() => new OpusPicture(OpusPictureType.Other, "image/\u00FC", default));
        Assert.Empty(new OpusTags("", new OpusComment(OpusTagNames.MetadataBlockPicture, "AAAA")).Pictures);
    }

    [Fact]
    public void A_picture_of_opusenc_is_read_and_ffprobe_sees_ours()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=96x64:d=1", "-frames:v", "1", folder["p.png"]);
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=0.5", folder["a.wav"]);
        Oracle.Run("opusenc", "--quiet", "--picture", $"3||portrait||{folder["p.png"]}", folder["a.wav"], folder["a.opus"]);
        using var reader = OggOpusReader.Open(File.OpenRead(folder["a.opus"]));
        var picture = Assert.Single(reader.Tags.Pictures);
        Assert.Equal(
            (OpusPictureType.FrontCover, "image/png", "portrait"), (picture.Type, picture.MimeType, picture.Description));
        Assert.Equal((96u, 64u), (picture.Width, picture.Height));
        Assert.Equal(File.ReadAllBytes(folder["p.png"]), picture.Data.ToArray());
        Assert.Equal(reader.Tags.GetValue(OpusTagNames.MetadataBlockPicture), picture.ToBase64());

        using (var writer = new OggOpusWriter(File.Create(folder["b.opus"]), reader.Head, new OpusTags("test").Add(picture)))
        {
            while (reader.Read())
                writer.WritePacket(reader.Packet);
            writer.Finish();
        }

        var (probed, _) = Oracle.Run(
            "ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0", folder["b.opus"]);
        Assert.Contains("png,96,64", probed);
        Assert.Empty(Oracle.Warnings(folder["b.opus"]));
    }
}
