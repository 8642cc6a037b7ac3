using VoiceKit.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Audio;

/// <summary>AIFF built by hand: order, sizes and faults.</summary>
public class AiffReaderTests
{
    private static readonly float[] Expected = [1 / 32768f, 32767 / 32768f, -1];

    [Fact]
    public void The_plainest_file_is_read()
    {
        using var reader = new AiffReader(new MemoryStream(new AiffBytes().Build()));
        Assert.Equal(new AudioFormat(44_100, 1), reader.Format);
        Assert.Equal(3, reader.FrameCount);
        Assert.Equal(Expected, WavTools.ReadAll(reader));
        Assert.False(reader.IsTruncated);
    }

    [Theory]
    [InlineData(0x4005, 0xC800_0000_0000_0000, 100)]
    [InlineData(0x400B, 0xFA00_0000_0000_0000, 8000)]
    [InlineData(0x400D, 0xAC44_0000_0000_0000, 22_050)]
    [InlineData(0x400C, 0xAD9C_DCDC_DCDC_DCDC, 11_111)]
    [InlineData(0x4010, 0xBB80_0000_0000_0000, 192_000)]
    [InlineData(0x3FFF, 0x8000_0000_0000_0000, 1)]
    public void The_rate_is_read_from_80_bits(int exponent, ulong mantissa, int expected)
    {
        byte[] rate = [(byte)(exponent >> 8), (byte)exponent, .. BitConverter.GetBytes(mantissa).Reverse()];
        using var reader = new AiffReader(new MemoryStream(new AiffBytes { Rate = rate }.Build()));
        Assert.Equal(expected, reader.Format.SampleRate);
    }

    [Theory]
    [InlineData(8, new byte[] { 0x40, 0x80 }, new[] { 0.5f, -1 })]
    [InlineData(12, new byte[] { 0x40, 0, 0x80, 0 }, new[] { 0.5f, -1 })]
    [InlineData(24, new byte[] { 0x40, 0, 0, 0x80, 0, 0 }, new[] { 0.5f, -1 })]
    [InlineData(32, new byte[] { 0x40, 0, 0, 0, 0x80, 0, 0, 0 }, new[] { 0.5f, -1 })]
    public void Integers_have_the_highest_byte_first(short bits, byte[] data, float[] expected)
    {
        using var reader = new AiffReader(new MemoryStream(new AiffBytes { Bits = bits, Data = data }.Build()));
        Assert.Equal(expected, WavTools.ReadAll(reader));
    }

    [Fact]
    public void Chunks_come_in_any_order_and_with_or_without_padding()
    {
        byte[] odd = AiffBytes.Chunk("NAME", "odd"u8.ToArray());
        byte[] unpadded = AiffBytes.Chunk("ANNO", "odd"u8.ToArray(), isPadded: false);
        byte[][] files =
        [
            new AiffBytes { SoundFirst = true, BetweenChunks = odd, AfterSound = odd }.Build(),
            new AiffBytes { BeforeCommon = odd, BetweenChunks = unpadded, AfterSound = odd }.Build(),
            new AiffBytes { SoundOffset = 10, AfterSound = odd }.Build(),
        ];
        Assert.All(files, file => Assert.Equal(Expected, WavTools.ReadAll(new AiffReader(new MemoryStream(file)))));
        Assert.All(files[1..], file => Assert.Equal(Expected, WavTools.ReadAll(new AiffReader(new TrickleStream(file, 3)))));
        Assert.Throws<VoiceFormatException>(() => new AiffReader(new TrickleStream(files[0], 3)));
    }

    [Fact]
    public void The_sound_ends_where_either_chunk_says()
    {
        Assert.Equal(2, FramesOf(new AiffBytes { Frames = 2 }));
        Assert.Equal(3, FramesOf(new AiffBytes { Frames = 9, AfterSound = AiffBytes.Chunk("NAME", new byte[20]) }));
        Assert.Equal(3, FramesOf(new AiffBytes { Frames = 0 }));
        Assert.Equal(0, FramesOf(new AiffBytes { Data = [] }));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_read_as_far_as_it_goes()
    {
        var whole = new AiffBytes().Build();
        using var reader = new AiffReader(new MemoryStream(whole[..^3]));
        Assert.True(reader.IsTruncated);
        Assert.Equal(Expected[..1], WavTools.ReadAll(reader));
        using var piped = new AiffReader(new TrickleStream(whole[..^3], 5));
        Assert.False(piped.IsTruncated);
        Assert.Equal(Expected[..1], WavTools.ReadAll(piped));
        Assert.True(piped.IsTruncated);
        Assert.Equal(1, piped.FrameCount);
    }

    [Fact]
    public void What_cannot_be_read_is_refused_by_name_and_place()
    {
        Refused(new AiffBytes { Channels = 0 }, "0 channels", 20);
        Refused(new AiffBytes { Channels = -3 }, "-3 channels", 20);
        Refused(new AiffBytes { Bits = 33 }, "33 bits", 26);
        Refused(new AiffBytes { Rate = new byte[10] }, "0 Hz", 28);
        Refused(new AiffBytes { Rate = [0x3F, 0xFE, 0x80, .. new byte[7]] }, "0.5 Hz", 28);
        Refused(new AiffBytes { Rate = [0x7F, 0xFF, .. new byte[8]] }, "Hz", 28);
        Refused(new AiffBytes { Rate = [0xC0, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0] }, "Hz", 28);
        Refused(new AiffBytes { Form = "AIFC", Compression = "ima4" }, "'ima4'", 38);
        Refused(new AiffBytes { SoundOffset = 5000 }, "5000 bytes into", 46);
        Refused(new AiffBytes { SoundOffset = 500, SoundSize = 7 }, "500 bytes into", 46);
        Refused(new AiffBytes { BeforeCommon = AiffBytes.Chunk("\0\0\0\0", []) }, "No chunk", 12);
        Refused(new WavBytes().Build(), "a WAV file", 0);
        Refused([], "empty", 0);
        Refused("FORM"u8.ToArray(), "FORM header", 4);
        Refused(new AiffBytes().Build()[..30], "inside its Common", 30);
        Refused(new AiffBytes().Build()[..38], "without a Sound Data", 38);
    }

    [Fact]
    public void The_chooser_looks_at_the_content_and_names_what_it_does_not_open()
    {
        using var aiff = AudioFiles.Open(new TrickleStream(new AiffBytes().Build(), 5));
        Assert.IsType<AiffReader>(aiff);
        Assert.Equal(Expected, WavTools.ReadAll(aiff));
        using var wav = AudioFiles.Open(new TrickleStream(new WavBytes().Build(), 5));
        Assert.IsType<WavReader>(wav);
        Assert.Equal(3, WavTools.ReadAll(wav).Length);

        var stream = new MemoryStream([.. "fLaC"u8, .. new byte[40]]);
        Assert.Contains("FLAC", Assert.Throws<VoiceFormatException>(() => AudioFiles.Open(stream, leaveOpen: true)).Message);
        Assert.True(stream.CanRead);
        Assert.Throws<VoiceFormatException>(() => AudioFiles.Open(stream));
        Assert.False(stream.CanRead);
        byte[] wma = [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0, 0xAA, 0, 0x62, 0xCE, 0x6C];
        Assert.Contains("WMA", Assert.Throws<VoiceFormatException>(() => AudioFiles.Open(new MemoryStream(wma))).Message);
    }

    [Fact]
    public void Broken_files_give_audio_or_a_format_error_and_pieces_change_nothing()
    {
        byte[] data = [.. Enumerable.Range(0, 500).Select(i => (byte)(i * 7))];
        byte[][] seeds =
        [
            new AiffBytes { Data = data, AfterSound = AiffBytes.Chunk("NAME", new byte[9]) }.Build(),
            new AiffBytes
            {
                Data = data,
                Form = "AIFC",
                Compression = "sowt",
                Channels = 2,
                BeforeCommon = AiffBytes.Chunk("FVER", new byte[4]),
            }.Build(),
            new AiffBytes { Data = data, Form = "AIFC", Compression = "fl32", Bits = 32 }.Build(),
        ];
        var random = new Random(1385);
        var readable = 0;
        for (var i = 0; i < 1500; i++)
        {
            var broken = Mutation.Of(seeds[i % seeds.Length], random);
            var whole = Describe(new MemoryStream(broken), out var isRead);
            Assert.Equal(whole, Describe(new PieceStream(broken, random.Next(1, 60)), out _));
            readable += isRead ? 1 : 0;
        }

        Assert.InRange(readable, 500, 1499);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var file = new AiffBytes { Bits = 24, Data = new byte[3 * 100_000] }.Build();
        using var reader = new AiffReader(new MemoryStream(file));
        var buffer = new float[480];
        reader.Read(buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Read(buffer) > 0)
        {
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long? FramesOf(AiffBytes file)
    {
        using var reader = new AiffReader(new MemoryStream(file.Build()));
        var stated = reader.FrameCount;
        Assert.Equal(stated, WavTools.ReadAll(reader).Length);
        return stated;
    }

    private static void Refused(AiffBytes file, string message, long offset) => Refused(file.Build(), message, offset);

    private static void Refused(byte[] file, string message, long offset)
    {
        var stream = new MemoryStream(file);
        var exception = Assert.Throws<VoiceFormatException>(() => new AiffReader(stream));
        Assert.Contains(message, exception.Message);
        Assert.Equal(offset, exception.Offset);
        Assert.False(stream.CanRead);
    }

    private static string Describe(Stream stream, out bool isRead)
    {
        try
        {
            using var reader = new AiffReader(stream);
            var samples = WavTools.ReadAll(reader, 300);
            Assert.Equal(samples.Length / reader.Format.Channels, reader.FrameCount);
            isRead = true;
            var sum = samples.Aggregate(0, (hash, sample) => hash * 31 + BitConverter.SingleToInt32Bits(sample));
            return $"{reader.Format} {reader.IsTruncated} {sum}";
        }
        catch (VoiceFormatException exception)
        {
            isRead = false;
            return $"{exception.Message} {exception.Offset}";
        }
    }

    private sealed class PieceStream(byte[] data, int most) : MemoryStream(data)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
