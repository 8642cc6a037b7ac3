using VoiceKit.WebChat.Endpoints;
using VoiceKit.WebChat.Http;
using VoiceKit.WebChat.Limits;
using VoiceKit.WebChat.Messages;
using VoiceKit.WebChat.Rooms;

namespace VoiceKit.WebChat;

/// <summary>Puts the chat together.</summary>
internal static class ChatApp
{
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // Requests are not logged: their addresses let into rooms.
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    /// <summary>Makes the program; it listens when it is started.</summary>
    /// <exception cref="IOException">The folder cannot be written, or another program has it.</exception>
    public static WebApplication Build(WebApplicationBuilder builder, ChatOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;
            kestrel.Limits.MaxRequestBufferSize = 128 * 1024;
            kestrel.Limits.MaxRequestLineSize = 2048;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.LimitConnections(new FairPlaces(options.MaxConnections, options.MaxConnectionsOfAddress));
        });
        var folder = new ChatFolder(options);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5))
            .AddProblemDetails()
            .AddRateLimits(options)
            .AddSingleton(options)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(_ => folder)
            .AddSingleton<RoomKey>()
            .AddSingleton(services => new DiskSpace(options, services.GetRequiredService<TimeProvider>()))
            .AddSingleton<BackgroundScheduler>()
            .AddSingleton<ChatRooms>()
            .AddSingleton<MessageMaker>()
            .AddSingleton<Conversions>()
            .AddSingleton<ImportDesk>()
            .AddHostedService<Sweeper>();

        var app = builder.Build();
        app.UseUnreadBodies();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseStatusCodePages();
        app.UseRateLimiter();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
        app.UseRouting();
        PageEndpoints.Map(app);
        var room = app.MapGroup("/api/rooms/{room}");
        PageEndpoints.MapEvents(room);
        MessageEndpoints.Map(room, options);
        AudioEndpoints.Map(room);
        RecordingEndpoints.Map(room, options);
        ImportEndpoints.Map(room, options);
        return app;
    }
}
