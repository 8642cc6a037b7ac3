using System.Buffers.Binary;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>Files whose checksums are all wrong in one way are read like others.</summary>
public class OggWrongChecksumTests
{
    private const int PreSkip = 312;

    private static Dictionary<string, Func<byte[], uint>> Mistakes { get; } = new()
    {
        ["zero"] = _ => 0,
        ["ones"] = _ => uint.MaxValue,
        ["swapped"] = page => BinaryPrimitives.ReverseEndianness(OggPage.ComputeChecksum(page)),
        ["flipped"] = page => ~OggPage.ComputeChecksum(page),
        ["zip"] = page => Crc32.Of(Cleared(page)),
        ["preset"] = page => OggCrc.Update(uint.MaxValue, Cleared(page)),
        ["preset and flipped"] = page => ~OggCrc.Update(uint.MaxValue, Cleared(page)),
        ["body only"] = page => OggCrc.Update(0, page.AsSpan(new OggPage(page).BodyAt)),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_audio_is_read_with_one_defect(string name)
    {
        var file = Spoil(NumberedPackets.File(500), name);
        var info = OpusInfo.Read(new MemoryStream(file));
        Assert.Equal((500L * 960 - PreSkip, 0L), (info.Samples, info.LostSamples));
        Assert.Equal(OpusDefectKind.BadChecksum, Assert.Single(info.Defects).Kind);
        Assert.Equal(info.Samples, OpusEditor.Repair(new MemoryStream(file), Stream.Null).Samples);
        Assert.Equal(info.Samples, VoiceMessage.FromBytes(file).Info.Samples);
        Assert.Throws<VoiceFormatException>(() => OpusInfo.Read(new MemoryStream(file), new OpusReaderOptions { Strict = true }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_long_file_is_sought_in(string name)
    {
        var file = Spoil(NumberedPackets.File(12_000, minSize: 100, maxSize: 200), name);
        Assert.Equal(12_000L * 960 - PreSkip, OggOpusOutline.Read(new MemoryStream(file)).Samples);
        using var reader = OggOpusReader.Open(file);
        reader.Seek(9000L * 960 - PreSkip);
        do
            Assert.True(reader.Read());
        while (reader.PacketInfo.Playable == 0);
        Assert.Equal(9000, NumberedPackets.NumberOf(reader.Packet));
    }

    [Fact]
    public void Pages_that_are_damaged_besides_are_lost()
    {
        var file = Spoil(NumberedPackets.File(500), "swapped");
        file[file.Length / 2] ^= 1;
        var info = OpusInfo.Read(new MemoryStream(file));
        Assert.Equal(500L * 960 - PreSkip, info.Samples);
        Assert.Equal(48_000, info.LostSamples);
    }

    [Fact]
    public void A_chain_may_have_it_in_one_link()
    {
        byte[] file =
        [
            .. NumberedPackets.File(100, new() { Serial = 1 }),
            .. Spoil(NumberedPackets.File(100, new() { Serial = 2 }), "zero"),
            .. Spoil(NumberedPackets.File(100, new() { Serial = 3 }), "zip"),
        ];
        Assert.Equal(3 * (100L * 960 - PreSkip), OpusInfo.Read(new MemoryStream(file)).Samples);
    }

    [Fact]
    public void Tags_of_such_a_file_can_be_edited()
    {
        var output = new MemoryStream();
        OggOpusTagEdit.Copy(new MemoryStream(Spoil(NumberedPackets.File(500), "zero")), output, tags => tags.With("TITLE", "x"));
        var info = OpusInfo.Read(new MemoryStream(output.ToArray()));
        Assert.Equal(500L * 960 - PreSkip, info.Samples);
        Assert.Equal("x", info.Tags.GetValue("TITLE"));
    }

    private static byte[] Spoil(byte[] file, string name)
    {
        var spoilt = (byte[])file.Clone();
        for (var at = 0; at < file.Length;)
        {
            Assert.Equal(OggPageStatus.Valid, OggPage.Read(file.AsSpan(at), out var page));
            var sum = Mistakes[name](page.Data.ToArray());
            BinaryPrimitives.WriteUInt32LittleEndian(spoilt.AsSpan(at + OggPage.ChecksumAt), sum);
            at += page.Data.Length;
        }

        return spoilt;
    }

    private static byte[] Cleared(byte[] page)
    {
        var cleared = (byte[])page.Clone();
        cleared.AsSpan(OggPage.ChecksumAt, 4).Clear();
        return cleared;
    }
}
