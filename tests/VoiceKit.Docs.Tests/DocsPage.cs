using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]

namespace VoiceKit.Docs.Tests;

/// <summary>
/// A page's examples run in a folder of their own, which is the current one, with <c>recording.wav</c> and <c>message.opus</c> of
/// the same spoken sentence. Nobody types anything: what waits for the key Enter goes on at once.
/// </summary>
public abstract class DocsPage : IDisposable
{
    private static readonly Lazy<(byte[] Wav, byte[] Opus)> Spoken = new(Speak);

    private static readonly Lazy<byte[]> Phone = new(() =>
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.wav"], Spoken.Value.Wav);
        Oracle.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], folder["a.m4a"]);
        return File.ReadAllBytes(folder["a.m4a"]);
    });

    private readonly string _before = Environment.CurrentDirectory;
    private readonly TextReader _in = Console.In;
    private readonly TextWriter _out = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly StringWriter _told = new();
    private readonly TemporaryFolder _folder = new();

    protected DocsPage()
    {
        Console.SetIn(TextReader.Null);
        Console.SetOut(_told);
        Console.SetError(_told);
        File.WriteAllBytes(_folder["recording.wav"], Spoken.Value.Wav);
        File.WriteAllBytes(_folder["message.opus"], Spoken.Value.Opus);
        Environment.CurrentDirectory = _folder.Path;
    }

    /// <summary>What the examples have written to the console.</summary>
    protected string Told => _told.ToString();

    /// <summary>How long the sentence is, as sox says.</summary>
    protected static double SpokenSeconds
    {
        get
        {
            var (output, _) = Oracle.Run("soxi", "-D", "recording.wav");
            return double.Parse(output, CultureInfo.InvariantCulture);
        }
    }

    public void Dispose()
    {
        Console.SetIn(_in);
        Console.SetOut(_out);
        Console.SetError(_error);
        Environment.CurrentDirectory = _before;
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The loudest sample of a file, as ffmpeg hears it.</summary>
    protected static double Loudest(string path)
    {
        var (_, log) = Oracle.Run("ffmpeg", "-hide_banner", "-i", path, "-af", "volumedetect", "-f", "null", "-");
        var decibels = log.Split("max_volume:")[1].Split("dB")[0];
        return Math.Pow(10, double.Parse(decibels, CultureInfo.InvariantCulture) / 20);
    }

    /// <summary>The same sentence as a phone would have it: AAC in M4A.</summary>
    protected static void WritePhoneRecording(string path) => File.WriteAllBytes(path, Phone.Value);

    private static (byte[] Wav, byte[] Opus) Speak()
    {
        using var folder = new TemporaryFolder();
        Oracle.Run("espeak-ng", "-w", folder["a.wav"], "This is what the examples work on.");
        using var wav = AudioFiles.Open(folder["a.wav"]);
        using var opus = new MemoryStream();
        new VoiceEncoder(LibOpusCodec.Default).Encode(wav, opus);
        return (File.ReadAllBytes(folder["a.wav"]), opus.ToArray());
    }
}
