using VoiceKit.Audio;
using VoiceKit.Benchmarks.Reporting;
using VoiceKit.LibOpus;

namespace VoiceKit.Benchmarks;

/// <summary>The files that whole programs work on; made when they are first asked for, and kept.</summary>
/// <param name="folder">Where they are.</param>
/// <param name="scale">How long they are.</param>
internal sealed class Material(string folder, Scale scale)
{
    private const int MessageSeconds = 10;
    private const int SecondsBetweenMessages = 1;

    private static readonly string[] Words =
    [
        "the", "train", "is", "late", "and", "we", "will", "meet", "at", "seven", "near", "old", "bridge", "because", "nobody",
        "knows", "which", "station", "has", "coffee", "please", "bring", "your", "umbrella", "since", "it", "might", "rain",
    ];

    /// <summary>Computed speech, 48 kHz mono, 16 bits.</summary>
    public string SpeechWav => Make("speech.wav", file => WriteWav(file, Speech.MakePcm(scale.SpeechSeconds)));

    /// <summary>The same as a message.</summary>
    public string SpeechOpus => Make("speech.opus", file =>
    {
        using var wav = WavReader.Open(SpeechWav);
        new VoiceEncoder(LibOpusCodec.Default).Encode(wav, file, new() { Encoder = Speech.EncoderOptions });
    });

    public string HourOpus => Make("hour.opus", file => Speech.WriteLongFile(file, scale.BarsMinutes));

    public string LongOpus => Make("long.opus", file => Speech.WriteLongFile(file, scale.LongMinutes));

    public string ShortOpus => Make("short.opus", file => file.Write(Speech.MakeFile(MessageSeconds)));

    /// <summary>Recordings of 10 s of espeak-ng, 48 kHz mono, 16 bits.</summary>
    public IReadOnlyList<string> Recordings()
    {
        string Name(int number) => $"recording-{number:D3}.wav";
        if (!File.Exists(Path.Combine(folder, Name(scale.Recordings - 1))))
        {
            var speech = Speak(MessageSeconds + scale.Recordings * SecondsBetweenMessages);
            for (var i = 0; i < scale.Recordings; i++)
            {
                var cut = speech.AsMemory(i * SecondsBetweenMessages * Speech.SampleRate, MessageSeconds * Speech.SampleRate);
                Make(Name(i), file => WriteWav(file, cut.Span));
            }
        }

        return [.. Enumerable.Range(0, scale.Recordings).Select(i => Path.Combine(folder, Name(i)))];
    }

    public static byte[] ToWav(ReadOnlySpan<float> pcm, AudioFormat format)
    {
        using var file = new MemoryStream();
        using var writer = new WavWriter(file, format, leaveOpen: true);
        writer.Write(pcm);
        writer.Complete();
        return file.ToArray();
    }

    private static void WriteWav(Stream file, ReadOnlySpan<float> pcm)
    {
        using var writer = new WavWriter(file, new AudioFormat(Speech.SampleRate, 1), leaveOpen: true);
        writer.Write(pcm);
        writer.Complete();
    }

    /// <summary>So many seconds of espeak-ng at 48 kHz, and what it says beyond.</summary>
    private float[] Speak(int seconds)
    {
        var text = Path.Combine(folder, "speech.txt");
        var wav = Path.Combine(folder, "espeak.wav");
        var random = new Random(20);
        // It says three words a second at most.
        var sentences = Enumerable.Range(0, seconds / 2).Select(
            _ => string.Join(' ', Enumerable.Range(0, 8).Select(_ => Words[random.Next(Words.Length)])) + ".");
        File.WriteAllText(text, string.Join('\n', sentences));
        Programs.Run("espeak-ng", ["-s", "170", "-f", text, "-w", wav]);

        using var source = WavReader.Open(wav);
        using var reader = new ResamplingReader(source, Speech.SampleRate);
        var pcm = new float[seconds * Speech.SampleRate];
        for (var at = 0; at < pcm.Length;)
        {
            var count = reader.Read(pcm.AsSpan(at));
            at += count > 0 ? count : throw new InvalidDataException("espeak-ng said too little.");
        }

        File.Delete(wav);
        return pcm;
    }

    private string Make(string name, Action<Stream> write)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
            return path;
        Directory.CreateDirectory(folder);
        var part = path + ".part";
        using (var file = File.Create(part))
            write(file);
        File.Move(part, path);
        return path;
    }
}
