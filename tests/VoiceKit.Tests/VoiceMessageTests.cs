using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests;

public class VoiceMessageTests
{
    private static readonly LibOpusCodec Codec = LibOpusCodec.Default;
    private static readonly AudioFormat Format = new(48_000, 1);

    [Fact]
    public async Task Message_is_made_saved_opened_and_decoded()
    {
        using var folder = new TemporaryFolder();
        var pcm = Signals.Voice(100_000);
        var made = await VoiceMessage.EncodeAsync(
            pcm, Format, Codec, new VoiceEncodingOptions { Comments = [new("TITLE", "x")] });
        await made.SaveAsync(folder["a.opus"]);
        Assert.Equal([folder["a.opus"]], folder.Files);

        VoiceMessage[] messages =
        [
            made,
            VoiceMessage.Open(folder["a.opus"]),
            await VoiceMessage.OpenAsync(folder["a.opus"]),
            VoiceMessage.FromBytes(File.ReadAllBytes(folder["a.opus"])),
            await VoiceMessage.LoadAsync(new TrickleStream(File.ReadAllBytes(folder["a.opus"]), 100)),
        ];
        foreach (var message in messages)
        {
            Assert.Equal(100_000 * TimeSpan.TicksPerSecond / 48_000, message.Duration.Ticks);
            Assert.Equal(new FileInfo(folder["a.opus"]).Length, message.Size);
            Assert.Equal("x", message.Tags.GetValue("title"));
            using var stream = message.OpenRead();
            Assert.Equal(message.Size, stream.Length);
            using var audio = message.OpenAudio(Codec);
            Assert.Equal(100_000, CountFrames(audio));
        }
    }

    [Fact]
    public async Task Wav_file_becomes_a_message_and_a_wav_file_again()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WavWriter(File.Create(folder["in.wav"]), new AudioFormat(44_100, 2)))
            writer.Write(Signals.Voice(44_100, 44_100, 2));
        var message = await VoiceMessage.EncodeAsync(folder["in.wav"], Codec);
        Assert.Equal(TimeSpan.FromSeconds(1), message.Duration);
        await message.SaveWavAsync(folder["out.wav"], Codec);
        using var reader = WavReader.Open(folder["out.wav"]);
        Assert.Equal((new AudioFormat(48_000, 1), (long?)48_000), (reader.Format, reader.FrameCount));
    }

    [Fact]
    public async Task Bars_of_a_message_are_those_of_its_audio()
    {
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(96_000), Format, Codec);
        var bars = await message.GetWaveformAsync(Codec, 40);
        using var audio = message.OpenAudio(Codec);
        var expected = VoiceKit.Waveforms.Waveform.FromAudio(audio, 40);
        Pcm.AssertClose("peaks", expected.Peaks.ToArray(), bars.Peaks.ToArray(), 0.06f * expected.Peak);
        Pcm.AssertClose("RMS", expected.Rms.ToArray(), bars.Rms.ToArray(), 0.02f * expected.Rms.ToArray().Max());
        Assert.Equal(message.Duration, bars.Duration);
    }

    [Fact]
    public async Task Equal_audio_and_serial_give_equal_bytes_and_a_clock_dates_them()
    {
        var options = new VoiceEncodingOptions
        {
            Container = new OpusWriterOptions { Serial = 1 },
            Clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 13, 5, 9, TimeSpan.FromHours(1))),
        };
        CultureInfo.CurrentCulture = new CultureInfo("") { DateTimeFormat = { TimeSeparator = ".", DateSeparator = "/" } };
        var pcm = Signals.Voice(50_000);
        var first = await VoiceMessage.EncodeAsync(pcm, Format, Codec, options);
        var second = await VoiceMessage.EncodeAsync(pcm, Format, Codec, options);
        Assert.Equal(Bytes(first), Bytes(second));
        Assert.Equal("2026-11-21T12:05:09Z", first.Tags.GetValue("DATE"));
    }

    [Fact]
    public async Task Message_is_read_by_many_threads_at_once()
    {
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(200_000), Format, Codec);
        var expected = Bytes(message);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            Assert.Equal(expected, Bytes(message));
            using var audio = message.OpenAudio(Codec);
            Assert.Equal(200_000, CountFrames(audio));
        })));
    }

    [Fact]
    public async Task Failed_save_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.opus"], "precious");
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(48_000), Format, Codec);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => message.SaveAsync(folder["a.opus"], new CancellationToken(true)));
        Assert.Equal("precious", File.ReadAllText(folder["a.opus"]));
        Assert.Equal([folder["a.opus"]], folder.Files);
        await message.SaveAsync(folder["a.opus"]);
        Assert.Equal(message.Size, new FileInfo(folder["a.opus"]).Length);
    }

    [Fact]
    public async Task Replaced_file_keeps_its_permissions_and_a_long_name_is_taken()
    {
        Requires.Posix();
        using var folder = new TemporaryFolder();
        var name = folder[new string('n', 255)];
        File.WriteAllText(name, "private");
        File.SetUnixFileMode(name, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(4800), Format, Codec);
        await message.SaveAsync(name);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(name));
        Assert.Equal(message.Size, new FileInfo(name).Length);
    }

    [Fact]
    public async Task Saving_through_a_link_keeps_the_link()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["link.opus"], folder["target.opus"]);
        if (new FileInfo(folder["link.opus"]).LinkTarget is null)
            Assert.Skip("This needs symbolic links, which Wine does not make.");
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(4800), Format, Codec);
        await message.SaveAsync(folder["link.opus"]);
        Assert.NotNull(new FileInfo(folder["link.opus"]).LinkTarget);
        Assert.Equal(message.Size, new FileInfo(folder["target.opus"]).Length);
    }

    [Fact]
    public async Task Too_large_a_message_is_refused_before_it_is_read()
    {
        var endless = new EndlessStream();
        await Assert.ThrowsAsync<VoiceFormatException>(() => VoiceMessage.LoadAsync(endless, maxSize: 1 << 20));
        Assert.InRange(endless.Given, 1 << 20, 2 << 20);
    }

    [Fact]
    public async Task Encoding_tells_its_progress_and_can_be_cancelled()
    {
        var told = new List<TimeSpan>();
        await VoiceMessage.EncodeAsync(new PcmReader(Signals.Voice(100_000), Format), Codec, null, new Told(told.Add));
        Assert.Equal(told.Order(), told);
        Assert.Equal(Format.DurationOf(100_000), told[^1]);

        using var source = new CancellationTokenSource();
        var half = new Told(time =>
        {
            if (time > TimeSpan.FromSeconds(1))
                source.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => VoiceMessage.EncodeAsync(new PcmReader(Signals.Voice(200_000), Format), Codec, null, half, source.Token));
    }

    [Fact]
    public void What_is_no_message_is_refused() =>
        Assert.Throws<VoiceFormatException>(() => VoiceMessage.FromBytes("RIFF1234WAVE"u8.ToArray()));

    private static byte[] Bytes(VoiceMessage message)
    {
        using var stream = message.OpenRead();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static long CountFrames(IAudioReader reader)
    {
        var buffer = new float[4096];
        long count = 0;
        int read;
        while ((read = reader.Read(buffer)) > 0)
            count += read;
        return count / reader.Format.Channels;
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
    }
}
