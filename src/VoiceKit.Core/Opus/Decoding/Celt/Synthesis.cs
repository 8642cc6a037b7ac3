using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// From shapes and energies to the signal at 48 kHz (RFC 6716 §4.3.6 and §4.3.7), with what is kept of it for the post-filter,
/// the overlap and concealment.
/// </summary>
internal sealed class Synthesis(int channels, int decimation)
{
    private const int HistoryLength = Concealment.HistoryLength;
    private const int BufferLength = HistoryLength + CeltBands.Overlap;
    private const int Half = CeltBands.Overlap / 2;

    private readonly float[] _left = new float[BufferLength];
    private readonly float[] _right = new float[channels == 2 ? BufferLength : 0];
    private readonly float[] _bins = new float[CeltBands.MaxLength];
    private readonly float[] _secondBins = new float[channels == 1 ? CeltBands.MaxLength : 0];
    private readonly InverseMdct _mdct = new();

    /// <summary>For how many samples all bins were zero and no filter rang.</summary>
    private int _zeros;

    /// <summary>The last 2048 samples of the first channel, the frame at their end, and half an overlap of the next.</summary>
    public Span<float> Left => _left;

    /// <summary>The same of the second channel; empty where there is none.</summary>
    public Span<float> Right => _right;

    /// <summary>
    /// Whether all that is kept is zero, as it is in silence and, at 16 kHz and below, in hybrid frames, whose bins are all
    /// above the output's bandwidth. Then there is nothing to do.
    /// </summary>
    public bool IsQuiet => _zeros >= BufferLength;

    public void Reset()
    {
        Array.Clear(_left);
        Array.Clear(_right);
        _zeros = BufferLength;
    }

    /// <summary>Notes that something else was put into the signal.</summary>
    public void Disturb() => _zeros = 0;

    /// <summary>Makes the signal of a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="shapes">The shapes of all bands, channel after channel.</param>
    /// <param name="energies">The energies of all bands, channel after channel.</param>
    /// <param name="isSilent">Whether all bins are zero.</param>
    public void Run(CeltFrame frame, ReadOnlySpan<float> shapes, ReadOnlySpan<float> energies, bool isSilent)
    {
        var isZero = isSilent || frame.Edge(frame.StartBand) >= frame.Length / decimation;
        if (isZero && IsQuiet)
            return;
        _zeros = isZero ? _zeros + frame.Length : 0;
        MoveOn(_left, frame.Length);
        if (channels == 1)
        {
            RunMono(frame, shapes, energies, isSilent);
            return;
        }

        MoveOn(_right, frame.Length);
        var bins = MakeBins(frame, shapes, energies, 0, isSilent, _bins);
        Transform(frame, bins, _left);
        if (frame.Channels == 2)
            bins = MakeBins(frame, shapes, energies, 1, isSilent, _bins);
        Transform(frame, bins, _right);
    }

    /// <summary>Applies the post-filter to the last frame.</summary>
    /// <param name="length">The frame's length.</param>
    /// <param name="before">The filter until the frame.</param>
    /// <param name="first">The filter of its first 2.5 ms.</param>
    /// <param name="then">The filter of the rest.</param>
    public void FilterPitch(int length, PostFilterSetting before, PostFilterSetting first, PostFilterSetting then)
    {
        if (IsQuiet || (before.Gain == 0 && first.Gain == 0 && then.Gain == 0))
            return;
        Disturb();
        FilterPitch(_left, length, before, first, then);
        if (channels == 2)
            FilterPitch(_right, length, before, first, then);
    }

    private static void FilterPitch(
        Span<float> signal, int length, PostFilterSetting before, PostFilterSetting first, PostFilterSetting then)
    {
        var start = HistoryLength - length;
        PostFilter.Apply(signal, start, CeltBands.ShortLength, before, first);
        if (length > CeltBands.ShortLength)
            PostFilter.Apply(signal, start + CeltBands.ShortLength, length - CeltBands.ShortLength, first, then);
    }

    private static void MoveOn(Span<float> signal, int length) =>
        signal.Slice(length, HistoryLength - length + Half).CopyTo(signal);

    /// <summary>Both channels of a stereo stream are mixed before the transform.</summary>
    private void RunMono(CeltFrame frame, ReadOnlySpan<float> shapes, ReadOnlySpan<float> energies, bool isSilent)
    {
        var bins = MakeBins(frame, shapes, energies, 0, isSilent, _bins);
        if (frame.Channels == 2)
            Mix(bins, MakeBins(frame, shapes, energies, 1, isSilent, _secondBins));
        Transform(frame, bins, _left);
    }

    private static void Mix(Span<float> bins, ReadOnlySpan<float> others)
    {
        while (bins.Length >= 8 && others.Length >= 8)
        {
            ((Vector256.Create<float>(bins) * 0.5f) + (Vector256.Create(others) * 0.5f)).StoreTo(bins);
            bins = bins[8..];
            others = others[8..];
        }
    }

    private Span<float> MakeBins(
        CeltFrame frame, ReadOnlySpan<float> shapes, ReadOnlySpan<float> energies, int channel, bool isSilent, Span<float> bins)
    {
        bins = bins[..frame.Length];
        if (isSilent)
            bins.Clear();
        else
            Denormalization.Apply(frame, shapes[(channel * frame.Length)..], energies[(channel * CeltBands.Count)..],
                frame.Length / decimation, bins);
        return bins;
    }

    private void Transform(CeltFrame frame, ReadOnlySpan<float> bins, Span<float> signal) =>
        _mdct.Synthesize(bins, frame.SizeLog, frame.Blocks, signal[(HistoryLength - frame.Length)..]);
}
