using System.CommandLine;
using System.Text.Json;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit info</c>: what a message is, without decoding it.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "The message, in Ogg, WebM, MP4 or CAF; - for stdin." }.NotEmpty();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("info", "Say what a voice message is.") { input, json };
        command.SetAction((parsed, cancellationToken) =>
            Task.Run(() => Run(parsed.GetValue(input)!, parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static int Run(string path, bool isJson, CancellationToken cancellationToken)
    {
        var info = Input.Read(path, stream => OpusInfo.Read(stream, null, cancellationToken));
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, info));
        else
            WriteText(Console.Out, info);
        return ExitCodes.Done;
    }

    private static void WriteJson(Utf8JsonWriter json, OpusInfo info)
    {
        json.WriteStartObject();
        json.WriteString("container", NameOf(info.Container));
        json.WriteNumber("duration_seconds", (double)info.Samples / OpusRates.Full);
        json.WriteNumber("samples", info.Samples);
        json.WriteNumber("lost_samples", info.LostSamples);
        json.WriteNumber("packet_loss_seconds", (double)(info.LostSamples + info.GapSamples) / OpusRates.Full);
        json.WriteNumber("pre_skip", info.Head.PreSkip);
        json.WriteNumber("channels", info.Head.Channels);
        json.WriteNumber("input_sample_rate", info.Head.InputSampleRate);
        json.WriteNumber("output_gain_db", info.Head.OutputGainDecibels);
        json.WriteString("mode", NameOf(info.Mode));
        json.WriteString("bandwidth", NameOf(info.Bandwidth));
        if (info.PacketDuration is { } duration)
            json.WriteNumber("packet_ms", duration.TotalMilliseconds);
        else
            json.WriteNull("packet_ms");
        json.WriteNumber("packets", info.PacketCount);
        json.WriteNumber("pages", info.PageCount);
        json.WriteNumber("bitrate", Math.Round(info.Bitrate));
        json.WriteString("vendor", info.Tags.Vendor);
        JsonOutput.WriteTags(json, info.Tags);
        WriteChain(json, info);
        JsonOutput.WriteDefects(json, info.Defects, info.DefectCount);
        json.WriteEndObject();
    }

    private static void WriteChain(Utf8JsonWriter json, OpusInfo info)
    {
        json.WriteStartArray("chain");
        foreach (var link in info.Links)
        {
            json.WriteStartObject();
            json.WriteNumber("duration_seconds", (double)link.Samples / OpusRates.Full);
            json.WriteNumber("samples", link.Samples);
            json.WriteNumber("pre_skip", link.Head.PreSkip);
            json.WriteNumber("channels", link.Head.Channels);
            json.WriteNumber("output_gain_db", link.Head.OutputGainDecibels);
            json.WriteString("vendor", link.Tags.Vendor);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(TextWriter text, OpusInfo info)
    {
        var links = info.LinkCount > 1 ? $", {info.LinkCount} links" : "";
        text.WriteLine($"Duration    {Printable.Time(info.Duration)} ({info.Samples} samples at 48 kHz{links})");
        text.WriteLine($"Container   {info.Container}");
        text.WriteLine($"Audio       {info.Head.Channels} ch, {NameOf(info.Mode) ?? "no audio"} {NameOf(info.Bandwidth)}, {info.Bitrate / 1000:F1} kbit/s");
        var pages = info.Container == OpusContainer.Ogg ? $" on {info.PageCount} pages" : "";
        text.WriteLine($"Packets     {info.PacketCount} of {info.PacketDuration?.TotalMilliseconds ?? 0:0.#} ms{pages}");
        text.WriteLine($"Header      pre-skip {info.Head.PreSkip}, gain {info.Head.OutputGainDecibels:0.##} dB, input {info.Head.InputSampleRate} Hz");
        text.WriteLine($"Vendor      {Printable.Line(info.Tags.Vendor)}");
        foreach (var comment in info.Tags.Comments)
            text.WriteLine($"Tag         {Printable.Line(comment.ToString())}");
        if (info.LostSamples > 0)
            text.WriteLine($"Lost        {(double)info.LostSamples / OpusRates.Full:F3} s, concealed when played");
        if (info.GapSamples > 0)
            text.WriteLine($"Gaps        {(double)info.GapSamples / OpusRates.Full:F3} s between time stamps, not in the length");
        Printable.Write(text, info.Defects, info.DefectCount);
    }

    private static string? NameOf(Enum? value) => value?.ToString().ToLowerInvariant();
}
