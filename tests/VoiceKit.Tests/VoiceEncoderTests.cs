using System.Buffers.Binary;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests;

public class VoiceEncoderTests
{
    private static readonly AudioFormat Format = new(48_000, 1);
    private static readonly float[] Voice = Signals.Voice(150_001);

    public static TheoryData<string> Ways => [.. Options.Keys];

    private static Dictionary<string, VoiceEncodingOptions> Options { get; } = new()
    {
        ["default"] = With(new OpusEncoderOptions()),
        ["long packets"] = With(new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(60) }),
        ["short packets"] = With(new OpusEncoderOptions { PacketDuration = TimeSpan.FromMilliseconds(2.5), Bitrate = 64_000 }),
        ["pauses"] = With(new OpusEncoderOptions { UseDtx = true, Bitrate = 12_000 }),
        ["stereo at 16 kHz"] = With(new OpusEncoderOptions()) with { Channels = 2, SampleRate = 16_000 },
        ["two cores"] = With(new OpusEncoderOptions { Complexity = 0 }) with { MaxDegreeOfParallelism = 2 },
        ["large comments"] = With(new OpusEncoderOptions()) with
        {
            Comments = [new OpusComment("COMMENT", new string('x', 200_000))],
        },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_the_encoder_knows_is_what_a_reader_finds(string way)
    {
        foreach (var length in new[] { 0, 1, 4800, Voice.Length })
        {
            var message = await VoiceMessage.EncodeAsync(Voice.AsMemory(0, length), Format, LibOpusCodec.Default, Options[way]);
            AssertSame(OpusInfo.Read(new MemoryStream(message.ToArray()), new OpusReaderOptions { Strict = true }), message.Info);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Output_that_must_not_block_gets_the_same_bytes(string way)
    {
        IVoiceEncoder encoder = new VoiceEncoder(LibOpusCodec.Default, Options[way]);
        var told = TimeSpan.Zero;
        var bytes = new MemoryStream();
        var length = await encoder.EncodeAsync(
            new PcmReader(Voice, Format), new AsyncOnlyStream(bytes), progress: new Told(time => told = time));
        var message = await encoder.EncodeAsync(Voice, Format);
        Assert.Equal(message.ToArray(), bytes.ToArray());
        Assert.Equal((length, length), (message.Duration, told));

        var same = new MemoryStream();
        Assert.Equal(length, new VoiceEncoder(LibOpusCodec.Default).Encode(new PcmReader(Voice, Format), same, Options[way]));
        Assert.Equal(bytes.ToArray(), same.ToArray());
    }

    [Fact]
    public async Task Cancelled_work_ends()
    {
        IVoiceEncoder encoder = new VoiceEncoder(LibOpusCodec.Default);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoder.EncodeAsync(
            new PcmReader(Voice, Format),
            new AsyncOnlyStream(new MemoryStream()),
            null,
            new Told(_ => source.Cancel()),
            source.Token));
    }

    [Fact]
    public async Task Wav_and_Aiff_files_are_told_by_their_content()
    {
        using var folder = new TemporaryFolder();
        var pcm = Signals.Voice(48_000);
        using (var writer = new WavWriter(File.Create(folder["a.aif"]), Format, WavSampleFormat.Float32))
        {
            writer.Write(pcm);
            writer.Complete();
        }

        File.WriteAllBytes(folder["b.wav"], Aiff(pcm));
        var wav = await VoiceMessage.EncodeAsync(folder["a.aif"], LibOpusCodec.Default);
        var aiff = await VoiceMessage.EncodeAsync(folder["b.wav"], LibOpusCodec.Default);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), (wav.Duration, aiff.Duration));
        File.WriteAllText(folder["c.wav"], "neither");
        await Assert.ThrowsAsync<VoiceFormatException>(() => VoiceMessage.EncodeAsync(folder["c.wav"], LibOpusCodec.Default));
    }

    // 16 bits, big-endian; the rate 48,000 as an 80-bit float.
    private static byte[] Aiff(float[] pcm)
    {
        var data = new byte[pcm.Length * 2];
        for (var i = 0; i < pcm.Length; i++)
            BinaryPrimitives.WriteInt16BigEndian(data.AsSpan(2 * i), (short)(pcm[i] * 32_767));
        byte[] common = [0, 1, .. Number(pcm.Length), 0, 16, 0x40, 0x0E, 0xBB, 0x80, 0, 0, 0, 0, 0, 0];
        byte[] sound = [.. Number(0), .. Number(0), .. data];
        byte[] body = [.. "AIFFCOMM"u8, .. Number(common.Length), .. common, .. "SSND"u8, .. Number(sound.Length), .. sound];
        return [.. "FORM"u8, .. Number(body.Length), .. body];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static VoiceEncodingOptions With(OpusEncoderOptions encoder) =>
        new() { Encoder = encoder, Container = new OpusWriterOptions { Serial = 1 }, Comments = [new OpusComment("TITLE", "x")] };

    private static void AssertSame(OpusInfo found, OpusInfo known)
    {
        Assert.Equal(
            (found.Container, found.Samples, found.LostSamples, found.GapSamples, found.LinkCount, found.PageCount),
            (known.Container, known.Samples, known.LostSamples, known.GapSamples, known.LinkCount, known.PageCount));
        Assert.Equal(
            (found.PacketCount, found.PacketBytes, found.Mode, found.Bandwidth, found.PacketDuration, found.DefectCount),
            (known.PacketCount, known.PacketBytes, known.Mode, known.Bandwidth, known.PacketDuration, known.DefectCount));
        var (one, other) = (Assert.Single(found.Links), Assert.Single(known.Links));
        Assert.Equal(one.Samples, other.Samples);
        Assert.Equal(one.Tags.Vendor, other.Tags.Vendor);
        Assert.Equal(one.Tags.Comments, other.Tags.Comments);
        Assert.Equal(
            (one.Head.Channels, one.Head.PreSkip, one.Head.InputSampleRate, one.Head.OutputGain, one.Head.Version),
            (other.Head.Channels, other.Head.PreSkip, other.Head.InputSampleRate, other.Head.OutputGain, other.Head.Version));
        Assert.Equal(found.Defects, known.Defects);
    }
}
