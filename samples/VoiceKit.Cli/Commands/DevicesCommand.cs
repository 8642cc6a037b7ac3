using System.CommandLine;
using System.Text.Json;
using VoiceKit.Audio;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit devices</c>: what one can record from and play on.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("devices", "List microphones, speakers and loopbacks.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool isJson, CancellationToken cancellationToken)
    {
        await using var devices = await Devices.OpenAsync(cancellationToken);
        var all = await devices.ListAsync(cancellationToken);
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, all));
        else
            WriteText(all);
        return ExitCodes.Done;
    }

    private static void WriteJson(Utf8JsonWriter json, IReadOnlyList<AudioDeviceInfo> devices)
    {
        json.WriteStartObject();
        WriteGroup(json, "inputs", devices, AudioDeviceKind.Input);
        WriteGroup(json, "outputs", devices, AudioDeviceKind.Output);
        WriteGroup(json, "loopbacks", devices, AudioDeviceKind.Loopback);
        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, string name, IReadOnlyList<AudioDeviceInfo> devices, AudioDeviceKind kind)
    {
        json.WriteStartArray(name);
        foreach (var device in devices.Where(device => device.Kind == kind))
        {
            json.WriteStartObject();
            json.WriteString("id", device.Id);
            json.WriteString("name", device.Name);
            json.WriteBoolean("default", device.IsDefault);
            if (device.Format is { } format)
            {
                json.WriteNumber("sample_rate", format.SampleRate);
                json.WriteNumber("channels", format.Channels);
            }

            if (device.IsMuted is { } isMuted)
                json.WriteBoolean("muted", isMuted);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(IReadOnlyList<AudioDeviceInfo> devices)
    {
        var width = devices.Select(device => device.Id.Length).DefaultIfEmpty().Max();
        foreach (var group in devices.GroupBy(device => device.Kind).OrderBy(group => group.Key))
        {
            Console.WriteLine($"{group.Key}s (* default)");
            foreach (var device in group)
            {
                var format = device.Format is { } known ? $"  {known}" : "";
                var muted = device.IsMuted == true ? ", muted" : "";
                var line = $"{device.Id.PadRight(width)}  {device.Name}{format}{muted}";
                Console.WriteLine($"{(device.IsDefault ? "*" : " ")} {Printable.Line(line)}");
            }
        }

        if (devices.Count == 0)
            Console.WriteLine("There are no sound devices.");
    }
}
