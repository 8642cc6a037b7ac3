namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The energies of the bands as they are kept from frame to frame: logarithms to the base 2 less the band's mean, for both
/// channels (RFC 6716 §4.3.2).
/// </summary>
internal sealed class BandEnergies
{
    /// <summary>The logarithm that stands for silence.</summary>
    public const float Silence = -28;

    private const int Count = 2 * CeltBands.Count;
    private const int LongLoss = 10;

    /// <summary>The energies of this frame; the second channel's follow the first's.</summary>
    public readonly float[] Current = new float[Count];

    /// <summary>The energies of the last frame that was not transient, lowered by transient ones since.</summary>
    public readonly float[] Last = new float[Count];

    /// <summary>The energies of the frame before <see cref="Last"/>.</summary>
    public readonly float[] SecondLast = new float[Count];

    /// <summary>The energies of the background noise, which concealment falls back to.</summary>
    public readonly float[] Background = new float[Count];

    public void Reset()
    {
        Array.Clear(Current);
        Array.Clear(Background);
        Array.Fill(Last, Silence);
        Array.Fill(SecondLast, Silence);
    }

    /// <summary>Before a mono frame: the louder channel is what mono is predicted from.</summary>
    /// <param name="startBand">The first band that is coded: those below are of no use.</param>
    public void MergeChannels(int startBand = 0)
    {
        for (var band = startBand; band < CeltBands.Count; band++)
            Current[band] = Math.Max(Current[band], Current[CeltBands.Count + band]);
    }

    /// <summary>After a mono frame: both channels have its energies.</summary>
    public void CopyToSecondChannel() =>
        Current.AsSpan(0, CeltBands.Count).CopyTo(Current.AsSpan(CeltBands.Count));

    /// <summary>Sets the coded channels to silence.</summary>
    public void MakeSilent(int channels) => Current.AsSpan(0, channels * CeltBands.Count).Fill(Silence);

    /// <summary>Keeps the energies of a decoded frame for the next ones.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="losses">Frames that were lost just before it.</param>
    public void Advance(CeltFrame frame, int losses)
    {
        if (frame.IsTransient)
        {
            for (var i = 0; i < Count; i++)
                Last[i] = Math.Min(Last[i], Current[i]);
        }
        else
        {
            Last.CopyTo(SecondLast, 0);
            Current.CopyTo(Last, 0);

            // The noise may grow by 2.4 dB a second, and by 6 dB a frame where nearly nothing is sent.
            var growth = losses < LongLoss ? (1 << frame.SizeLog) * 0.001f : 1f;
            for (var i = 0; i < Count; i++)
                Background[i] = Math.Min(Background[i] + growth, Current[i]);
        }

        AdvanceCurrent(frame);
        ForgetUncoded(0, frame.StartBand);
        ForgetUncoded(frame.EndBand, CeltBands.Count);
    }

    /// <summary>
    /// Keeps of a decoded frame only what the energies of the next one are predicted from; what is uncoded is at its mean then.
    /// </summary>
    public void AdvanceCurrent(CeltFrame frame)
    {
        for (var channel = 0; channel < Count; channel += CeltBands.Count)
        {
            var current = Current.AsSpan(channel, CeltBands.Count);
            current[..frame.StartBand].Clear();
            current[frame.EndBand..].Clear();
        }
    }

    /// <summary>What is not coded now is not predicted from, if it is coded later.</summary>
    private void ForgetUncoded(int from, int to)
    {
        for (var channel = 0; channel < Count; channel += CeltBands.Count)
        {
            Last.AsSpan(channel + from, to - from).Fill(Silence);
            SecondLast.AsSpan(channel + from, to - from).Fill(Silence);
        }
    }
}
