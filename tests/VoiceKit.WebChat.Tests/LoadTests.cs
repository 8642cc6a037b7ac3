using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

public class LoadTests(ITestOutputHelper output)
{
    private const int Clients = 200;

    // A server to measure instead, and how many messages each client sends it: "http://localhost:5005 10".
    private const string ByHand = "VOICEKIT_CHAT_LOAD";

    private const long MostMemory = 200 << 20;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task Two_hundred_clients_at_once_are_served(int pieces)
    {
        var byHand = Environment.GetEnvironmentVariable(ByHand)?.Split(' ');
        // The clients stand for as many addresses.
        await using var server = await ChatServer.StartAsync(
            options => options with { RequestsOfAddress = (Clients * 1000, Clients * 1000) });
        var before = Environment.WorkingSet;
        var seconds = byHand is null && pieces > 1 ? 2 : 10;
        var pace = byHand is not null && pieces > 1 ? TimeSpan.FromSeconds(10) / pieces : TimeSpan.Zero;
        var rounds = byHand is null ? 1 : int.Parse(byHand[1], CultureInfo.InvariantCulture);
        var result = await LoadGenerator.RunAsync(byHand?[0] ?? server.Url, Clients, rounds, Recording(seconds), pieces, pace);
        var grown = Environment.WorkingSet - before;
        output.WriteLine($"{pieces} pieces: {result} {grown >> 20} MiB");
        Assert.Empty(result.Errors);
        Assert.Equal(Clients * rounds, result.Messages);
        Assert.Empty(server.Unfinished);
        Assert.InRange(grown, long.MinValue, MostMemory);
    }

    // As a browser uploads it.
    private static byte[] Recording(int seconds)
    {
        var ogg = Pcm.Encode(Signals.Voice(seconds * 48_000), new AudioFormat(48_000, 1));
        using var webM = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(ogg), webM, OpusContainer.WebM);
        return webM.ToArray();
    }
}
