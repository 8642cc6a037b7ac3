using System.CommandLine;
using System.Text.Json;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Cli.Commands;

/// <summary><c>voicekit info</c>: what a message is, without decoding it.</summary>
internal static class InfoCommand
{
    private const long LargeSize = 4 * 1024 * 1024;
    private const int StartSize = 32 * 1024;
    private const int MaxStartSize = 256 * 1024 * 1024;

    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "The message, in Ogg, WebM, MP4 or CAF; - for stdin." }.NotEmpty();
        var json = new Option<bool>("--json") { Description = "Print one JSON object, of all there is in the file." };
        var full = new Option<bool>("--full") { Description = "Read all of a file of more than 4 MiB, and not only its ends." };
        var command = new Command("info", "Say what a voice message is.") { input, json, full };
        command.SetAction((parsed, cancellationToken) => ExitCodes.RunAsync(
            () => Run(parsed.GetValue(input)!, parsed.GetValue(json), parsed.GetValue(full), cancellationToken)));
        return command;
    }

    private static int Run(
        string path, bool isJson, bool isFull, CancellationToken cancellationToken) => Input.Read(path, stream =>
    {
        if (!isJson && !isFull && IsLarge(stream))
        {
            WriteOutline(Console.Out, stream, cancellationToken);
            return ExitCodes.Done;
        }

        var info = OpusInfo.Read(stream, null, cancellationToken);
        if (isJson)
            JsonOutput.Write(json => WriteJson(json, info));
        else
            WriteText(Console.Out, info);
        return ExitCodes.Done;
    });

    private static bool IsLarge(Stream stream)
    {
        if (!stream.CanSeek || stream.Length <= LargeSize)
            return false;
        Span<byte> start = stackalloc byte[12];
        var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return OpusContainers.Identify(start[..count]) == OpusContainer.Ogg;
    }

    // A seek makes the reader look for the end. What the packets are is told by the first of them.
    private static void WriteOutline(TextWriter text, Stream stream, CancellationToken cancellationToken)
    {
        using var reader = OggOpusReader.Open(stream, leaveOpen: true);
        reader.Seek(0);
        var samples = reader.Duration ?? 0;
        var first = ReadStart(stream, cancellationToken);
        WriteLength(text, OpusRates.ToTime(samples), samples, linkCount: 1);
        text.WriteLine($"Container   {OpusContainer.Ogg}");
        text.WriteLine(
            $"Audio       {reader.Head.Channels} ch, {NameOf(first.Mode) ?? "no audio"} {NameOf(first.Bandwidth)}, "
            + $"{first.Bitrate / 1000:F1} kbit/s at the start");
        text.WriteLine($"Packets     of {first.PacketDuration?.TotalMilliseconds ?? 0:0.#} ms at the start");
        WriteHeaders(text, reader.Head, reader.Tags);
        text.WriteLine($"Read        the start and the end of {stream.Length / 1048576.0:F1} MiB; --full reads all of it");
    }

    // Tags with pictures may be long.
    private static OpusInfo ReadStart(Stream stream, CancellationToken cancellationToken)
    {
        for (long size = StartSize; ; size *= 4)
        {
            var start = new byte[Math.Min(size, stream.Length)];
            stream.Position = 0;
            stream.ReadExactly(start);
            var info = OpusInfo.Read(new MemoryStream(start), null, cancellationToken);
            if (info.PacketCount > 0 || size >= stream.Length || size >= MaxStartSize)
                return info;
        }
    }

    private static void WriteJson(Utf8JsonWriter json, OpusInfo info)
    {
        json.WriteStartObject();
        json.WriteString("container", NameOf(info.Container));
        json.WriteNumber("duration_seconds", (double)OpusRates.ToSamples(info.Duration) / OpusRates.Full);
        json.WriteNumber("samples", OpusRates.ToSamples(info.Duration));
        json.WriteNumber("lost_samples", OpusRates.ToSamples(info.Lost));
        json.WriteNumber("lost_beginning_samples", OpusRates.ToSamples(info.LostBeginning));
        json.WriteNumber("packet_loss_seconds", (info.Lost + info.Gaps).TotalSeconds);
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
        json.WriteString("decoder", Codecs.Decoder.Name);
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
            json.WriteNumber("duration_seconds", (double)OpusRates.ToSamples(link.Duration) / OpusRates.Full);
            json.WriteNumber("samples", OpusRates.ToSamples(link.Duration));
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
        WriteLength(text, info.Duration, OpusRates.ToSamples(info.Duration), info.LinkCount);
        text.WriteLine($"Container   {info.Container}");
        text.WriteLine(
            $"Audio       {info.Head.Channels} ch, {NameOf(info.Mode) ?? "no audio"} {NameOf(info.Bandwidth)}, "
            + $"{info.Bitrate / 1000:F1} kbit/s");
        var pages = info.Container == OpusContainer.Ogg ? $" on {info.PageCount} pages" : "";
        text.WriteLine($"Packets     {info.PacketCount} of {info.PacketDuration?.TotalMilliseconds ?? 0:0.#} ms{pages}");
        WriteHeaders(text, info.Head, info.Tags);
        if (info.Lost > TimeSpan.Zero)
            text.WriteLine($"Lost        {info.Lost.TotalSeconds:F3} s, concealed when played");
        if (info.LostBeginning > TimeSpan.Zero)
        {
            text.WriteLine(
                $"Lost        {info.LostBeginning.TotalSeconds:F3} s at the beginning, not in the length");
        }

        if (info.Gaps > TimeSpan.Zero)
            text.WriteLine($"Gaps        {info.Gaps.TotalSeconds:F3} s between time stamps, not in the length");
        Printable.Write(text, info.Defects, info.DefectCount);
    }

    private static void WriteLength(TextWriter text, TimeSpan duration, long samples, int linkCount)
    {
        var links = linkCount > 1 ? $", {linkCount} links" : "";
        text.WriteLine($"Duration    {Printable.Time(duration)} ({samples} samples at 48 kHz{links})");
    }

    private static void WriteHeaders(TextWriter text, OpusHead head, OpusTags tags)
    {
        text.WriteLine(
            $"Header      pre-skip {head.PreSkip}, gain {head.OutputGainDecibels:0.##} dB, input {head.InputSampleRate} Hz");
        text.WriteLine($"Vendor      {Printable.Line(tags.Vendor)}");
        foreach (var comment in tags.Comments)
            text.WriteLine($"Tag         {Printable.Line(comment.ToString())}");
    }

    private static string? NameOf(Enum? value) => value?.ToString().ToLowerInvariant();
}
