using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class WavReaderTests
{
    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => new WavReader(null!));
        using var folder = new WavTempFolder();
        using FileStream writeOnly = new(folder["x"], FileMode.Create, FileAccess.Write);
        Assert.Throws<ArgumentException>(() => new WavReader(writeOnly));
        using var reader = new WavReader(new MemoryStream(new WavBytes { Channels = 2, Data = new byte[8] }.Build()));
        Assert.Throws<ArgumentException>(() => reader.Read(new float[1]));
        Assert.Equal(2, reader.Read(new float[3]));
        Assert.Equal(2, reader.Read(new float[3]));
        Assert.Equal(0, reader.Read(new float[3]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dispose_ends_the_reading_and_disposes_the_stream_when_it_is_its_own(bool leaveOpen)
    {
        var stream = new MemoryStream(new WavBytes().Build());
        var reader = new WavReader(stream, leaveOpen);
        reader.Dispose();
        reader.Dispose();
        Assert.Equal(leaveOpen, stream.CanRead);
        Assert.Throws<ObjectDisposedException>(() => reader.Read(new float[8]));
    }

    [Fact]
    public void Open_leaves_no_handle_behind_when_it_throws()
    {
        using var folder = new WavTempFolder();
        File.WriteAllText(folder["x.wav"], "no sound");
        Assert.Throws<VoiceFormatException>(() => WavReader.Open(folder["x.wav"]));
        using FileStream exclusive = new(folder["x.wav"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Throws<FileNotFoundException>(() => WavReader.Open(folder["absent.wav"]));
    }

    [Theory]
    [InlineData(WavCoding.UInt8)]
    [InlineData(WavCoding.Int16)]
    [InlineData(WavCoding.Int24)]
    [InlineData(WavCoding.Int32)]
    [InlineData(WavCoding.Float32)]
    [InlineData(WavCoding.Float64)]
    [InlineData(WavCoding.ALaw)]
    [InlineData(WavCoding.MuLaw)]
    internal void Reading_allocates_nothing(WavCoding coding)
    {
        ushort tag = coding switch
        {
            WavCoding.Float32 or WavCoding.Float64 => 3,
            WavCoding.ALaw => 6,
            WavCoding.MuLaw => 7,
            _ => 1,
        };
        byte[] data = new byte[2_000_000 * coding.BytesPerSample()];
        byte[] wav = new WavBytes { Tag = tag, Bits = (ushort)(8 * coding.BytesPerSample()), Data = data }.Build();
        using var reader = new WavReader(new WavTrickleStream(new MemoryStream(wav), 9973));
        var buffer = new float[997];
        reader.Read(buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int reads = 0;
        while (reader.Read(buffer) > 0)
            reads++;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(reads > 2000);
    }
}
