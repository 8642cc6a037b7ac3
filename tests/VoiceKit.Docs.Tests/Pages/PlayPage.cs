using VoiceKit.Playback;

namespace VoiceKit.Docs.Tests.Pages;

public class PlayPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        var message = await VoiceMessage.OpenAsync("message.opus");
        await using var devices = await VoiceDevices.OpenAsync();
        await using var player = new VoicePlayer(await devices.OpenOutputAsync());
        await player.LoadAsync(message);
        await player.PlayAsync();

        player.Speed = 1.5;                                             // 0.5…3
        player.SkipSilence = true;
        await player.SeekAsync(TimeSpan.FromSeconds(0.5));

        await foreach (var now in player.WatchAsync())
        {
            Console.Write($"\r{now.State} {now.Position.TotalSeconds:F1} of {now.Duration.TotalSeconds:F1} s");
            if (now.State is PlaybackState.Ended or PlaybackState.Faulted)
                break;
        }

        Assert.Equal((PlaybackState.Ended, message.Duration), (player.State, player.Position));
        Assert.InRange(devices.Output!.Loudest, 0.1f, 1.5f);

        await player.SetOutputAsync(await devices.OpenOutputAsync());

        await using var queue = new VoiceQueue(player);
        queue.CurrentChanged += (_, index) => Console.WriteLine($"message {index + 1}");
        queue.Add(message);
        queue.Add(token => VoiceMessage.OpenAsync("message.opus", token));   // fetched when its turn comes
        await queue.PlayAsync();
        await queue.NextAsync();

        Assert.Equal((2, 1), (queue.Count, queue.CurrentIndex));
    }

    [Fact]
    public async Task Example_without_a_device_works()
    {
        var message = await VoiceMessage.OpenAsync("message.opus");
        using var audio = message.OpenAudio(sampleRate: 16_000, channels: 1);
        var block = new float[1600];
        int count;
        while ((count = audio.Read(block)) > 0)
            Console.WriteLine($"{count} samples");

        var counts = Told.Split('\n').Where(line => line.Length > 0).Select(line => int.Parse(line.Split(' ')[0]));
        Assert.Equal(message.Duration.TotalSeconds, counts.Sum() / 16_000.0, 0.001);
    }
}
