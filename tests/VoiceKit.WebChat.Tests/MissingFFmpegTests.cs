using System.Net;
using VoiceKit.Tests.Support;
using VoiceKit.WebChat.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>A server without ffmpeg: what VoiceKit reads itself is imported, anything else is refused with the reason.</summary>
public class MissingFFmpegTests
{
    [Fact]
    public async Task What_needs_it_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        await using var server = ChatProcess.Start(folder["chat"]);
        using var room = await server.NewRoomAsync();
        await server.KillAsync();
        await server.StartAgainAsync(("PATH", folder["empty"]));

        using var own = await room.Http.PostAsync("imports", new ByteArrayContent(Fixtures.Recording("chromium-mono.webm")));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using var foreign = await room.Http.PostAsync("imports", new ByteArrayContent([.. "#!AMR\n"u8, .. new byte[100]]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, foreign.StatusCode);
        Assert.Contains("missing", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
