using System.Net;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>What others are not told: who sent a message, where it was recorded, where the server keeps its files.</summary>
public class SecrecyTests
{
    private static readonly OpusTags Telling =
        new("Ann's telephone", new OpusComment("TITLE", "Ann at home"), new OpusComment("LOCATION", "52.5,13.4"));

    private static readonly string[] Secrets = ["Ann", "52.5", "VOICEKIT_", "LOCATION"];

    [Theory]
    [InlineData("download")]
    [InlineData("audio?as=ogg")]
    [InlineData("audio?as=caf")]
    [InlineData("audio?as=webm")]
    [InlineData("audio?as=mp4")]
    public async Task A_copy_of_a_message_tells_no_more_than_its_sound(string path)
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var message = await room.SendAsync(Recording(OpusContainer.Ogg));
        using var listener = room.Other();
        using var played = await listener.Http.PostAsync($"messages/{message["id"]}/played", null);
        var copy = await listener.Http.GetByteArrayAsync($"messages/{message["id"]}/{path}");
        AssertTellsNothing(copy);
        using var reader = OpusContainers.Open(new MemoryStream(copy), new OpusReaderOptions { Strict = true });
        Assert.Empty(reader.Tags.Comments);
        var packets = new List<byte[]>();
        while (reader.Read())
            packets.Add(reader.Packet.ToArray());
        Assert.Equal(Pcm.PacketsOf(await File.ReadAllBytesAsync(Assert.Single(server.Messages))), packets);
        Assert.Empty(server.Unfinished);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(226)] // The last segment of the packet is empty.
    [InlineData(65_000)]
    [InlineData(70_000)]
    public void Comments_are_taken_out_of_a_header_that_stays_as_long(int size)
    {
        var tagged = new MemoryStream();
        var head = new OpusHead(1, 312, 48_000);
        using (var writer = new OggOpusWriter(
            tagged, head, new OpusTags("Ann", new OpusComment("TITLE", new string('a', size))), leaveOpen: true))
        {
            writer.WritePacket([0x78, 1, 2]);
            writer.Finish();
        }

        var bytes = tagged.ToArray();
        var end = UntaggedHead.Blank(bytes.AsSpan(0, Math.Min(bytes.Length, 64 * 1024)));
        Assert.Equal(size < 70_000, end > 0);
        if (end == 0)
        {
            Assert.Equal(tagged.ToArray(), bytes);
            return;
        }

        AssertTellsNothing(bytes);
        Assert.Equal(tagged.ToArray()[end..], bytes[end..]);
        using var reader = OpusContainers.Open(new MemoryStream(bytes), new OpusReaderOptions { Strict = true });
        Assert.Empty(reader.Tags.Comments);
        Assert.True(reader.Read());
        Assert.Equal([0x78, 1, 2], reader.Packet.ToArray());
    }

    [Fact]
    public async Task Who_listens_while_it_is_recorded_hears_the_sound_and_no_more()
    {
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        using var listener = room.Other();
        var recording = Recording(OpusContainer.WebM);
        Assert.Contains("Ann at home", Encoding.Latin1.GetString(recording));
        var id = await UploadTests.BeginAsync(room);
        using var piece = await room.Http.PutAsync($"recordings/{id}/pieces/0", new ByteArrayContent(recording));
        using var answer = await listener.Http.GetAsync($"recordings/{id}/audio", HttpCompletionOption.ResponseHeadersRead);
        using var finish = await room.Http.PostAsync($"recordings/{id}/finish", null);
        Assert.Equal(HttpStatusCode.Created, finish.StatusCode);
        var heard = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(heard.Length > recording.Length / 2);
        AssertTellsNothing(heard);
    }

    [Fact]
    public async Task Errors_never_show_where_files_are()
    {
        Requires.Program("ffmpeg");
        await using var server = await ChatServer.StartAsync();
        using var room = await server.NewRoomAsync();
        var mp3 = new byte[5000];
        "ID3\u0004"u8.CopyTo(mp3);
        mp3[400] = 0xFF;
        mp3[401] = 0xFB;
        byte[][] files =
        [
            [], "no sound at all"u8.ToArray(), mp3, [.. "\0\0\0\u0020ftypM4A "u8, .. new byte[500]],
            [.. "RIFF\u0001\u0001\0\0WAVEfmt "u8, .. new byte[40]], [.. "#!AMR\n"u8, .. new byte[33]],
            [.. "fLaC"u8, .. new byte[300]],
            [.. "OggS"u8, .. new byte[200]], [0x1A, 0x45, 0xDF, 0xA3, .. new byte[200]], "#EXTM3U\n/etc/passwd\n"u8.ToArray(),
        ];
        foreach (var file in files)
        {
            foreach (var path in new[] { "messages", "imports" })
            {
                using var answer = await room.Http.PostAsync(path, new ByteArrayContent(file));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.False(answer.IsSuccessStatusCode && path == "messages", text);
                Assert.InRange((int)answer.StatusCode, 200, 499);
                Assert.DoesNotContain(server.Folder, text);
                Assert.DoesNotContain("unfinished", text);
                Assert.DoesNotContain("/tmp", text);
            }
        }
    }

    [Theory]
    [InlineData("/srv/chat/unfinished/ab12: Invalid data", "the file: Invalid data")]
    [InlineData("Error opening '/srv/chat/unfinished/ab12'.", "Error opening 'the file'.")]
    [InlineData("'/a folder/with spaces/unfinished/ab12' is none", "'the file' is none")]
    [InlineData(@"C:\chat\unfinished\ab12: denied", "the file: denied")]
    [InlineData(@"in \\server\share\ab12", "in the file")]
    [InlineData(
        "audio/ogg is not 1/2 of it, see https://example.org/a/b", "audio/ogg is not 1/2 of it, see https://example.org/a/b")]
    public void Paths_are_hidden(string text, string expected) =>
        Assert.Equal(expected, Hiding.HidePaths(text, "/a folder/with spaces"));

    private static byte[] Recording(OpusContainer container)
    {
        var bytes = Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1));
        using var tagged = new MemoryStream();
        OggOpusTagEditor.Copy(new MemoryStream(bytes), tagged, _ => Telling);
        if (container == OpusContainer.Ogg)
            return tagged.ToArray();
        using var other = new MemoryStream();
        tagged.Position = 0;
        OpusEditor.Remux(tagged, other, container);
        return other.ToArray();
    }

    private static void AssertTellsNothing(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text));
    }
}
