using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;
using VoiceKit.Waveforms;

namespace VoiceKit.Docs.Tests.Pages;

public class BytesPage : DocsPage
{
    [Fact]
    public async Task Examples_of_columns_work()
    {
        var message = await VoiceMessage.OpenAsync("message.opus");
        byte[] column = message.ToArray();
        VoiceMessage fromColumn = VoiceMessage.FromBytes(column);
        Console.WriteLine(fromColumn.Duration);

        var bars = await message.GetWaveformAsync(bars: 64);
        byte[] barsColumn = bars.ToBytes(WaveformEncoding.WhatsApp);    // 64 bytes, each 0…100
        long ticksColumn = message.Duration.Ticks;

        Assert.Equal(File.ReadAllBytes("message.opus"), column);
        Assert.Equal(64, barsColumn.Length);
        Assert.All(barsColumn, bar => Assert.InRange(bar, 0, 100));
        Assert.Equal(SpokenSeconds, TimeSpan.FromTicks(ticksColumn).TotalSeconds, 0.001);
    }

    [Fact]
    public async Task Example_of_a_stream_works()
    {
        await using var body = File.OpenRead("message.opus");           // stands for a request's body: it need not seek
        await using var output = new MemoryStream();                    // and for the body of a response
        VoiceMessage received = await VoiceMessage.LoadAsync(body, maxSize: 2_000_000);
        await received.WriteToAsync(output);

        Assert.Equal(File.ReadAllBytes("message.opus"), output.ToArray());
        body.Position = 0;
        await Assert.ThrowsAsync<VoiceFormatException>(() => VoiceMessage.LoadAsync(body, maxSize: 1_000));
    }

    [Fact]
    public async Task Example_of_encoding_works()
    {
        var samples = Enumerable.Range(0, 96_000).Select(i => 0.5f * MathF.Sin(i / 17f)).ToArray();     // two seconds of a tone
        var format = new AudioFormat(48_000, 1);
        VoiceMessage encoded = await VoiceMessage.EncodeAsync(samples, format, LibOpusCodec.Default);

        Assert.Equal(TimeSpan.FromSeconds(2), encoded.Duration);
    }

    [Fact]
    public async Task Example_of_recording_works()
    {
        await using var devices = await VoiceDevices.OpenAsync();
        var released = Task.Run(Console.ReadLine);                      // ends when Enter is pressed
        var options = new VoiceRecorderOptions { Drafts = null };
        await using var recorder = new VoiceRecorder(await devices.OpenInputAsync(), LibOpusCodec.Default, options);
        await recorder.StartAsync();
        await released;
        var recorded = await recorder.FinishAsync();                    // null: too short to be a message

        Assert.InRange(recorded!.Duration.TotalSeconds, 1.4, 60);
        Assert.Equal(["message.opus", "recording.wav"], Directory.GetFiles(".").Select(Path.GetFileName).Order());
    }
}
