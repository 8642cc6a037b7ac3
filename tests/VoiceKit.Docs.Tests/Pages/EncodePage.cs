using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Docs.Tests.Pages;

public class EncodePage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        var codec = LibOpusCodec.Default;
        var message = await VoiceMessage.EncodeAsync("recording.wav", codec);
        await message.SaveAsync("message.opus");
        Console.WriteLine($"{message.Duration.TotalSeconds:F1} s in {message.Size} bytes");

        Assert.Equal(SpokenSeconds, message.Duration.TotalSeconds, 0.0001);
        Assert.Equal(message.Duration, new AudioFormat(48_000, 1).DurationOf(Oracle.OpusDec("message.opus").Length));

        var options = new VoiceEncodingOptions
        {
            Encoder = new OpusEncoderOptions { Bitrate = 12_000, PacketDuration = TimeSpan.FromMilliseconds(60) },
            Comments = [new OpusComment("TITLE", "On my way")],
        };
        var small = await VoiceMessage.EncodeAsync("recording.wav", codec, options);

        Assert.InRange(small.Size, 1, message.Size * 2 / 3);
        Assert.Equal("On my way", small.Tags.GetValue("TITLE"));

        var samples = Enumerable.Range(0, 88_200).Select(i => 0.5f * MathF.Sin(i / 2 / 17f)).ToArray();   // a second of a tone
        var own = await VoiceMessage.EncodeAsync(samples, new AudioFormat(44_100, 2), codec);

        Assert.Equal(TimeSpan.FromSeconds(1), own.Duration);
    }

    [Fact]
    public async Task Examples_of_streams_work()
    {
        var codec = LibOpusCodec.Default;
        using (var wav = AudioFiles.Open("recording.wav"))
        using (var file = File.Create("long.opus"))
            new VoiceEncoder(codec).Encode(wav, file, new VoiceEncodingOptions { MaxDegreeOfParallelism = -1 });

        Assert.Empty(Oracle.Warnings("long.opus"));
        var blocks = Enumerable.Range(0, 48_000).Select(i => 0.5f * MathF.Sin(i / 17f)).Chunk(4800);
        using (var file = File.Create("live.opus"))
        using (var writer = new OpusAudioWriter(file, codec))        // takes 48 kHz mono
        {
            foreach (var block in blocks)
                writer.Write(block);
            writer.Finish();
        }

        Assert.Empty(Oracle.Warnings("live.opus"));
        Assert.Equal(TimeSpan.FromSeconds(1), (await VoiceMessage.OpenAsync("live.opus")).Duration);
    }

    [Fact]
    public async Task Example_of_very_many_works()
    {
        var codec = LibOpusCodec.Default;
        var paths = Directory.EnumerateFiles(".");
        await Parallel.ForEachAsync(paths, async (path, token) =>
        {
            try
            {
                var message = await VoiceMessage.EncodeAsync(path, codec, cancellationToken: token);
                Console.WriteLine($"{path}: {message.Size} bytes");
            }
            catch (VoiceFormatException exception)       // one that fails does not hold up the others
            {
                Console.WriteLine($"{path}: {exception.Message}");
            }
        });

        Assert.Contains("recording.wav: ", Told, StringComparison.Ordinal);
        Assert.Contains("message.opus: ", Told, StringComparison.Ordinal);
        Assert.Single(Told.Split('\n'), line => line.EndsWith(" bytes", StringComparison.Ordinal));
    }
}
