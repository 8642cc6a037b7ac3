namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// What the symbols before the spectrum say of one frame (RFC 6716 §4.3, table 56). One object serves all frames.
/// </summary>
internal sealed class CeltFrame
{
    /// <summary>The logarithm of the frame's length in units of 2.5 ms (the RFC's LM): 0…3.</summary>
    public int SizeLog;

    /// <summary>Channels in the stream, 1 or 2.</summary>
    public int Channels;

    /// <summary>The first band that is coded: 17 in hybrid frames.</summary>
    public int StartBand;

    /// <summary>The end of the bands that are coded.</summary>
    public int EndBand;

    /// <summary>Whether several short MDCTs take the place of the long one (§4.3.1).</summary>
    public bool IsTransient;

    /// <summary>How far pulses are spread, 0…3 (§4.3.4.3).</summary>
    public int Spread;

    /// <summary>The end of the bands that have bits for their shape (§4.3.3).</summary>
    public int CodedBands;

    /// <summary>The first band coded in intensity stereo.</summary>
    public int IntensityBand;

    /// <summary>Whether left and right are coded apart.</summary>
    public bool IsDualStereo;

    /// <summary>Eighths of a bit that the allocation left over for the bands' shapes.</summary>
    public int Balance;

    /// <summary>Eighths of a bit that are kept for the anti-collapse flag; 0 if there is none.</summary>
    public int CollapseReserve;

    /// <summary>The change of time-frequency resolution of each band (§4.3.4.5).</summary>
    public readonly int[] ResolutionChanges = new int[CeltBands.Count];

    /// <summary>The boost of each band, in eighths of a bit (§4.3.3).</summary>
    public readonly int[] Boosts = new int[CeltBands.Count];

    /// <summary>The most eighths of a bit that each band can use (§4.3.3).</summary>
    public readonly int[] Caps = new int[CeltBands.Count];

    /// <summary>The eighths of a bit for the shape of each band.</summary>
    public readonly int[] ShapeBits = new int[CeltBands.Count];

    /// <summary>The bits per channel for the fine energy of each band.</summary>
    public readonly int[] FineBits = new int[CeltBands.Count];

    /// <summary>Whether a band comes second when bits are left at the end (§4.3.2.2).</summary>
    public readonly bool[] ComesSecond = new bool[CeltBands.Count];

    /// <summary>For each band and channel, a bit for each short MDCT that is not empty (§4.3.5).</summary>
    public readonly byte[] CollapseMasks = new byte[2 * CeltBands.Count];

    /// <summary>Begins a frame of a length at 48 kHz.</summary>
    public void Begin(int length, int channels, int startBand, int endBand)
    {
        SizeLog = (length / CeltBands.ShortLength) switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 };
        Channels = channels;
        StartBand = startBand;
        EndBand = endBand;
        IsTransient = false;
    }

    /// <summary>The short MDCTs that the bins interleave: 1 unless the frame is transient.</summary>
    public int Blocks => IsTransient ? 1 << SizeLog : 1;

    /// <summary>The length at 48 kHz, which is also the number of bins.</summary>
    public int Length => CeltBands.ShortLength << SizeLog;

    /// <summary>The first bin of a band.</summary>
    public int Edge(int band) => CeltBands.Edges[band] << SizeLog;
}
