using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Caf;

/// <summary>CAF counts its frames at any rate of Opus; what is heard stays the same.</summary>
public class CafRateTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(12_000)]
    [InlineData(16_000)]
    [InlineData(24_000)]
    [InlineData(48_000)]
    public void A_file_is_counted_at_its_rate(int rate)
    {
        foreach (var milliseconds in new[] { 2.5, 20, 60 })
        {
            var options =
                new VoiceEncodingOptions { Encoder = new() { PacketDuration = TimeSpan.FromMilliseconds(milliseconds) } };
            var ogg = Pcm.Encode(Signals.Voice(60_000), new AudioFormat(48_000, 1), options);
            var file = new MemoryStream();
            var report = OpusEditor.RemuxToCaf(new MemoryStream(ogg), file, rate);
            var caf = file.ToArray();
            Assert.Equal(rate, BinaryPrimitives.ReadDoubleBigEndian(caf.AsSpan(20)));
            Assert.Equal(milliseconds * rate / 1000, BinaryPrimitives.ReadInt32BigEndian(caf.AsSpan(40)));
            var table = caf.AsSpan().IndexOf("pakt"u8) + 12;
            var step = 48_000 / rate;
            Assert.Equal(312 / step, BinaryPrimitives.ReadInt32BigEndian(caf.AsSpan(table + 16)));

            var (before, after) = (OpusInfo.Read(new MemoryStream(ogg)), OpusInfo.Read(new MemoryStream(caf)));
            Assert.Equal((before.Samples, before.PacketCount), (after.Samples, after.PacketCount));
            Assert.Equal(before.Samples, report.Samples);
            Assert.Equal(Pcm.Decode(ogg), Pcm.Decode(caf));
        }
    }

    [Fact]
    public void Ends_between_two_frames_are_told_to_the_frame()
    {
        var ogg = Pcm.Encode(Signals.Voice(50_001), new AudioFormat(48_000, 1));
        var file = new MemoryStream();
        OpusEditor.RemuxToCaf(new MemoryStream(ogg), file, 8000);
        Assert.InRange(OpusInfo.Read(new MemoryStream(file.ToArray())).Samples, 50_001, 50_006);
        Assert.Throws<ArgumentOutOfRangeException>(() => OpusEditor.RemuxToCaf(new MemoryStream(ogg), file, 44_100));
    }
}
