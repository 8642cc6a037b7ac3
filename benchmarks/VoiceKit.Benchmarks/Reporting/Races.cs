namespace VoiceKit.Benchmarks.Reporting;

/// <summary>All comparisons of whole programs.</summary>
/// <param name="program">The program voicekit.</param>
/// <param name="material">What they work on.</param>
/// <param name="scale">How much of it.</param>
/// <param name="output">A folder for what they write.</param>
internal sealed class Races(string program, Material material, Scale scale, string output)
{
    private const string AllCores = "voicekit";
    private const string OneCore = "voicekit --jobs 1";
    private const string SystemLibrary = "voicekit, libopus of the system";
    private const string Opusenc = "opusenc";
    private const string Opusdec = "opusdec";
    private const string Ffmpeg = "ffmpeg";

    private static readonly string[] Quiet = ["-v", "error", "-nostdin", "-y"];

    public IEnumerable<Race> All()
    {
        Directory.CreateDirectory(output);
        return [Encode(), Decode(), Bars(), Info(), StartUp(), Batch()];
    }

    private Race Encode()
    {
        string[] ours = ["encode", material.SpeechWav, To("ours.opus"), "--bitrate", "24000", "--complexity", "10", "--force"];
        return new Race($"encode {Length(scale.SpeechSeconds)} of WAV", "encode", scale.SpeechSeconds, scale.LongTurns)
        {
            Contenders =
            [
                Ours(AllCores, ours),
                Ours(OneCore, [.. ours, "--jobs", "1"]),
                .. WithSystemLibrary(ours),
                Contender.Program(
                    Opusenc, "opusenc",
                    "--quiet", "--speech", "--bitrate", "24", "--comp", "10", material.SpeechWav, To("opusenc.opus")),
                Contender.Program(
                    Ffmpeg, "ffmpeg",
                    [
                        .. Quiet, "-i", material.SpeechWav, "-c:a", "libopus", "-application", "voip", "-b:a", "24k",
                        "-compression_level", "10", To("ffmpeg.opus"),
                    ]),
            ],
            Goals =
            [
                new(AllCores, Opusenc, 2.2), new(AllCores, Ffmpeg, 1), new(OneCore, Opusenc, 1),
                new(AllCores, null, 24) { IsOfMemory = true },
            ],
        };
    }

    private Race Decode()
    {
        string[] ours = ["decode", material.SpeechOpus, To("ours.wav"), "--force"];
        return new Race($"decode {Length(scale.SpeechSeconds)} to WAV", "decode", scale.SpeechSeconds, scale.LongTurns)
        {
            Contenders =
            [
                Ours(AllCores, ours),
                Ours(OneCore, [.. ours, "--jobs", "1"]),
                Contender.Program(Opusdec, "opusdec", "--quiet", material.SpeechOpus, To("opusdec.wav")),
                Contender.Program(Ffmpeg, "ffmpeg", [.. Quiet, "-i", material.SpeechOpus, "-c:a", "pcm_s16le", To("ffmpeg.wav")]),
            ],
            Goals = [new(AllCores, Opusdec, 4), new(AllCores, Ffmpeg, 2), new(OneCore, Opusdec, 1)],
        };
    }

    private Race Bars()
    {
        string[] ours = ["waveform", material.HourOpus, "--format", "png", "-o", To("ours.png"), "--force"];
        return new Race($"draw {Length(scale.BarsMinutes * 60)} of Opus", "bars", scale.BarsMinutes * 60, scale.LongTurns)
        {
            Contenders =
            [
                Ours(AllCores, ours),
                Ours(OneCore, [.. ours, "--jobs", "1"]),
                Contender.Program(
                    Ffmpeg, "ffmpeg",
                    [
                        .. Quiet, "-i", material.HourOpus, "-filter_complex", "showwavespic=s=640x120", "-frames:v", "1",
                        To("ffmpeg.png"),
                    ]),
            ],
            Goals = [new(AllCores, Ffmpeg, 10), new(OneCore, Ffmpeg, 5)],
        };
    }

    private Race Info()
    {
        const string Ffprobe = "ffprobe, 10 s";
        const string Opusinfo = "opusinfo, 10 s";
        var (ofLong, ofShort) = ($"voicekit info, {Length(scale.LongMinutes * 60)}", "voicekit info, 10 s");
        return new Race("look at a message", "info", null, scale.ShortTurns)
        {
            Contenders =
            [
                Ours(ofLong, ["info", material.LongOpus]),
                Ours(ofShort, ["info", material.ShortOpus]),
                Contender.Program($"opusinfo, {Length(scale.LongMinutes * 60)}", "opusinfo", material.LongOpus),
                Contender.Program(Opusinfo, "opusinfo", material.ShortOpus),
                Contender.Program(Ffprobe, "ffprobe", "-v", "error", "-show_format", material.ShortOpus),
            ],
            // The same time, but for what turns differ by.
            Goals =
            [
                new(ofLong, ofShort, 0.9), new(ofShort, null, 12), new(ofShort, Ffprobe, 5), new(ofShort, Opusinfo, 1),
                new(ofLong, null, 16) { IsOfMemory = true },
            ],
        };
    }

    private Race StartUp() => new("start the program", "start", null, scale.ShortTurns)
    {
        Contenders =
        [
            Ours("voicekit --version", ["--version"]),
            Contender.Program("opusenc --version", "opusenc", "--version"),
            Contender.Program("ffmpeg -version", "ffmpeg", "-version"),
        ],
        Goals = [new("voicekit --version", null, 10)],
    };

    private Race Batch()
    {
        const string Pooled = "VoiceKit, all cores";
        const string Single = "VoiceKit, one core";
        const string Loop = "shell loop over ffmpeg";
        var all = scale.RecordingsPerTurn * scale.BatchTurns;
        var batch = new Batch(material.Recordings(), scale.RecordingsPerTurn, output);
        return new Race(
            $"{scale.RecordingsPerTurn} of {all} recordings of 10 s to a message and a picture each",
            "batch", scale.RecordingsPerTurn * 10, scale.BatchTurns)
        {
            Contenders =
            [
                new(Pooled, turn => batch.RunOurs(turn, -1)) { IsOurs = true },
                new(Single, turn => batch.RunOurs(turn, 1)) { IsOurs = true },
                new(Loop, batch.RunLoop),
            ],
            Goals = [new(Pooled, Single, 1.95), new(Pooled, Loop, 3)],
        };
    }

    // What is beside a program is found before what the system has, so the program goes where nothing is. Only native code can.
    private IEnumerable<Contender> WithSystemLibrary(string[] arguments)
    {
        if (File.Exists(Path.Combine(Path.GetDirectoryName(program)!, "VoiceKit.Cli.dll")))
            return [];
        var folder = Directory.CreateDirectory(To("alone"));
        var alone = Path.Combine(folder.FullName, Path.GetFileName(program));
        File.Copy(program, alone, overwrite: true);
        return [Contender.Program(SystemLibrary, alone, arguments) with { IsOurs = true }];
    }

    private Contender Ours(string name, string[] arguments) => Contender.Program(name, program, arguments) with { IsOurs = true };

    private string To(string name) => Path.Combine(output, name);

    private static string Length(int seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3600 => $"{seconds / 60} min",
        _ => $"{seconds / 3600} h",
    };
}
