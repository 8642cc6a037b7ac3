using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.Storage;

namespace VoiceKit.Docs.Tests.Pages;

public class AspnetPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        string[] args = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None"];
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<IVoiceImporter>(_ => new VoiceImporter(VoiceCodec.Default, FFmpegDecoder.Default));
        builder.Services.AddSingleton<IVoiceMessageStore>(_ => new VoiceMessageStore("voices"));
        var app = builder.Build();

        await using var ending = app;
        var checks = CheckWhenStartedAsync(app);
        app.MapPost("/messages", async (HttpRequest request, IVoiceImporter importer, IVoiceMessageStore store, CancellationToken stop) =>
        {
            try
            {
                var message = await importer.ImportAsync(request.Body, cancellationToken: stop);
                var info = new VoiceMessageInfo { Waveform = await message.GetWaveformAsync(cancellationToken: stop) };
                var stored = await store.AddAsync(message, info, stop);
                return Results.Created($"/messages/{stored.Id}", stored.Id);
            }
            catch (VoiceFormatException exception)                       // the caller's fault: no audio that can be used, or too much
            {
                return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
            }
        });

        app.MapGet("/messages", (IVoiceMessageStore store) =>
            store.ListAsync(new VoiceMessageQuery { Limit = 50 }).Select(one => new { one.Id, one.Duration, one.Bars }));

        app.MapGet("/messages/{id}", async (string id, IVoiceMessageStore store) =>
            await store.OpenAsync(id) is { } message
                ? Results.Stream(message.OpenRead(), "audio/ogg; codecs=opus", enableRangeProcessing: true)
                : Results.NotFound());

        app.MapGet("/messages/{id}/bars.svg", async (string id, IVoiceMessageStore store, CancellationToken stop) =>
            await store.OpenAsync(id, stop) is { } message
                ? Results.Text((await message.GetWaveformAsync(bars: 64, cancellationToken: stop)).ToSvg(), "image/svg+xml")
                : Results.NotFound());

        app.MapGet("/backup", (IVoiceMessageStore store) =>
            Results.Stream(async body => await store.BackupAsync(body), "application/zip", "backup.zip"));

        await app.RunAsync();

        await checks;
    }

    private static async Task CheckWhenStartedAsync(WebApplication app)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Lifetime.ApplicationStarted.Register(started.SetResult);
        app.Lifetime.ApplicationStopped.Register(() => started.TrySetCanceled());
        await started.Task;
        try
        {
            await CheckAsync(app);
        }
        finally
        {
            app.Lifetime.StopApplication();
        }
    }

    private static async Task CheckAsync(WebApplication app)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        WritePhoneRecording("phone.m4a");
        using var made = await client.PostAsync("/messages", new ByteArrayContent(await File.ReadAllBytesAsync("phone.m4a")));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var refused = await client.PostAsync("/messages", new StringContent("Hello there, this is a text and no sound."));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        using var list = JsonDocument.Parse(await client.GetStringAsync("/messages"));
        var one = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(64, one.GetProperty("bars").GetArrayLength());

        var audio = await client.GetByteArrayAsync(made.Headers.Location);
        Assert.Equal(SpokenSeconds, VoiceMessage.FromBytes(audio).Duration.TotalSeconds, 0.1);
        using var range = new HttpRequestMessage(HttpMethod.Get, made.Headers.Location) { Headers = { { "Range", "bytes=10-19" } } };
        using var part = await client.SendAsync(range);
        Assert.Equal(audio[10..20], await part.Content.ReadAsByteArrayAsync());

        Assert.StartsWith("<svg", await client.GetStringAsync(made.Headers.Location + "/bars.svg"), StringComparison.Ordinal);
        await using var backup = new ZipArchive(new MemoryStream(await client.GetByteArrayAsync("/backup")));
        Assert.Contains(backup.Entries, entry => entry.FullName.EndsWith(".opus", StringComparison.Ordinal));
        using var missing = await client.GetAsync("/messages/none");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
