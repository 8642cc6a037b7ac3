using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using VoiceKit.Audio;
using VoiceKit.Importing;
using VoiceKit.LibOpus;
using VoiceKit.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.WebChat.Tests;

/// <summary>
/// The bodies of ASP.NET Core's requests and answers, which are read and written asynchronously only, are streams like others.
/// </summary>
public class BodyTests
{
    [Fact]
    public async Task A_request_is_imported_and_a_store_is_backed_up_into_an_answer()
    {
        using var folder = new TemporaryFolder();
        using var store = new VoiceMessageStore(folder["store"]);
        var importer = new VoiceImporter(LibOpusCodec.Default);
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/", async (HttpRequest request) => (await store.AddAsync(await importer.ImportAsync(request.Body))).Id);
        app.MapPost("/look", async (HttpRequest request) => (await importer.PreviewAsync(request.Body)).Duration.TotalSeconds);
        app.MapGet("/backup", async (HttpResponse response) => { await store.BackupAsync(response.Body); });
        await app.StartAsync();

        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var opus = Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1));
        using (var looked = await http.PostAsync(new Uri("/look", UriKind.Relative), new ByteArrayContent(opus)))
            Assert.Equal("1", await looked.Content.ReadAsStringAsync());
        using (var added = await http.PostAsync(new Uri("/", UriKind.Relative), new ByteArrayContent(opus)))
            Assert.NotNull(await store.GetAsync(await added.Content.ReadAsStringAsync()));
        var zip = new MemoryStream(await http.GetByteArrayAsync(new Uri("/backup", UriKind.Relative)));
        using var other = new VoiceMessageStore(folder["other"]);
        Assert.Single((await other.RestoreAsync(zip)).Restored);
        await app.StopAsync();
    }
}
