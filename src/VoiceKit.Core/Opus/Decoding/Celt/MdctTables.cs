namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>The factors of an inverse MDCT, and where its points lie. Made once for each length.</summary>
internal sealed class MdctTables
{
    private static readonly MdctTables?[] LongTables = new MdctTables?[CeltBands.MaxSizeLog + 1];
    private static MdctTables? _shortTables;

    /// <summary>The window of the overlap (RFC 6716 §4.3.7).</summary>
    public static readonly float[] Window = BuildWindow();

    /// <summary>The squares of the window, by which the post-filter changes (§4.3.7.1).</summary>
    public static readonly float[] SquaredWindow = Array.ConvertAll(Window, w => w * w);

    /// <summary>cos(2π (i + 1/8) / N) for each complex point, where N is four times their number.</summary>
    public readonly float[] Cosines;

    /// <summary>sin(2π (i + 1/8) / N).</summary>
    public readonly float[] Sines;

    /// <summary>The row that each row of the input has to be at.</summary>
    public readonly byte[] InputRows;

    /// <summary>The row that each row of the result is at.</summary>
    public readonly byte[] OutputRows;

    /// <summary>
    /// What lane l of the result's row k is turned by before the lanes are transformed, as eight cosines a row.
    /// </summary>
    public readonly float[] LaneCosines = [];

    /// <summary>The same as sines.</summary>
    public readonly float[] LaneSines = [];

    private MdctTables(int points, int rows)
    {
        (Cosines, Sines) = Turns(points, i => (i + 0.125) / (4 * points));
        InputRows = ColumnTransform.InputRows(rows);
        OutputRows = ColumnTransform.OutputRows(rows);
        if (rows < points)
            (LaneCosines, LaneSines) = Turns(points, i => (double)(i / 8 * (i % 8)) / points);
    }

    /// <summary>The tables of one long MDCT that fills a frame of 5, 10 or 20 ms.</summary>
    public static MdctTables ForLong(int sizeLog)
    {
        var points = CeltBands.ShortLength / 2 << sizeLog;
        return LongTables[sizeLog] ??= new MdctTables(points, points / 8);
    }

    /// <summary>The tables of eight MDCTs of 2.5 ms side by side.</summary>
    public static MdctTables ForShort() => _shortTables ??= new MdctTables(CeltBands.ShortLength / 2, CeltBands.ShortLength / 2);

    private static (float[] Cosines, float[] Sines) Turns(int count, Func<int, double> turns)
    {
        var cosines = new float[count];
        var sines = new float[count];
        for (var i = 0; i < count; i++)
        {
            var (cosine, sine) = Trigonometry.OfTurns(turns(i));
            cosines[i] = (float)cosine;
            sines[i] = (float)sine;
        }

        return (cosines, sines);
    }

    private static float[] BuildWindow()
    {
        var window = new float[CeltBands.Overlap];
        for (var i = 0; i < window.Length; i++)
        {
            var inner = Trigonometry.OfTurns(0.25 * (i + 0.5) / window.Length).Sine;
            window[i] = (float)Trigonometry.OfTurns(0.25 * inner * inner).Sine;
        }

        return window;
    }
}
