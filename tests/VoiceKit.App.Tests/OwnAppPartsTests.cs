using VoiceKit.App.Tests.Own;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Importing;
using VoiceKit.Opus;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;
using VoiceKit.Testing;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.App.Tests;

/// <summary>An app's own recorder, encoder, importer, store and container in the place of the library's.</summary>
public class OwnAppPartsTests
{
    private static readonly AudioFormat Format = new(16_000, 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_is_recorded_kept_and_played_by_own_parts_as_by_the_librarys(bool isOwn)
    {
        using var folder = new TemporaryFolder();
        var codec = new OwnCodec();
        var encoder = new OwnEncoder(new VoiceEncoder(codec));
        var sound = Tone(32_000, 0.5f);
        await using IVoiceRecorder recorder = isOwn
            ? new OwnRecorder(encoder, sound, Format)
            : new VoiceRecorder(new OwnMicrophone(TimeSpan.FromSeconds(2)), codec, new VoiceRecorderOptions { Drafts = null });
        IVoiceImporter importer = isOwn ? new OwnImporter(encoder) : new VoiceImporter(codec);
        using IVoiceMessageStore store = isOwn ? new OwnStore() : new VoiceMessageStore(folder["store"]);
        var speaker = new TestSpeaker();
        await using IVoicePlayer player = new VoicePlayer(speaker, codec);
        var page = new VoiceNotePage(recorder, importer, store, player);

        var recorded = await page.RecordAsync(Task.CompletedTask);
        Assert.Equal(TimeSpan.FromSeconds(2), recorded.Duration);
        Assert.All(recorded.Bars.Take(60), bar => Assert.InRange(bar, 0.3f, 1f));
        using var file = new MemoryStream(isOwn ? [.. sound.Select(sample => (byte)(128 + 100 * sample))] : Wav(sound));
        var imported = await page.ImportAsync(file, "Anna");
        Assert.Equal(TimeSpan.FromSeconds(2), imported.Duration);

        Assert.Equal("Anna", (await store.ListAsync(new VoiceMessageQuery { Sender = "Anna" }).SingleAsync()).Sender);
        Assert.True(await store.ExportAsync(recorded.Id, folder["out.opus"]));
        Assert.Empty(Oracle.Warnings(folder["out.opus"]));
        Assert.True(await store.ExportWavAsync(imported.Id, folder["out.wav"], codec));
        using (var wav = AudioFiles.Open(folder["out.wav"]))
            Assert.Equal(96_000, wav.FrameCount);

        await page.PlayAsync(recorded.Id);
        await speaker.PlayToEndAsync();
        Assert.InRange(speaker.Played.Max(), 0.4f, 0.6f);
        Assert.Equal(isOwn ? 2 : 0, encoder.Encoded);
        Assert.Equal(isOwn ? "own" : codec.Name, (await store.OpenAsync(recorded.Id))!.Tags.Vendor);
    }

    [Fact]
    public async Task An_own_container_is_decoded_drawn_sought_in_and_written_to_another()
    {
        using var folder = new TemporaryFolder();
        var message = await VoiceMessage.EncodeAsync(Tone(32_000, 0.4f), Format, TestOpusCodec.Default);
        var packets = OwnPacketReader.Of(message);
        var direct = ReadAll(message.OpenAudio(TestOpusCodec.Default));
        using (var audio = new OpusAudioReader(packets, TestOpusCodec.Default))
        {
            Assert.Equal(direct, ReadAll(audio));
            Assert.True(audio.CanSeek);
            audio.Seek(60_000);
            Assert.Equal(direct.Length - 60_000, ReadAll(audio).Length);
            await audio.SeekAsync(0);
            var bars = Waveform.FromAudio(audio, 8);
            Assert.All(bars.Peaks.ToArray(), peak => Assert.InRange(peak, 0.3f, 0.5f));
        }

        Assert.True(packets.IsDisposed);
        await using (var file = File.Create(folder["own.webm"]))
            await CopyAsync(OwnPacketReader.Of(message), file, OpusContainer.WebM);
        var (format, _) = Oracle.Run(
            "ffprobe", "-v", "error", "-show_entries", "format=format_name", "-of", "csv=p=0", folder["own.webm"]);
        Assert.Contains("webm", format, StringComparison.Ordinal);
        await using var back = File.OpenRead(folder["own.webm"]);
        Assert.Equal(message.Duration, (await OpusInfo.ReadAsync(back)).Duration);
    }

    [Fact]
    public async Task An_own_writer_of_packets_is_written_to_by_an_own_encoder_factory()
    {
        IOpusEncoderFactory encoders = new OwnCodec();
        using var output = new MemoryStream();
        var encoder = encoders.CreateEncoder(new OpusEncoderOptions { SampleRate = 16_000 });
        var packets = new OwnPacketWriter(output, OpusHead.Of(encoder), new OpusTags("own"));
        await using (var writer = new OpusAudioWriter(packets, encoder))
        {
            await writer.WriteAsync(Tone(16_000, 0.4f));
            await writer.FinishAsync();
        }

        var message = VoiceMessage.FromBytes(output.ToArray());
        Assert.Equal((TimeSpan.FromSeconds(1), "own"), (message.Duration, message.Tags.Vendor));
        Assert.Equal(packets.Packets, message.Info.PacketCount);
        IOpusDecoderFactory decoders = new OwnCodec();
        Assert.Equal(48_000, ReadAll(message.OpenAudio(decoders)).Length);
    }

    [Fact]
    public async Task An_own_processor_is_taken_by_an_importer()
    {
        var importer = new VoiceImporter(
            new OwnCodec(), options: new VoiceImportOptions { Processors = [format => new OwnMute(format)] });
        var message = await importer.ImportAsync(new MemoryStream(Wav(Tone(32_000, 0.5f))));
        var bars = await message.GetWaveformAsync(new OwnCodec(), 4);
        Assert.True(bars.Peaks[0] > 0.4f && bars.Peaks[3] < 0.01f, $"{bars.Peaks[0]}, {bars.Peaks[3]}");
        Assert.Equal(TimeSpan.FromSeconds(2), message.Duration);
    }

    private static async Task CopyAsync(OwnPacketReader reader, Stream output, OpusContainer container)
    {
        await using var writer = OpusContainers.CreateWriter(output, container, reader.Head, reader.Tags, leaveOpen: true);
        while (await reader.ReadAsync())
            await writer.WritePacketAsync(reader.Packet.ToArray());
        await writer.FinishAsync(reader.PacketInfo.TrimEnd);
    }

    private static float[] ReadAll(IAudioReader reader)
    {
        var all = new List<float>();
        var buffer = new float[10_000];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }

    private static float[] Tone(int frames, float loudness) =>
        [.. Enumerable.Range(0, frames).Select(frame => loudness * MathF.Sin(2 * MathF.PI * 400 * frame / Format.SampleRate))];

    private static byte[] Wav(float[] sound)
    {
        using var wav = new MemoryStream();
        using (var writer = new WavWriter(wav, Format, leaveOpen: true))
            writer.Write(sound);
        return wav.ToArray();
    }
}
