using System.Diagnostics;
using VoiceKit.Importing;
using VoiceKit.LibOpus;

namespace VoiceKit.Benchmarks.Reporting;

/// <summary>Recordings to a message and a picture of its bars each, some of them each turn.</summary>
/// <param name="recordings">WAV files.</param>
/// <param name="perTurn">How many a turn takes.</param>
/// <param name="output">Where the messages and the pictures go.</param>
internal sealed class Batch(IReadOnlyList<string> recordings, int perTurn, string output)
{
    private const string Loop =
        """
        for file in "$@"; do
            ffmpeg -v error -nostdin -y -i "$file" \
                -filter_complex "[0:a]asplit[sound][drawn];[drawn]showwavespic=s=640x120[picture]" \
                -map "[sound]" -c:a libopus -application voip -b:a 24k -compression_level 10 "$0/ffmpeg.opus" \
                -map "[picture]" -frames:v 1 "$0/ffmpeg.png" || exit 1
        done
        """;

    private static readonly VoiceImportOptions Options = new() { Encoding = new() { Encoder = Speech.EncoderOptions } };

    /// <summary>A shell loop, which starts ffmpeg once for each recording.</summary>
    public Cost RunLoop(int turn) => Programs.Run("bash", ["-c", Loop, output, .. OfTurn(turn)]);

    /// <summary>A batch within this process.</summary>
    public Cost RunOurs(int turn, int cores)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        RunOursAsync(OfTurn(turn), cores).GetAwaiter().GetResult();
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new Cost(wall, (process.TotalProcessorTime - cpu).TotalSeconds, null);
    }

    private Task RunOursAsync(IEnumerable<string> paths, int cores)
    {
        var importer = new VoiceImporter(LibOpusCodec.Default);
        var options = new ParallelOptions { MaxDegreeOfParallelism = cores };
        return Parallel.ForEachAsync(paths, options, async (path, token) =>
        {
            var message = await importer.ImportAsync(path, Options, cancellationToken: token);
            var name = Path.Combine(output, Path.GetFileNameWithoutExtension(path));
            await message.SaveAsync(name + ".opus", token);
            var bars = await message.GetWaveformAsync(cancellationToken: token);
            await File.WriteAllBytesAsync(name + ".png", bars.ToPng(), token);
        });
    }

    private IEnumerable<string> OfTurn(int turn) =>
        Enumerable.Range(turn * perTurn, perTurn).Select(number => recordings[number % recordings.Count]);
}
