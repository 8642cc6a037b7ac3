using System.Globalization;
using VoiceKit.WebChat;

const string Usage = """
    Usage: VoiceKit.WebChat [--folder DIR] [--urls URL[;URL…]] [--days N]
      --folder   where the messages are kept; by default in the person's own data folder
      --urls     where the page is; by default http://localhost:5005
      --days     after how many days a room that nobody opens is deleted with its messages; by default never
    """;

if (args.Any(argument => argument is "-h" or "--help" or "-?"))
{
    Console.WriteLine(Usage);
    return 0;
}

var builder = ChatApp.CreateBuilder(args);
var folder = builder.Configuration["folder"] is { Length: > 0 } given
    ? given
    : Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
        "voicekit-webchat");
if (string.IsNullOrEmpty(builder.Configuration["urls"]))
    builder.WebHost.UseUrls("http://localhost:5005");

TimeSpan? age = null;
if (builder.Configuration["days"] is { } days)
{
    if (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 36_500)
    {
        Console.Error.WriteLine($"--days takes a whole number from 1 to 36500, not {days}.");
        return 2;
    }

    age = TimeSpan.FromDays(count);
}

try
{
    await using var app = ChatApp.Build(builder, new ChatOptions { Folder = Path.GetFullPath(folder), MaxRoomAge = age });
    await app.StartAsync();
    Console.WriteLine(
        $"Open {string.Join(" or ", app.Urls)} in two tabs. Messages are in {Path.GetFullPath(folder)}. Ctrl+C ends.");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (IOException exception)
{
    Console.Error.WriteLine($"The chat cannot start: {exception.Message}");
    return 1;
}
