using System.Text;
using VoiceKit.Audio;
using VoiceKit.Editing;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Importing;

/// <summary>
/// Recordings that are odd in ways that were met: nothing is lost in silence, and nothing is told that should not be.
/// </summary>
public class WildImportTests
{
    private static readonly VoiceImporter Importer = new(LibOpusCodec.Default);

    [Theory]
    [InlineData(1f)]
    [InlineData(0.95f)]
    public async Task Opposite_channels_are_warned_of_and_one_is_taken(float other)
    {
        var mono = Signals.Voice(48_000 * 2);
        var wav = Wav([.. mono.SelectMany(sample => new[] { sample, -other * sample })], 2);
        var told = new List<string>();
        var message = await Importer.ImportAsync(new MemoryStream(wav), new() { Warned = told.Add });
        Assert.Equal([VoiceImportWarning.OppositeChannels], told);
        using var audio = message.OpenAudio();
        Assert.InRange(Pcm.ReadAll(audio).Max(Math.Abs), 0.5f * mono.Max(Math.Abs), 2);
        var preview = await Importer.PreviewAsync(new MemoryStream(wav));
        Assert.Equal([VoiceImportWarning.OppositeChannels], preview.Warnings);
        Assert.InRange(preview.Waveform.Peak, 0.5f * mono.Max(Math.Abs), 2);
    }

    [Fact]
    public async Task Opposite_channels_of_Opus_do_not_vanish_when_it_is_encoded_again()
    {
        var mono = Signals.Voice(48_000 * 2);
        float[] opposite = [.. mono.SelectMany(sample => new[] { sample, -sample })];
        var options = new VoiceEncodingOptions
        {
            Channels = 2,
            Encoder = new() { Channels = 2, Bitrate = 128_000, Application = OpusApplication.Audio },
        };
        var opus = Pcm.Encode(opposite, new AudioFormat(48_000, 2), options);
        var told = new List<string>();
        var message = await Importer.ImportAsync(new MemoryStream(opus), new() { ForceEncoding = true, Warned = told.Add });
        using var audio = message.OpenAudio();
        Assert.InRange(Pcm.ReadAll(audio).Max(Math.Abs), 0.5f * mono.Max(Math.Abs), 2);
        Assert.Equal([VoiceImportWarning.OppositeChannels], told);
    }

    [Fact]
    public async Task Usual_stereo_and_silence_are_not_warned_of()
    {
        var random = new Random(4);
        float[] stereo = [.. Signals.Voice(96_000).SelectMany(
            sample => new[] { sample, sample + 0.01f * (float)random.NextDouble() })];
        foreach (var pcm in new[] { stereo, new float[96_000] })
        {
            var preview = await Importer.PreviewAsync(new MemoryStream(Wav(pcm, 2)));
            Assert.Empty(preview.Warnings);
            await Importer.ImportAsync(new MemoryStream(Wav(pcm, 2)), new() { Warned = warning => Assert.Fail($"{warning}") });
        }
    }

    // As samples are whose bits stand lower than the header says.
    [Fact]
    public async Task What_is_all_but_silent_while_its_bytes_are_not_is_warned_of()
    {
        var random = new Random(2);
        var data = Wav(
            [.. Enumerable.Range(0, 96_000).Select(
                _ => 1e-5f * (float)(2 * random.NextDouble() - 1))], 1, WavSampleFormat.Float32);
        var told = new List<string>();
        await Importer.ImportAsync(new MemoryStream(data), new() { Warned = told.Add });
        Assert.Equal([VoiceImportWarning.AllButSilent], told);
        Assert.Equal([VoiceImportWarning.AllButSilent], (await Importer.PreviewAsync(new MemoryStream(data))).Warnings);
    }

    [Fact]
    public async Task A_strip_leaves_the_packets_and_the_loudness_alone()
    {
        var tags = new OpusTags(
            "Lavf",
            new OpusComment("ARTIST", "Anna"),
            new OpusComment("LOCATION", "52.5,13.4"),
            new OpusComment("R128_TRACK_GAIN", "100"))
            .Add(new OpusPicture(OpusPictureType.FrontCover, "image/png", new byte[3000]));
        var bytes = new MemoryStream();
        OggOpusTagEditor.Copy(new MemoryStream(Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1))), bytes, _ => tags);
        foreach (var container in new[] { OpusContainer.Ogg, OpusContainer.WebM, OpusContainer.Mp4, OpusContainer.Caf })
        {
            var file = new MemoryStream();
            OpusEditor.Remux(new MemoryStream(bytes.ToArray()), file, container);
            var message = await Importer.ImportAsync(new MemoryStream(file.ToArray()), new() { StripTags = true });
            Assert.DoesNotContain(message.Tags.Comments, comment => comment.Name != OpusTagNames.R128TrackGain);
            Assert.DoesNotContain("Anna", Encoding.Latin1.GetString(message.ToArray()));
            Assert.Equal(Pcm.PacketsOf(bytes.ToArray()), Pcm.PacketsOf(message.ToArray()));
            Assert.Equal(container == OpusContainer.Ogg ? (short)100 : message.Tags.TrackGain, message.Tags.TrackGain);
            Assert.NotEqual(
                VoiceImportAction.Take,
                (await Importer.PreviewAsync(new MemoryStream(file.ToArray()), new() { StripTags = true })).Action);
        }
    }

    [Theory]
    [InlineData("#!SILK_V3")]
    [InlineData("\u0002#!SILK_V3")]
    public async Task Silk_of_QQ_and_WeChat_is_named(string magic)
    {
        byte[] silk = [.. Encoding.Latin1.GetBytes(magic), 12, 0, .. new byte[500]];
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(silk)));
        Assert.Contains("QQ/WeChat SILK: not Opus", exception.Message);
        Assert.Contains("WAV", exception.Message);
        Assert.Equal(0, exception.Offset);
        Assert.Contains("QQ/WeChat SILK", Assert.Throws<VoiceFormatException>(() => VoiceMessage.FromBytes(silk)).Message);
    }

    [Theory]
    [InlineData("Creative Voice File\u001a", "Creative Voice")]
    [InlineData("NIST_1A\n   1024\n", "SPHERE")]
    [InlineData("nut/multimedia container\0", "NUT")]
    [InlineData("%PDF-1.7 and so on", "PDF")]
    public async Task What_begins_with_letters_is_no_text(string start, string name)
    {
        byte[] bytes = [.. Encoding.Latin1.GetBytes(start), .. new byte[500]];
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(bytes)));
        Assert.Contains(name, exception.Message);
        Assert.DoesNotContain("a text", exception.Message);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    [InlineData(187)]
    public async Task A_rate_that_is_not_encoded_is_told_with_its_place(int rate)
    {
        var wav = Wav(new float[4000], 1);
        var place = wav.AsSpan().IndexOf("fmt "u8) + 12;
        BitConverter.TryWriteBytes(wav.AsSpan(place), rate);
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(wav)));
        Assert.Equal(place, exception.Offset);
        Assert.Contains($"{rate} Hz", exception.Message);

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.wav"], Wav(new float[4000], 1));
        Oracle.Run("sox", folder["a.wav"], folder["a.aiff"]);
        var aiff = File.ReadAllBytes(folder["a.aiff"]);
        var at = aiff.AsSpan().IndexOf("COMM"u8) + 16;
        var exponent = 16383 + (int)Math.Floor(Math.Log2(rate));
        (aiff[at], aiff[at + 1]) = ((byte)(exponent >> 8), (byte)exponent);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(
            aiff.AsSpan(at + 2), (ulong)rate << (63 - (int)Math.Floor(Math.Log2(rate))));
        exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(aiff)));
        Assert.Equal(at, exception.Offset);
    }

    private static byte[] Wav(float[] pcm, int channels, WavSampleFormat format = WavSampleFormat.Pcm16)
    {
        var bytes = new MemoryStream();
        using (var writer = new WavWriter(bytes, new AudioFormat(48_000, channels), format, leaveOpen: true))
        {
            writer.Write(pcm);
            writer.Complete();
        }

        return bytes.ToArray();
    }
}
