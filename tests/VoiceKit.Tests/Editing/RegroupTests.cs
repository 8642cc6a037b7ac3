using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>Packets of another duration hold the same audio.</summary>
public class RegroupTests
{
    [Theory]
    [InlineData(20, 60)]
    [InlineData(60, 20)]
    [InlineData(20, 120)]
    [InlineData(120, 20)]
    [InlineData(2.5, 100)]
    [InlineData(40, 40)]
    [InlineData(10, 60)]
    public void A_regrouped_message_decodes_to_the_same_samples(double before, double after)
    {
        using var folder = new TemporaryFolder();
        foreach (var frames in new[] { 1, 700, 48_000, 48_000 * 3 + 123 })
        {
            var file = Encode(frames, before);
            var bytes = new MemoryStream();
            var report = OpusEditor.Regroup(new MemoryStream(file), bytes, TimeSpan.FromMilliseconds(after));
            Assert.Equal(frames, report.Samples);
            Assert.Equal(Pcm.Decode(file), Pcm.Decode(bytes.ToArray()));
            Assert.True(OggOpusCheck.Run(new MemoryStream(bytes.ToArray())).IsConforming);
            File.WriteAllBytes(folder["x.opus"], bytes.ToArray());
            Assert.Equal(frames, Oracle.OpusDec(folder["x.opus"]).Length);
        }
    }

    [Fact]
    public void Whatsapps_shape_is_three_frames_of_20_ms_with_code_3()
    {
        var encoder = new OpusEncoderOptions { SampleRate = 16_000, Bitrate = 16_000 };
        var pcm = Signals.Voice(16_000 * 4, 16_000);
        var file = Pcm.Encode(pcm, new(16_000, 1), new VoiceEncodingOptions { Encoder = encoder, Channels = 1 });
        var bytes = new MemoryStream();
        OpusEditor.Regroup(new MemoryStream(file), bytes, TimeSpan.FromMilliseconds(60), forceCode3: true);
        var packets = Pcm.PacketsOf(bytes.ToArray());
        Assert.All(packets, packet => Assert.Equal(3, packet[0] & 3));
        Assert.All(packets.SkipLast(1), packet => Assert.Equal((9, 3), (packet[0] >> 3, OpusPacket.Parse(packet).FrameCount)));
        Assert.Equal(Pcm.Decode(file), Pcm.Decode(bytes.ToArray()));
    }

    [Fact]
    public void There_and_back_the_packets_are_the_same()
    {
        var file = Encode(48_000 * 3, 20);
        var (grouped, back) = (new MemoryStream(), new MemoryStream());
        OpusEditor.Regroup(new MemoryStream(file), grouped, TimeSpan.FromMilliseconds(60));
        OpusEditor.Regroup(new MemoryStream(grouped.ToArray()), back, TimeSpan.FromMilliseconds(20));
        Assert.Equal(Pcm.PacketsOf(file), Pcm.PacketsOf(back.ToArray()));
    }

    [Fact]
    public void Surround_and_odd_durations_are_refused()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-ac", "6", "-c:a", "libopus", folder["x.opus"]);
        using var surround = File.OpenRead(folder["x.opus"]);
        Assert.Throws<VoiceFormatException>(() => OpusEditor.Regroup(surround, Stream.Null, TimeSpan.FromMilliseconds(60)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => OpusEditor.Regroup(Stream.Null, Stream.Null, TimeSpan.FromMilliseconds(30)));
    }

    [Theory]
    [InlineData((int)OpusGainMode.Header, -3)]
    [InlineData((int)OpusGainMode.Track, -7)]
    [InlineData((int)OpusGainMode.Album, 1)]
    [InlineData((int)OpusGainMode.None, 0)]
    public void Gains_of_header_and_tags_are_applied_as_asked(int mode, double decibels)
    {
        var plain = Encode(48_000, 20);
        var bytes = new MemoryStream();
        var tags = new OpusTags("test", new("R128_TRACK_GAIN", $"{-4 * 256}"), new("R128_ALBUM_GAIN", $"{4 * 256}"));
        using (var writer = new OggOpusWriter(bytes, new OpusHead(1, 312, 48_000, -3 * 256), tags, leaveOpen: true))
        {
            foreach (var packet in Pcm.PacketsOf(plain))
                writer.WritePacket(packet);
            writer.Finish();
        }

        using var reader =
            new OpusAudioReader(new MemoryStream(bytes.ToArray()), LibOpusCodec.Default) { GainMode = (OpusGainMode)mode };
        var expected = Pcm.Decode(plain);
        var actual = Pcm.ReadAll(reader);
        var factor = (float)Math.Pow(10, decibels / 20);

        // libopus computes the power of two by a polynomial, right to four digits.
        const float Tolerance = 1e-4f;
        float[] amplified = [.. expected.Select(sample => sample * factor)];
        Pcm.AssertClose($"{(OpusGainMode)mode}", amplified, actual[..expected.Length], Tolerance);
    }

    [Fact]
    public async Task A_message_is_trimmed_split_and_joined()
    {
        var message = VoiceMessage.FromBytes(Encode(48_000 * 3, 20));
        var part = await message.TrimAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5));
        Assert.Equal(TimeSpan.FromSeconds(0.5), part.Duration);
        var parts = await message.SplitAsync(TimeSpan.FromSeconds(2));
        var joined = await VoiceMessage.JoinAsync([parts[0], part, parts[1]]);
        Assert.Equal(TimeSpan.FromSeconds(3.5), joined.Duration);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => message.TrimAsync(TimeSpan.FromSeconds(4)));
    }

    private static byte[] Encode(int frames, double packet)
    {
        var encoder = new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(packet), Bitrate = 24_000 };
        return Pcm.Encode(Signals.Voice(frames), new(48_000, 1), new VoiceEncodingOptions { Encoder = encoder, Channels = 1 });
    }
}
