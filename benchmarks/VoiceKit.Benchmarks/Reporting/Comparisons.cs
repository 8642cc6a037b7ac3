namespace VoiceKit.Benchmarks.Reporting;

/// <summary>All comparisons within a process. What each works on is made at its first turn.</summary>
internal sealed partial class Comparisons : IDisposable
{
    /// <summary>What a shorter way has to gain to be worth its lines.</summary>
    private const double Worthwhile = 1.5;

    private readonly List<Action> _cleanups = [];

    public Comparisons() => All =
    [
        .. Coding(),
        .. Managed(),
        .. Decoding(),
        .. Containers(),
        .. Audio(),
        .. Samples(),
        .. Recording(),
        .. Many(),
        .. Store(),
    ];

    public IReadOnlyList<Comparison> All { get; }

    /// <summary>Those that have one of the words in their names; all without words.</summary>
    public IEnumerable<Comparison> Named(IReadOnlyCollection<string> words) => All.Where(
        one => words.Count == 0 || words.Any(word => one.Name.Contains(word, StringComparison.OrdinalIgnoreCase)));

    public void Dispose() => _cleanups.ForEach(cleanup => cleanup());

    private IEnumerable<Comparison> Coding()
    {
        var encode = Suite<EncodeBenchmarks>(suite => suite.Setup());
        yield return new("encode to Ogg Opus", "bare libopus", 10, () => encode().BareLibopus(), () => encode().VoiceKit());
        var decode = Suite<DecodeBenchmarks>(suite => suite.Setup());
        yield return new("decode from Ogg Opus", "bare libopus", 10, () => decode().BareLibopus(), () => decode().VoiceKit());
        var seek = Suite<SeekBenchmarks>(suite => suite.Setup(), suite => suite.Cleanup());
        yield return new(
            "seek to the first 20 ms", "bare libopus, pre-roll", SeekBenchmarks.Seconds,
            () => seek().BareLibopus(), () => seek().VoiceKit());
        var import = Suite<ImportBenchmarks>(suite => suite.Setup());
        yield return new(
            "import 48 kHz mono", "bare libopus", ImportBenchmarks.Seconds,
            () => import().BareLibopus(), () => import().Mono_48000());
        yield return new(
            "import 44.1 kHz stereo", "bare libopus", ImportBenchmarks.Seconds,
            () => import().BareLibopus(), () => import().Stereo_44100());
    }

    // Managed code for where no native library can be had.
    private List<Comparison> Managed()
    {
        var encode = Suite<ConcentusEncodeBenchmarks>(suite => suite.Setup());
        var decode = Suite<ConcentusDecodeBenchmarks>(suite => suite.Setup());
        List<Comparison> all =
        [
            new("encode by Concentus", "libopus", 10, () => encode().WithLibopus(), () => encode().WithConcentus()),
            new("decode by Concentus", "libopus", 10, () => decode().WithLibopus(), () => decode().WithConcentus()),
        ];
        AddOggFile(all, encode, decode);
        return all;
    }

    /// <summary>Adds what is compared with Concentus.OggFile, where that is to be had.</summary>
    static partial void AddOggFile(
        List<Comparison> all, Func<ConcentusEncodeBenchmarks> encode, Func<ConcentusDecodeBenchmarks> decode);

    private IEnumerable<Comparison> Decoding()
    {
        foreach (var material in DecoderMaterial.All)
        {
            var suite = new Lazy<DecoderBenchmarks>(() =>
            {
                var made = new DecoderBenchmarks { Material = material };
                made.Setup();
                return made;
            });
            yield return new(
                $"decode {material}", "bare libopus", DecoderMaterial.Seconds,
                () => suite.Value.BareLibopus(), () => suite.Value.Managed()) { Target = 1 };
            yield return new(
                $"decode {material}", "Concentus", DecoderMaterial.Seconds,
                () => suite.Value.WithConcentus(), () => suite.Value.Managed()) { Target = 3 };
        }
    }

    private IEnumerable<Comparison> Containers()
    {
        var mux = Suite<MuxBenchmarks>(suite => suite.Setup());
        yield return new("mux", "copy and one-table CRC", 60, () => mux().BareCopyAndChecksum(), () => mux().VoiceKit());
        yield return new("mux", "libogg", 60, () => mux().LibOgg(), () => mux().VoiceKit());
        var demux = Suite<DemuxBenchmarks>(suite => suite.Setup());
        yield return new("demux", "walk and one-table CRC", 60, () => demux().BareWalkAndChecksum(), () => demux().VoiceKit());
        yield return new("demux", "libogg", 60, () => demux().LibOgg(), () => demux().VoiceKit());
        var remux = Suite<RemuxBenchmarks>(suite => suite.Setup());
        yield return new(
            "remux WebM to Ogg", "Ogg writer", RemuxBenchmarks.Seconds, () => remux().BareWriter(), () => remux().WebMToOgg());
        yield return new(
            "remux Ogg to Ogg", "Ogg writer", RemuxBenchmarks.Seconds, () => remux().BareWriter(), () => remux().OggToOgg());
    }

    private IEnumerable<Comparison> Audio()
    {
        var resample = Suite<ResampleBenchmarks>(suite => suite.Setup());
        yield return new(
            "resample 44.1 → 48 kHz", "scalar loop, same filter", 10,
            () => resample().ScalarLoop_44100_48000(), () => resample().Mono_44100_48000()) { Target = Worthwhile };
        var stretch = Suite<StretchBenchmarks>(suite => suite.Setup());
        yield return new(
            "play at 2 ×", "scalar loop, same search", StretchBenchmarks.Seconds,
            () => stretch().ScalarLoop(), () => stretch().Mono()) { Target = Worthwhile };
        var bars = Suite<WaveformBenchmarks>(suite => suite.Setup());
        yield return new("bars", "scalar peak and square", 10, () => bars().BareLoop(), () => bars().Add());
        var opus = Suite<OpusBarsBenchmarks>(suite => suite.Setup());
        yield return new(
            "bars from Ogg Opus, exact", "bare libopus, peak and square", OpusBarsBenchmarks.Seconds,
            () => opus().BareLibopusAndLoop(), () => opus().Exact());
        yield return new(
            "bars from Ogg Opus, one core", "bare libopus, peak and square", OpusBarsBenchmarks.Seconds,
            () => opus().BareLibopusAndLoop(), () => opus().OneCore());
        yield return new(
            "bars from Ogg Opus, all cores", "bars, one core", OpusBarsBenchmarks.Seconds,
            () => opus().OneCore(), () => opus().AllCores());
    }

    private IEnumerable<Comparison> Samples()
    {
        var crc = Suite<CrcBenchmarks>(suite => suite.Setup());
        yield return new("CRC of pages", "one table", CrcBenchmarks.Seconds, () => crc().OneTable(), () => crc().VoiceKit())
        {
            Target = Worthwhile,
        };
        yield return new(
            "CRC of pages by sixteen tables", "one table", CrcBenchmarks.Seconds,
            () => crc().OneTable(), () => crc().SixteenTables())
        {
            Target = Worthwhile,
        };

        var samples = Suite<SampleBenchmarks>(suite => suite.Setup());
        Comparison PerSample(string work, Action<SampleBenchmarks> loop, Action<SampleBenchmarks> ours) =>
            new(work, "plain loop", SampleBenchmarks.Seconds, () => loop(samples()), () => ours(samples()))
            {
                Target = Worthwhile,
            };
        yield return PerSample("16-bit to float", suite => suite.ToFloatLoop(), suite => suite.ToFloat());
        yield return PerSample("float to 16-bit", suite => suite.FromFloatLoop(), suite => suite.FromFloat());
        yield return PerSample("stereo to mono", suite => suite.MixDownLoop(), suite => suite.MixDown());
        yield return PerSample("peak and RMS", suite => suite.PeakLoop(), suite => suite.Peak());
    }

    private IEnumerable<Comparison> Recording()
    {
        var ring = Suite<RingBenchmarks>(_ => { });
        yield return new(
            "between threads", "ring with a lock", RingBenchmarks.Seconds, () => ring().Locked(), () => ring().VoiceKit());
        var record = Suite<RecordBenchmarks>(suite => suite.Setup(), suite => suite.Cleanup());
        yield return new("record 48 kHz mono", "bare libopus", 10, () => record().BareLibopus(), () => record().Mono_48000());
        yield return new(
            "record 44.1 kHz stereo", "bare libopus", 10, () => record().BareLibopus(), () => record().Stereo_44100());
        yield return new(
            "record, high-pass and gain", "bare libopus", 10,
            () => record().BareLibopus(), () => record().Mono_48000_with_high_pass_and_gain());
    }

    private IEnumerable<Comparison> Many()
    {
        var batch = Suite<BatchBenchmarks>(suite => suite.Setup());
        yield return new(
            "batch of 8 recordings, one core", "one by one", BatchBenchmarks.Seconds,
            () => batch().OneByOne(), () => batch().OneCore());
        yield return new(
            "batch of 8 recordings, all cores", "batch, one core", BatchBenchmarks.Seconds,
            () => batch().OneCore(), () => batch().AllCores());
    }

    private IEnumerable<Comparison> Store()
    {
        var store = Suite<StoreBenchmarks>(suite => suite.Setup(), suite => suite.Dispose());
        yield return new("store: add", "write and rename a file", null, () => store().BareWriteAndRename(), () => store().Add());
        yield return new("store: list 50 of 100,000", "read 50 files", null, () => store().BareRead50(), () => store().List());
    }

    private Func<T> Suite<T>(Action<T> setUp, Action<T>? cleanUp = null)
        where T : new()
    {
        var suite = new Lazy<T>(() =>
        {
            var made = new T();
            if (cleanUp is not null)
                _cleanups.Add(() => cleanUp(made));
            setUp(made);
            return made;
        });
        return () => suite.Value;
    }
}
