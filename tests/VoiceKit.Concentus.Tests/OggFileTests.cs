using Concentus;
using Concentus.Enums;
using Concentus.Oggfile;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using OggTags = Concentus.Oggfile.OpusTags;

namespace VoiceKit.Concentus.Tests;

/// <summary>Files of Concentus.OggFile, which writes no pre-skip and no end trimming, and what it makes of ours.</summary>
public class OggFileTests
{
    static OggFileTests() => OpusCodecFactory.AttemptToUseNativeLibrary = false;

    [Theory]
    [InlineData(1, 100_001)]
    [InlineData(2, 960 * 60)]
    [InlineData(1, 48_000 * 12)]
    public void What_it_writes_is_read_whole(int channels, int frames)
    {
        var pcm = Signals.Voice(frames, 48_000, channels);
        var file = Write(pcm, channels);
        using var stream = new MemoryStream(file);
        var info = OpusInfo.Read(stream);

        // It fills the last packet with silence, and adds one when nothing is left to fill; an empty one ends the file.
        var expected = (frames / 960 + 1) * 960;
        Assert.Equal((0, channels), (info.Head.PreSkip, info.Head.Channels));
        Assert.Equal(expected, info.Samples);
        Assert.Equal("VoiceKit test", Assert.Single(info.Tags.Comments, comment => comment.Name == "TITLE").Value);

        var decoded = Pcm.Decode(file);
        Assert.Equal(expected * channels, decoded.Length);
        var ratio = Pcm.SignalToError(pcm.AsSpan(0, pcm.Length - 312 * channels), decoded.AsSpan(312 * channels));
        Assert.True(ratio > 6, $"{ratio} dB");
    }

    [Fact]
    public async Task What_it_writes_can_be_cut_and_kept()
    {
        using var folder = new TemporaryFolder();
        var message = VoiceMessage.FromBytes(Write(Signals.Voice(96_000), 1));
        var cut = await message.TrimAsync(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.25));
        await cut.SaveAsync(folder["a.opus"]);
        Assert.Equal(36_000, cut.Info.Samples);
        Assert.Empty(Oracle.Warnings(folder["a.opus"]));
        Assert.Equal(36_000, Oracle.OpusDec(folder["a.opus"]).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_reads_what_we_write(int channels)
    {
        var format = new AudioFormat(48_000, channels);
        var options = new VoiceEncodingOptions { Channels = channels, Comments = [new("ARTIST", "Ann")] };
        var file = Pcm.Encode(Signals.Voice(150_000, 48_000, channels), format, options);
        var expected = Pcm.Decode(file);

        var reader = new OpusOggReadStream(OpusCodecFactory.CreateDecoder(48_000, channels), new MemoryStream(file));
        var all = new List<float>();
        while (reader.HasNextPacket && reader.DecodeNextPacket() is { } packet)
            all.AddRange(packet.Select(sample => sample * Pcm.Lsb));

        // It leaves it to the app to skip what is before the start and behind the end.
        Assert.Null(reader.LastError);
        Assert.Equal("Ann", reader.Tags.Fields["ARTIST"]);
        Assert.Equal(LibOpusCodec.Default.Name, reader.Tags.Comment);
        Assert.Equal(Pcm.PacketsOf(file).Length * 960 * channels, all.Count);
        var ratio = Pcm.SignalToError(expected, [.. all.Skip(312 * channels).Take(expected.Length)]);
        Assert.True(ratio > 60, $"{ratio} dB");
    }

    private static byte[] Write(float[] pcm, int channels)
    {
        using var file = new MemoryStream();
        var encoder = OpusCodecFactory.CreateEncoder(48_000, channels, OpusApplication.OPUS_APPLICATION_AUDIO);
        encoder.Bitrate = 48_000 * channels;
        encoder.Complexity = 5;
        var tags = new OggTags { Fields = { ["TITLE"] = "VoiceKit test" } };
        var writer = new OpusOggWriteStream(encoder, file, tags, leaveOpen: true);
        writer.WriteSamples(pcm, 0, pcm.Length);
        writer.Finish();
        return file.ToArray();
    }
}
