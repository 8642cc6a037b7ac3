using System.Diagnostics;
using System.Globalization;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Runs the benchmarks' methods by turns, a few milliseconds each, and compares their quickest and their median turns. On a machine
/// whose speed drifts from one minute to the next this shows ratios that runs one after the other cannot.
/// </summary>
internal static class Interleaved
{
    private const StringComparison Ignoring = StringComparison.OrdinalIgnoreCase;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(25);

    /// <summary>Compares all, or only what has one of the words in its own name or its baseline's.</summary>
    public static void Run(string[] words)
    {
        var encode = new EncodeBenchmarks();
        var decode = new DecodeBenchmarks();
        var mux = new MuxBenchmarks();
        var demux = new DemuxBenchmarks();
        var resample = new ResampleBenchmarks();
        var waveform = new WaveformBenchmarks();
        var seek = new SeekBenchmarks();
        var remux = new RemuxBenchmarks();
        var stretch = new StretchBenchmarks();
        var record = new RecordBenchmarks();
        encode.Setup();
        decode.Setup();
        mux.Setup();
        demux.Setup();
        resample.Setup();
        waveform.Setup();
        seek.Setup();
        remux.Setup();
        stretch.Setup();
        record.Setup();
        using var store = new StoreBenchmarks();

        Console.WriteLine("| work | baseline | × real time | ratio of the quickest | ratio of the medians |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: |");
        bool IsWanted(string work, string baseline) =>
            words.Length == 0 || words.Any(word => work.Contains(word, Ignoring) || baseline.Contains(word, Ignoring));

        void Compare(string work, string baseline, double? seconds, Action bare, Action ours)
        {
            if (IsWanted(work, baseline))
                CompareTurns(work, baseline, seconds, bare, ours);
        }

        Compare("encode to Ogg Opus", "bare libopus", 10, () => encode.BareLibopus(), () => encode.VoiceKit());
        Compare("decode from Ogg Opus", "bare libopus", 10, () => decode.BareLibopus(), () => decode.VoiceKit());
        Compare("mux", "copy and one-table CRC", 60, () => mux.BareCopyAndChecksum(), () => mux.VoiceKit());
        Compare("demux", "walk and one-table CRC", 60, () => demux.BareWalkAndChecksum(), () => demux.VoiceKit());
        Compare("mux", "libogg", 60, () => mux.LibOgg(), () => mux.VoiceKit());
        Compare("demux", "libogg", 60, () => demux.LibOgg(), () => demux.VoiceKit());
        Compare(
            "resample 44.1 → 48 kHz", "scalar loop, same filter", 10, () => resample.ScalarLoop_44100_48000(), () => resample.Mono_44100_48000());
        Compare(
            "seek to the first 20 ms", "bare libopus, pre-roll", SeekBenchmarks.Seconds,
            () => seek.BareLibopus(), () => seek.VoiceKit());
        Compare("remux WebM to Ogg", "Ogg writer", RemuxBenchmarks.Seconds, () => remux.BareWriter(), () => remux.WebMToOgg());
        Compare("remux Ogg to Ogg", "Ogg writer", RemuxBenchmarks.Seconds, () => remux.BareWriter(), () => remux.OggToOgg());
        Compare("bars", "scalar peak and square", 10, () => waveform.BareLoop(), () => waveform.Add());
        Compare(
            "play at 2 ×", "scalar loop, same search", StretchBenchmarks.Seconds, () => stretch.ScalarLoop(), () => stretch.Mono());
        Compare("record 48 kHz mono", "bare libopus", 10, () => record.BareLibopus(), () => record.Mono_48000());
        Compare("record 44.1 kHz stereo", "bare libopus", 10, () => record.BareLibopus(), () => record.Stereo_44100());
        Compare(
            "record, high-pass and gain", "bare libopus", 10, () => record.BareLibopus(), () => record.Mono_48000_with_high_pass_and_gain());
        record.Cleanup();
        if (!IsWanted("store", ""))
            return;
        store.Setup();
        Compare("store: add", "write and rename a file", null, () => store.BareWriteAndRename(), () => store.Add());
        Compare("store: list 50 of 100,000", "read 50 files", null, () => store.BareRead50(), () => store.List());
    }

    private static void CompareTurns(string work, string baseline, double? seconds, Action bare, Action ours)
    {
        var bareTimes = new List<double>();
        var ourTimes = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Time)
        {
            bareTimes.Add(Measure(bare));
            ourTimes.Add(Measure(ours));
        }

        // The first turns are those of code that is not yet optimised.
        bareTimes.RemoveRange(0, bareTimes.Count / 5);
        ourTimes.RemoveRange(0, ourTimes.Count / 5);
        bareTimes.Sort();
        ourTimes.Sort();
        var quickest = ourTimes[0] / bareTimes[0];
        var median = ourTimes[ourTimes.Count / 2] / bareTimes[bareTimes.Count / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {work} | {baseline} | {seconds / ourTimes[ourTimes.Count / 2]:N0} | {quickest:F2} | {median:F2} |"));
    }

    private static double Measure(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
