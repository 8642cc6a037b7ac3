using System.Text;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>Headers as they should be, and with one field after the other broken.</summary>
public class WavHeaderTests
{
    private static readonly float[] s_samples = [1 / 32768f, 2 / 32768f, 3 / 32768f];

    public static TheoryData<string, byte[]> Readable => new()
    {
        { "plain", new WavBytes().Build() },
        { "fmt of 18 bytes", new WavBytes { FmtTail = [0, 0] }.Build() },
        { "fmt of 17 bytes, padded", new WavBytes { FmtTail = [0] }.Build() },
        { "fmt of 100 bytes", new WavBytes { FmtTail = new byte[84] }.Build() },
        { "extensible", new WavBytes { Tag = 0xFFFE, FmtTail = WavBytes.ExtensibleTail(16, WavBytes.PcmGuid) }.Build() },
        { "12 of 16 bits", new WavBytes { Tag = 0xFFFE, FmtTail = WavBytes.ExtensibleTail(12, WavBytes.PcmGuid) }.Build() },
        { "12 bits, plain", new WavBytes { Bits = 12 }.Build() },
        { "chunk before fmt", new WavBytes { BeforeFmt = Chunk("bext", new byte[602]) }.Build() },
        { "odd chunk before data", new WavBytes { BeforeData = Chunk("LIST", [1, 2, 3]) }.Build() },
        { "odd chunk without padding", new WavBytes { BeforeData = Chunk("LIST", [1, 2, 3], padded: false) }.Build() },
        { "large chunk before data", new WavBytes { BeforeData = Chunk("id3 ", new byte[200_001]) }.Build() },
        { "chunks after data", new WavBytes { AfterData = [.. Chunk("LIST", [9]), .. Chunk("cue ", [8, 7])] }.Build() },
        { "junk after data", new WavBytes { AfterData = [0, 0, 0, 0, 0, 0, 0, 0, 0] }.Build() },
        { "wrong RIFF size", new WavBytes { RiffSize = 7 }.Build() },
        { "ds64 in RIFF is a chunk like others", new WavBytes { BeforeFmt = WavBytes.Ds64(1, 1, 1) }.Build() },
        { "RF64", new WavBytes { Riff = "RF64", RiffSize = ~0u, BeforeFmt = WavBytes.Ds64(78, 6, 3), DataSize = ~0u }.Build() },
        { "BW64", new WavBytes { Riff = "BW64", RiffSize = ~0u, BeforeFmt = WavBytes.Ds64(78, 6, 3), DataSize = ~0u }.Build() },
        { "RF64, 32-bit data size", new WavBytes { Riff = "RF64", BeforeFmt = WavBytes.Ds64(0, 99, 3), DataSize = 6 }.Build() },
        { "RF64 without ds64", new WavBytes { Riff = "RF64", DataSize = ~0u }.Build() },
    };

    public static TheoryData<string, byte[], int, string> Broken => new()
    {
        { "empty", [], 0, "empty" },
        { "short", "RIFF"u8.ToArray(), 4, "RIFF header" },
        { "text", "Hello, world; this is no sound."u8.ToArray(), 0, "not a WAV" },
        { "RIFX whose sizes are turned", new WavBytes { Riff = "RIFX" }.Build(), 50, "inside its fmt" },
        { "AVI", new WavBytes { Form = "AVI " }.Build(), 0, "'AVI '" },
        { "Ogg", Head("OggS\0\u0002"), 0, "Ogg" },
        { "FLAC", Head("fLaC"), 0, "FLAC" },
        { "ID3", Head("ID3\u0004"), 0, "MP3 file (ID3" },
        { "MP3", [0xFF, 0xFB, 0x90, 0x64, .. new byte[40]], 0, "MP3" },
        { "ADTS", [0xFF, 0xF1, 0x50, 0x80, .. new byte[40]], 0, "ADTS" },
        { "MPEG-4", Head("\0\0\0\u0020ftypM4A "), 0, "MPEG-4" },
        { "AIFF", Head("FORM\0\0\u0001\0AIFF"), 0, "AIFF" },
        { "AIFF-C", Head("FORM\0\0\u0001\0AIFC"), 0, "AIFF" },
        { "WebM", [0x1A, 0x45, 0xDF, 0xA3, .. new byte[40]], 0, "WebM" },
        { "Wave64", Head("riff\u002E\u0091"), 0, "Wave64" },
        { "CAF", Head("caff\0\u0001"), 0, "CAF" },
        { "AU", Head(".snd\0\0\0\u0018"), 0, "AU" },
        { "AMR", Head("#!AMR\n"), 0, "AMR" },
        { "no fmt", new WavBytes { HasFmt = false }.Build(), 12, "before any fmt" },
        { "no data", new WavBytes { HasData = false }.Build(), 36, "without a data chunk" },
        { "no chunk's name", new WavBytes { BeforeData = new byte[20] }.Build(), 36, "No chunk" },
        { "endless chunks", new WavBytes { BeforeData = ManyChunks() }.Build(), 12 + 24 + 8 * 4095, "4096 chunks" },
        { "fmt of 15 bytes", new WavBytes { FmtSize = 15 }.Build(), 16, "15 bytes" },
        { "fmt of 0 bytes", new WavBytes { FmtSize = 0 }.Build(), 16, "0 bytes" },
        { "fmt past the end", new WavBytes { FmtSize = 24, HasData = false }.Build(), 36, "inside its fmt" },
        { "fmt of 4 GiB, cut off", new WavBytes { FmtSize = uint.MaxValue }.Build(), 50, "inside its fmt" },
        { "fmt of 4 GiB", new WavBytes { FmtSize = uint.MaxValue, Data = new byte[56] }.Build(), 100, "without a data chunk" },
        { "extensible of 18 bytes", new WavBytes { Tag = 0xFFFE, FmtTail = [0, 0] }.Build(), 16, "18 bytes" },
        { "no channels", new WavBytes { Channels = 0 }.Build(), 22, "0 channels" },
        { "256 channels", new WavBytes { Channels = 256 }.Build(), 22, "256 channels" },
        { "no rate", new WavBytes { Rate = 0 }.Build(), 24, "0 Hz" },
        { "rate too high", new WavBytes { Rate = 768_001 }.Build(), 24, "768001 Hz" },
        { "rate above 2^31", new WavBytes { Rate = uint.MaxValue }.Build(), 24, "4294967295 Hz" },
        { "block align 0", new WavBytes { BlockAlign = 0 }.Build(), 32, "block align" },
        { "block align 3", new WavBytes { BlockAlign = 3 }.Build(), 32, "block align is 3" },
        { "no bits", new WavBytes { Bits = 0 }.Build(), 34, "0 bits" },
        { "33 bits", new WavBytes { Bits = 33 }.Build(), 34, "33 bits" },
        { "float of 16 bits", new WavBytes { Tag = 3, Bits = 16 }.Build(), 34, "IEEE float (0x0003) of 16 bits" },
        { "A-law of 16 bits", new WavBytes { Tag = 6, Bits = 16 }.Build(), 34, "A-law" },
        { "Microsoft ADPCM", new WavBytes { Tag = 2, Bits = 4 }.Build(), 20, "Microsoft ADPCM (0x0002)" },
        { "IMA ADPCM", new WavBytes { Tag = 0x11, Bits = 4 }.Build(), 20, "IMA ADPCM (0x0011)" },
        { "GSM", new WavBytes { Tag = 0x31, Bits = 0 }.Build(), 20, "GSM 6.10 (0x0031)" },
        { "MP3 in WAV", new WavBytes { Tag = 0x55, Bits = 0 }.Build(), 20, "MP3 (0x0055)" },
        { "nobody's codec", new WavBytes { Tag = 0x7777 }.Build(), 20, "codec 0x7777" },
        {
            "extensible ADPCM",
            new WavBytes { Tag = 0xFFFE, FmtTail = WavBytes.ExtensibleTail(16, [2, .. WavBytes.PcmGuid[1..]]) }.Build(), 44,
            "ADPCM (0x0002)"
        },
        {
            "unknown sub-format",
            new WavBytes { Tag = 0xFFFE, FmtTail = WavBytes.ExtensibleTail(16, [.. WavBytes.PcmGuid[..15], 0]) }.Build(), 44,
            "00000001-0000-0010-8000-00aa00389b00"
        },
        { "ds64 too short", new WavBytes { Riff = "RF64", BeforeFmt = Chunk("ds64", new byte[20]) }.Build(), 16, "ds64" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public void Headers_of_every_shape_are_read(string what, byte[] wav)
    {
        foreach (Stream stream in new Stream[] { new MemoryStream(wav), new WavTrickleStream(new MemoryStream(wav), 1) })
        {
            using var reader = new WavReader(stream);
            Assert.True(reader.Format == new AudioFormat(8000, 1), what);
            WavTools.AssertSame(s_samples, WavTools.ReadAll(reader));
            Assert.Equal(3, reader.FrameCount);
            Assert.False(reader.IsTruncated);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_header_is_named_with_its_place(string what, byte[] bytes, int offset, string message)
    {
        foreach (bool leaveOpen in new[] { true, false })
        {
            var whole = new MemoryStream(bytes);
            foreach (Stream stream in new Stream[] { whole, new WavTrickleStream(new MemoryStream(bytes), 1) })
            {
                var thrown = Assert.Throws<VoiceFormatException>(() => new WavReader(stream, leaveOpen));
                Assert.True(thrown.Message.Contains(message, StringComparison.Ordinal), $"{what}: {thrown.Message}");
                Assert.Equal(offset, thrown.Offset);
            }

            Assert.Equal(leaveOpen, whole.CanRead);
        }
    }

    [Fact]
    public void Valid_bits_fewer_than_the_container_are_read_at_full_scale()
    {
        byte[] tail = WavBytes.ExtensibleTail(20, WavBytes.PcmGuid);
        byte[] wav = new WavBytes { Tag = 0xFFFE, Bits = 24, FmtTail = tail, Data = [0xF0, 0xFF, 0x7F, 0, 0, 0x80] }.Build();
        WavTools.AssertSame([1 - 1 / 524288f, -1], WavTools.ReadAll(wav));
    }

    [Fact]
    public void The_offset_of_a_fault_counts_from_where_the_stream_stood()
    {
        var stream = new MemoryStream([.. new byte[100], .. new WavBytes { Rate = 0 }.Build()]) { Position = 100 };
        Assert.Equal(24, Assert.Throws<VoiceFormatException>(() => new WavReader(stream)).Offset);
    }

    [Fact]
    public void A_size_in_the_file_allocates_nothing()
    {
        byte[] wav = new WavBytes { FmtSize = uint.MaxValue, Data = new byte[100] }.Build();
        Assert.Throws<VoiceFormatException>(() => new WavReader(new MemoryStream(wav)));
        var stream = new MemoryStream(wav);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<VoiceFormatException>(() => new WavReader(stream));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }

    [Fact]
    public void Any_byte_of_a_header_may_be_wrong()
    {
        byte[] wav = new WavBytes
        {
            Tag = 0xFFFE, FmtTail = WavBytes.ExtensibleTail(16, WavBytes.PcmGuid), BeforeData = Chunk("LIST", [1, 2, 3]),
        }.Build();
        var buffer = new float[255];
        int refused = 0;
        for (int at = 0; at < wav.Length; at++)
        {
            foreach (byte value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF, (byte)~wav[at] })
            {
                byte[] damaged = [.. wav];
                damaged[at] = value;
                try
                {
                    using var reader = new WavReader(new WavTrickleStream(new MemoryStream(damaged)));
                    Assert.InRange(WavTools.ReadAll(reader).Length, 0, damaged.Length);
                }
                catch (VoiceFormatException e)
                {
                    refused++;
                    Assert.InRange(e.Offset, 0, damaged.Length);
                }
            }
        }
        Assert.NotEqual(0, refused);
    }

    private static byte[] Chunk(string id, byte[] body, bool padded = true) => WavBytes.Chunk(id, body, padded);

    private static byte[] Head(string text) => [.. Encoding.Latin1.GetBytes(text), .. new byte[40]];

    private static byte[] ManyChunks() => [.. Enumerable.Repeat(Chunk("junk", []), 5000).SelectMany(chunk => chunk)];
}
