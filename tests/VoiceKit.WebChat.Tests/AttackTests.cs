using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Rooms;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>The chat attacked from several addresses at once: everyone else is served all the same.</summary>
public class AttackTests(ITestOutputHelper output)
{
    // How long it goes on, in seconds, with figures told: eng/soak sets it. Without it, it is a few visits.
    private const string Longer = "VOICEKIT_CHAT_ATTACK";

    // A visit sends two messages, and a room gets one a second.
    private static readonly TimeSpan BetweenVisits = TimeSpan.FromSeconds(2);

    private static byte[] Recording { get; } = Fixtures.Recording("chromium-mono.webm");

    private static int Seconds { get; } = int.TryParse(
        Environment.GetEnvironmentVariable(Longer), NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
        ? asked
        : 0;

    [Fact]
    public async Task Everyone_else_is_served_while_some_take_all_they_can_get()
    {
        await using var server = await ChatServer.StartAsync(options => options with
        {
            MaxConversions = 9,
            MaxConversionsOfAddress = 4,
            // So many that an attacker always has more than a visitor whose last tab is not known to be closed yet: when the
            // three have five, four attackers have eleven.
            MaxFollowers = 20,
            MaxFollowersInAll = 16,
            MaxFollowersOfAddress = 6,
            MaxRecordings = 12,
            MaxRecordingsOfAddress = 6,
            MaxImports = 12,
            MaxImportsOfAddress = 6,
            MaxConnections = 160,
            MaxConnectionsOfAddress = 60,
            MessagesOfRoom = (100_000, 100_000),
            MaxMessages = 1_000_000,
            BytesOfAddress = (1L << 40, 0),
            MinFreeBytes = 0,
        });
        var visitors = await MeetAsync(server.NewRoomAsync, 3);
        using var enemies = await server.NewRoomAsync();
        var attacks = await AttackAsync(enemies, each: 10, answers: 30);
        await VisitAsync(visitors, attacks, async visitor =>
        {
            await visitor.VisitAsync(Recording);
            if (Seconds == 0)
                await visitor.ImportAsync(Recording);
        });

        // What the attack had is free again.
        var (rooms, disk) = (server.Services.GetRequiredService<ChatRooms>(), server.Services.GetRequiredService<DiskSpace>());
        await Until.TrueAsync(() => rooms.Followers.Count == 0);
        await DropAllAsync(server);
        await Until.TrueAsync(() => server.Unfinished.Length == 0 && disk.Unfinished == 0);
    }

    /// <summary>The server by itself, with the limits that it has by default.</summary>
    [Fact]
    public async Task Everyone_else_is_served_by_a_server_with_its_own_limits()
    {
        using var folder = new TemporaryFolder();
        await using var server = ChatProcess.Start(folder["chat"]);
        var visitors = await MeetAsync(server.NewRoomAsync, Seconds == 0 ? 1 : 3);
        using var enemies = await server.NewRoomAsync();
        var attacks = await AttackAsync(enemies, each: Seconds == 0 ? 2 : 10, answers: 5);
        await VisitAsync(visitors, attacks, visitor => visitor.VisitAsync(Recording));
    }

    [Fact]
    public async Task An_address_has_its_share_of_connections()
    {
        await using var server = await ChatServer.StartAsync(
            options => options with { MaxConnections = 40, MaxConnectionsOfAddress = 30 });
        var uri = new Uri(server.Url);
        var held = new List<Socket>();
        for (var i = 0; i < 80; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse($"127.0.0.{2 + i % 2}"), 0));
            held.Add(socket);
            try
            {
                await socket.ConnectAsync(uri.Host, uri.Port);
            }
            catch (SocketException)
            {
                // It is closed as soon as it is there.
            }
        }

        using var room = await server.NewRoomAsync("127.0.0.9");
        Assert.Empty(await room.ListAsync());
        held.ForEach(socket => socket.Dispose());
    }

    // From four addresses; each has had some answers by then.
    private static async Task<List<Attack>> AttackAsync(ChatClient room, int each, int answers)
    {
        var large = LargeMessage(Seconds == 0 ? 30 : 15 * 60);
        var message = (string)(await room.SendAsync(large))["id"]!;
        var attacks = new List<Attack>();
        for (var i = 2; i <= 5; i++)
            attacks.Add(Attack.Begin(room, $"127.0.0.{i}", message, large, each));
        await Until.TrueAsync(() => attacks.All(attack => attack.Answers > answers));
        return attacks;
    }

    // Each comes from an address of its own, and has used the chat before: what a server does for the first time takes longer.
    private static async Task<List<Visitor>> MeetAsync(Func<string, Task<ChatClient>> newRoom, int count)
    {
        var visitors = new List<Visitor>();
        for (var i = 0; i < count; i++)
        {
            var client = await newRoom($"127.0.0.{20 + i}");
            await new Visitor(client).VisitAsync(Recording);
            visitors.Add(new Visitor(client));
        }

        return visitors;
    }

    // Some others use the chat meanwhile; then the attacks end.
    private async Task VisitAsync(List<Visitor> visitors, List<Attack> attacks, Func<Visitor, Task> visit)
    {
        var end = DateTime.UtcNow.AddSeconds(Seconds);
        await Task.WhenAll(visitors.Select(async visitor =>
        {
            await visit(visitor);
            for (; DateTime.UtcNow < end; await visit(visitor))
                await Task.Delay(BetweenVisits);
        }));

        Tell(visitors, attacks);
        foreach (var attack in attacks)
            await attack.DisposeAsync();
        foreach (var visitor in visitors)
            visitor.Dispose();
    }

    private void Tell(List<Visitor> visitors, List<Attack> attacks)
    {
        foreach (var kind in visitors.SelectMany(visitor => visitor.Times).GroupBy(time => time.What))
        {
            var times = kind.Select(time => time.Milliseconds).Order().ToArray();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind.Key}: {times.Length}, median {times[times.Length / 2]:0} ms, 99 % {times[times.Length * 99 / 100]:0} ms, "
                + $"most {times[^1]:0} ms"));
        }

        var all = visitors.SelectMany(visitor => visitor.Times).Select(time => time.Milliseconds).Order().ToArray();
        if (Seconds > 0)
            Figures.Tell(string.Create(CultureInfo.InvariantCulture,
                $"chat attacked from {attacks.Count} addresses for {Seconds} s "
                + $"({attacks.Sum(attack => attack.Answers)} answers): "
                + $"{all.Length} requests of everyone else, all answered, median {all[all.Length / 2]:0} ms, "
                + $"99 % {all[all.Length * 99 / 100]:0} ms, most {all[^1]:0} ms"));
    }

    // As if the patience were over.
    private static async Task DropAllAsync(ChatServer server)
    {
        var (rooms, imports) =
            (server.Services.GetRequiredService<ChatRooms>(), server.Services.GetRequiredService<Messages.ImportDesk>());
        await rooms.DropAllAsync();
        imports.DropAll();
    }

    // 64 kbyte/s: more than the system holds back of an answer that is not read.
    private static byte[] LargeMessage(int seconds)
    {
        var random = new Random(7);
        using var bytes = new MemoryStream();
        using (var writer = new OggOpusWriter(bytes, new OpusHead(1, 312, 48_000), new OpusTags("test"), null, leaveOpen: true))
        {
            var packet = new byte[seconds > 60 ? 300 : 1275];
            for (var i = 0; i < 50 * seconds; i++)
            {
                random.NextBytes(packet);
                packet[0] = 0xF8; // CELT, full band, 20 ms, mono, one frame
                writer.WritePacket(packet);
            }
        }

        return bytes.ToArray();
    }
}
