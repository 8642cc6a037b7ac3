using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class RecordingAllocationTests
{
    [Theory]
    [InlineData(48_000, 1)]
    [InlineData(44_100, 2)]
    public void Neither_the_devices_thread_nor_the_recorders_allocates(int rate, int channels)
    {
        using var folder = new TemporaryFolder();
        var format = new AudioFormat(rate, channels);
        var options = new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Encoding = new VoiceEncodingOptions { Encoder = new() { Complexity = 0 } },
        };
        using var draft = new VoiceDrafts(folder["drafts"]).Create();
        using var pipeline = new RecordingPipeline(LibOpusCodec.Default, options, format, draft);
        var sink = new RecordingSink(format, TimeSpan.FromSeconds(5));
        var pcm = Signals.Voice(rate, rate, channels);
        RunSecond();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var second = 0; second < 20; second++)
            RunSecond();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(TimeSpan.FromSeconds(21).TotalSeconds, pipeline.Elapsed.TotalSeconds, 0.01);

        void RunSecond()
        {
            for (var block = 0; block < 50; block++)
            {
                sink.OnAudio(pcm.AsSpan(block * rate / 50 * channels, rate / 50 * channels));
                if (block % 10 == 3)
                    sink.OnLost(1);
                sink.Drain(pipeline);
                pipeline.Meter.TakeLevel();
            }
        }
    }

    [Fact]
    public async Task The_recorders_thread_allocates_nothing_while_it_records_and_tells()
    {
        using var folder = new TemporaryFolder();
        var input = new FakeAudioInput(Recorders.Mono);
        await using var recorder = Recorders.New(
            input, new VoiceRecorderOptions { DeviceTimeout = Recorders.Patience, Drafts = new VoiceDrafts(folder["drafts"]) });
        var allocated = new long[200];
        var told = 0;
        recorder.Progress += (_, _) => allocated[Math.Min(told++, allocated.Length - 1)] = GC.GetAllocatedBytesForCurrentThread();
        await recorder.StartAsync();
        var pcm = Signals.Voice(960);
        for (var block = 1; told < 100; block++)
        {
            input.Hear(pcm);
            await recorder.TakesAsync(TimeSpan.FromMilliseconds(20 * block));
        }

        await recorder.PauseAsync();
        Assert.Equal(allocated[20], allocated[99]);
    }

    [Fact]
    public void Audio_keeps_its_order_between_two_threads()
    {
        var ring = new SampleRing(1000);
        var sent = 0;
        var received = new List<float>();
        var reader = new Thread(() =>
        {
            var buffer = new float[333];
            while (received.Count < 1_000_000)
            {
                var read = ring.Read(buffer);
                received.AddRange(buffer.AsSpan(0, read));
                if (read == 0)
                    Thread.Yield();
            }
        });
        reader.Start();
        var piece = new float[777];
        while (sent < 1_000_000)
        {
            for (var i = 0; i < piece.Length; i++)
                piece[i] = sent + i;
            var written = ring.Write(piece.AsSpan(0, Math.Min(piece.Length, 1_000_000 - sent)));
            sent += written;
            if (written == 0)
                Thread.Yield();
        }

        reader.Join();
        Assert.Equal(Enumerable.Range(0, 1_000_000).Select(number => (float)number), received);
    }
}
