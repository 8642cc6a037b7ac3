using System.Text;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Audio;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Importing;

/// <summary>What needs no other program to import.</summary>
public class VoiceImporterTests
{
    private static readonly AudioFormat Mono = new(48_000, 1);
    private static readonly VoiceImporter Importer = new(LibOpusCodec.Default);

    public static TheoryData<string> Recordings => [.. BrowserRecording.All.Select(recording => recording.Name)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task A_browsers_recording_is_taken_bit_for_bit(string name)
    {
        var file = BrowserRecording.Get(name).Load();
        var message = await Importer.ImportAsync(new MemoryStream(file));
        using var expected = OpusContainers.Open(new MemoryStream(file));
        using var actual = OggOpusReader.Open(message.OpenRead());
        var count = 0;
        while (expected.Read())
        {
            Assert.True(actual.Read());
            if (expected.PacketInfo.LostBefore > 0)
                break; // What is lost becomes packets of its own.
            Assert.True(expected.Packet.SequenceEqual(actual.Packet));
            count++;
        }

        Assert.InRange(count, 10, int.MaxValue);
        Assert.Equal(OpusInfo.Read(new MemoryStream(file)).Samples, message.Info.Samples);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_Ogg_Opus_file_stays_byte_for_byte(bool canSeek)
    {
        var file = Pcm.Encode(Signals.Voice(48_000), Mono);
        var message = await Importer.ImportAsync(canSeek ? new MemoryStream(file) : new TrickleStream(file, 500));
        Assert.Equal(file, BytesOf(message));
    }

    [Fact]
    public async Task What_fails_is_told_and_options_of_the_importers_own_count_where_a_call_has_none()
    {
        var importer = new VoiceImporter(
            LibOpusCodec.Default, options: new VoiceImportOptions { MaxDuration = TimeSpan.FromSeconds(0.5) });
        var told = new List<Exception>();
        importer.Failed += (_, exception) => told.Add(exception);
        var file = Pcm.Encode(Signals.Voice(48_000), Mono);
        Assert.Equal(24_000, (await importer.ImportAsync(new MemoryStream(file))).Info.Samples);
        Assert.Equal(48_000, (await importer.ImportAsync(new MemoryStream(file), new VoiceImportOptions())).Info.Samples);
        Assert.Equal(TimeSpan.FromSeconds(0.5), (await importer.PreviewAsync(new MemoryStream(file))).Duration);
        Assert.Empty(told);

        Exception[] thrown =
        [
            await Assert.ThrowsAsync<VoiceFormatException>(() => importer.ImportAsync(new MemoryStream([1, 2, 3]))),
            await Assert.ThrowsAsync<VoiceFormatException>(() => importer.PreviewAsync(new MemoryStream([1, 2, 3]))),
        ];
        Assert.Equal(thrown, told);
    }

    [Fact]
    public async Task Opus_whose_channels_mean_nothing_is_neither_shown_nor_taken()
    {
        using var file = new MemoryStream();
        var head = OpusHead.Parse([.. "OpusHead"u8, 1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 255, 2, 0, 0, 1]);
        using (var writer = new OggOpusWriter(file, head, new OpusTags("test"), null, leaveOpen: true))
            writer.WritePacket([0xF8, 2, 0xFF, 0xFE, 0xF8, 0xFF, 0xFE]); // Two streams of silence, the first with its size.
        var shown = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.PreviewAsync(new MemoryStream(file.ToArray())));
        Assert.Contains("family 255", shown.Message, StringComparison.Ordinal);
        var taken = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(file.ToArray())));
        Assert.Equal(shown.Message, taken.Message);
    }

    [Fact]
    public async Task The_work_is_done_where_the_app_says()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var importer = new VoiceImporter(LibOpusCodec.Default) { Scheduler = scheduler };
        var found = new List<TaskScheduler>();
        var options = new VoiceImportOptions
        {
            RefuseOpus = _ =>
            {
                found.Add(TaskScheduler.Current);
                return null;
            },
        };
        var file = Pcm.Encode(Signals.Voice(48_000), Mono);
        await importer.PreviewAsync(new TrickleStream(file, 500), options);
        await importer.ImportAsync(new TrickleStream(file, 500), options);
        Assert.Equal([scheduler, scheduler], found);
        var fault = await Assert.ThrowsAsync<VoiceFormatException>(() => importer.ImportAsync(new MemoryStream([1, 2, 3])));
        Assert.Contains("format", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opus_is_encoded_again_where_options_say_so()
    {
        var file = Pcm.Encode(Signals.Voice(48_000), Mono);
        var forced = await Importer.ImportAsync(new MemoryStream(file), new VoiceImportOptions { ForceEncoding = true });
        Assert.Equal(48_000, forced.Info.Samples);
        Assert.NotEqual(Pcm.PacketsOf(file), Pcm.PacketsOf(BytesOf(forced)));

        var options = new VoiceImportOptions { RefuseOpus = info => info.Head.Channels == 1 ? "no mono here" : null };
        var preview = await Importer.PreviewAsync(new MemoryStream(file), options);
        Assert.Equal((VoiceImportAction.Encode, "no mono here"), (preview.Action, preview.EncodingReason));
        Assert.NotEqual(file, BytesOf(await Importer.ImportAsync(new MemoryStream(file), options)));
    }

    [Theory]
    [InlineData(1, 44_100)]
    [InlineData(2, 22_050)]
    [InlineData(6, 48_000)]
    public async Task WAV_and_AIFF_are_encoded_to_their_length(int channels, int rate)
    {
        var pcm = Signals.Voice(rate + 11, rate, channels);
        using var wav = new MemoryStream();
        using (var writer = new WavWriter(wav, new AudioFormat(rate, channels), leaveOpen: true))
            writer.Write(pcm);
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["wav"], wav.ToArray());
        Oracle.Run("ffmpeg", "-v", "error", "-f", "wav", "-i", folder["wav"], "-f", "aiff", folder["aiff"]);
        foreach (var name in new[] { "wav", "aiff" })
        {
            var message = await Importer.ImportAsync(folder[name]);
            Assert.Equal(Resampler.OutputFrames(rate + 11, rate, 48_000), message.Info.Samples);
            Assert.Equal(1, message.Info.Head.Channels);
        }
    }

    [Theory]
    [InlineData(0.004, false)]
    [InlineData(0.02, false)]
    [InlineData(0.3, false)]
    [InlineData(0.02, true)]
    [InlineData(0.9, true)]
    public async Task Normalised_messages_play_equally_loud(double level, bool isOpus)
    {
        var pcm = Signals.Voice(48_000 * 3);
        var scale = (float)(level / pcm.Max());
        float[] scaled = [.. pcm.Select(sample => sample * scale)];
        var input = isOpus ? Pcm.Encode(scaled, Mono) : Wav(scaled);
        var options = new VoiceImportOptions { TargetLoudness = -23, MaxGain = 60 };
        var preview = await Importer.PreviewAsync(new MemoryStream(input), options);
        var message = await Importer.ImportAsync(new MemoryStream(input), options);
        using var reader = message.OpenAudio(LibOpusCodec.Default);
        var loudness = new Loudness(reader.Format);
        loudness.Add(Pcm.ReadAll(reader));
        Assert.Equal(-23, loudness.Integrated, 0.1);
        Assert.InRange(message.Info.Head.OutputGainDecibels - preview.Gain, -0.8, 0.8);
        if (isOpus)
            Assert.Equal(Pcm.PacketsOf(input), Pcm.PacketsOf(BytesOf(message)));
    }

    [Fact]
    public async Task Peaks_and_noise_limit_how_much_louder_it_gets()
    {
        var pcm = Signals.Voice(48_000 * 2);
        pcm[1000] = 0.95f;
        var input = Pcm.Encode(pcm, Mono);
        var louder = await Importer.ImportAsync(new MemoryStream(input), new VoiceImportOptions { TargetLoudness = -6 });
        var peak = Pcm.Decode(BytesOf(louder)).Max(Math.Abs);
        Assert.InRange(20 * Math.Log10(peak), -1.1, -0.99);

        float[] faint = [.. pcm.Select(sample => sample / 100)];
        var held = await Importer.ImportAsync(
            new MemoryStream(Wav(faint)), new VoiceImportOptions { TargetLoudness = -18, MaxGain = 12 });
        Assert.Equal(12, held.Info.Head.OutputGainDecibels);
        var silence = await Importer.ImportAsync(
            new MemoryStream(Wav(new float[48_000])), new VoiceImportOptions { TargetLoudness = -18 });
        Assert.Equal(0, silence.Info.Head.OutputGain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silence_at_both_ends_goes_and_a_longest_length_holds(bool isOpus)
    {
        var tone = Enumerable.Range(0, 96_000).Select(i => (float)(0.3 * Math.Sin(i * 0.03))).ToArray();
        float[] pcm = [.. new float[48_000], .. tone, .. new float[96_000]];
        var input = isOpus ? Pcm.Encode(pcm, Mono) : Wav(pcm);
        var trimmed = await Importer.ImportAsync(new MemoryStream(input), new VoiceImportOptions { TrimSilence = true });
        Assert.InRange(trimmed.Info.Samples, 96_000 + 19_200 - 1500, 96_000 + 19_200 + 1500);
        var preview = await Importer.PreviewAsync(new MemoryStream(input), new VoiceImportOptions { TrimSilence = true });
        Assert.Equal(trimmed.Duration.TotalSeconds, preview.Duration.TotalSeconds, 0.0001);
        Assert.Equal(5, preview.SourceDuration.TotalSeconds, 0.0001);
        Assert.Equal(5 - preview.Duration.TotalSeconds, (preview.TrimmedStart + preview.TrimmedEnd).TotalSeconds, 0.0001);

        var options = new VoiceImportOptions { TrimSilence = true, MaxDuration = TimeSpan.FromSeconds(1.25) };
        var cut = await Importer.ImportAsync(new MemoryStream(input), options);
        Assert.Equal(60_000, cut.Info.Samples);
        var heard = Pcm.Decode(BytesOf(cut));
        Assert.InRange(heard.AsSpan(0, 5000).ToArray().Max(Math.Abs), 0, 0.02f);
        Assert.InRange(heard.AsSpan(10_000).ToArray().Max(Math.Abs), 0.25f, 0.4f);
        options = new VoiceImportOptions { TrimSilence = true, MaxDuration = TimeSpan.FromSeconds(1.25), RefuseLonger = true };
        await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(input), options));
        Assert.True((await Importer.PreviewAsync(new MemoryStream(input), options)).IsRefused);
        options = new VoiceImportOptions { MaxDuration = TimeSpan.FromSeconds(4.999), RefuseLonger = true };
        await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(input), options));
        options = new VoiceImportOptions { MaxDuration = TimeSpan.FromSeconds(5), RefuseLonger = true };
        Assert.Equal(240_000, (await Importer.ImportAsync(new MemoryStream(input), options)).Info.Samples);
    }

    [Fact]
    public async Task A_preview_tells_what_an_import_does_and_leaves_the_stream_where_it_was()
    {
        var file = Pcm.Encode(Signals.Voice(96_000), Mono);
        using var stream = new MemoryStream([.. new byte[7], .. file]) { Position = 7 };
        var preview = await Importer.PreviewAsync(stream, new VoiceImportOptions { Bars = 20 });
        Assert.Equal(7, stream.Position);
        Assert.Equal((VoiceImportAction.Take, "Opus in Ogg", 20), (preview.Action, preview.Content, preview.Waveform.Count));
        Assert.Equal((file.Length, TimeSpan.FromSeconds(2)), (preview.EstimatedSize, preview.Duration));
        Assert.Equal(file, BytesOf(await Importer.ImportAsync(stream)));

        using var webm = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(file), webm, OpusContainer.WebM);
        webm.Position = 0;
        preview = await Importer.PreviewAsync(webm);
        Assert.Equal((VoiceImportAction.Copy, "Opus in WebM"), (preview.Action, preview.Content));
        var copied = await Importer.ImportAsync(webm);
        Assert.InRange(copied.Size, preview.EstimatedSize * 0.95, preview.EstimatedSize * 1.05);
    }

    [Fact]
    public async Task A_preview_that_fails_or_is_cancelled_leaves_the_stream_where_it_was()
    {
        using var text = new MemoryStream([.. new byte[7], .. Encoding.ASCII.GetBytes("Dear all, please find it attached.")])
        {
            Position = 7,
        };
        await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.PreviewAsync(text));
        Assert.Equal(7, text.Position);

        using var source = new CancellationTokenSource();
        using var wav = new MemoryStream([.. new byte[7], .. Wav(Signals.Voice(480_000))]) { Position = 7 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Importer.PreviewAsync(wav, null, new Listener(_ => source.Cancel()), source.Token));
        Assert.Equal(7, wav.Position);
    }

    [Fact]
    public async Task Progress_of_each_phase_goes_up_to_the_length()
    {
        var reports = new List<VoiceImportProgress>();
        var options = new VoiceImportOptions { TrimSilence = true, TargetLoudness = -20 };
        var message = await Importer.ImportAsync(
            new MemoryStream(Wav(Signals.Voice(100_000))), options, new Listener(reports.Add));
        Assert.Equal(
            [VoiceImportPhase.Analyzing, VoiceImportPhase.Encoding, VoiceImportPhase.Measuring],
            reports.Select(report => report.Phase).Distinct());
        foreach (var phase in reports.GroupBy(report => report.Phase))
        {
            Assert.Equal(phase.Select(report => report.Done).Order(), phase.Select(report => report.Done));
            Assert.All(phase, report => Assert.Equal(phase.Last().Done, report.Total));
        }

        Assert.Equal(message.Duration, reports[^1].Done);
    }

    [Fact]
    public async Task What_is_not_read_is_named()
    {
        await Refused("fLaC"u8.ToArray(), "FLAC");
        await Refused("#!AMR\n"u8.ToArray(), "AMR");
        await Refused(Encoding.ASCII.GetBytes("Dear all, please find the recording attached."), "a text");
        await Refused([], "empty");
        await Refused([1, 2, 3, 4, 5, 6, 7, 8, 9], "unknown format");
        await Refused(new WavBytes { Tag = 0x11, Bits = 4 }.Build(), "IMA ADPCM");
        var limited = new VoiceImportOptions { MaxInputSize = 1000 };
        await Assert.ThrowsAsync<VoiceFormatException>(
            () => Importer.ImportAsync(new TrickleStream(new byte[2000], 300), limited));
        await Assert.ThrowsAsync<FileNotFoundException>(
            () => Importer.ImportAsync("/no/such/file".Replace("/no/such/", Path.GetTempPath())));
    }

    [Fact]
    public async Task Cancelling_ends_the_work()
    {
        using var source = new CancellationTokenSource();
        var work = Importer.ImportAsync(
            new MemoryStream(Wav(Signals.Voice(480_000))), null, new Listener(_ => source.Cancel()), source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    private static async Task Refused(byte[] input, string message)
    {
        var exception = await Assert.ThrowsAsync<VoiceFormatException>(() => Importer.ImportAsync(new MemoryStream(input)));
        Assert.Contains(message, exception.Message);
    }

    private static byte[] Wav(float[] pcm)
    {
        using var wav = new MemoryStream();
        using (var writer = new WavWriter(wav, Mono, WavSampleFormat.Float32, leaveOpen: true))
            writer.Write(pcm);
        return wav.ToArray();
    }

    private static byte[] BytesOf(VoiceMessage message)
    {
        using var bytes = new MemoryStream();
        using var stream = message.OpenRead();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class Listener(Action<VoiceImportProgress> report) : IProgress<VoiceImportProgress>
    {
        public void Report(VoiceImportProgress value) => report(value);
    }
}
