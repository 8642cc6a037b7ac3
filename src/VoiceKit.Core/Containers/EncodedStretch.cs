using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>A stretch of audio that is encoded apart from the others: the PCM, and the packets made of it.</summary>
internal sealed class EncodedStretch
{
    private readonly StretchCut _cut;
    private readonly float[] _pcm;
    private readonly int[] _ends;
    private byte[] _bytes = new byte[OpusPacket.MaxEncodedSize];
    private bool _isFirst;

    public EncodedStretch(StretchCut cut)
    {
        _cut = cut;
        _pcm = new float[(cut.PreRoll + cut.Packets) * cut.PacketSize];
        _ends = new int[cut.Packets];
    }

    /// <summary>Where the PCM of the stretch itself goes, behind the pre-roll.</summary>
    public Span<float> Pcm => _pcm.AsSpan(_cut.PreRoll * _cut.PacketSize);

    /// <summary>How many packets of the PCM to encode; the last stretch may have fewer than others.</summary>
    public int PacketCount { get; set; }

    /// <summary>A packet, once it is encoded.</summary>
    public ReadOnlyMemory<byte> Packet(int index) => _bytes.AsMemory((index == 0 ? 0 : _ends[index - 1]).._ends[index]);

    /// <summary>Takes the audio just before the stretch; none for the first.</summary>
    public void Follow(ReadOnlySpan<float> preRoll)
    {
        _isFirst = preRoll.IsEmpty;
        preRoll.CopyTo(_pcm);
    }

    /// <summary>Whether the first packet can only be decoded behind one of CELT alone.</summary>
    public bool LeansOnCelt { get; private set; }

    /// <summary>
    /// Encodes the stretch. The packets of the pre-roll are thrown away: they bring the encoder into the state that it would
    /// have.
    /// </summary>
    /// <param name="encoder">The encoder, as if new.</param>
    /// <param name="mayLeanOnCelt">
    /// Whether the packet before the stretch may be expected to be what the end of the pre-roll is.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Encode(IOpusEncoder encoder, bool mayLeanOnCelt, CancellationToken cancellationToken)
    {
        LeansOnCelt = mayLeanOnCelt && !_isFirst;
        for (var i = _isFirst ? 0 : -_cut.PreRoll; i < PacketCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i == 0 && !_isFirst && !LeansOnCelt)
                EncodeIndependently(encoder);
            else
                EncodePacket(encoder, i);
            LeansOnCelt &= i >= 0 || new OpusToc(_bytes[0]).Mode == OpusMode.Celt;
        }
    }

    // The decoder did not hear the pre-roll. SILK's long-term prediction reaches into it, so a first packet that uses SILK must
    // do without. What CELT predicts, the energies of its bands, is close enough, and costs more to do without than it errs.
    private void EncodeIndependently(IOpusEncoder encoder)
    {
        var isIndependent = encoder.PredictionDisabled;
        encoder.PredictionDisabled = true;
        EncodePacket(encoder, 0);
        encoder.PredictionDisabled = isIndependent;
    }

    private void EncodePacket(IOpusEncoder encoder, int index)
    {
        var start = index > 0 ? _ends[index - 1] : 0;
        if (_bytes.Length - start < OpusPacket.MaxEncodedSize)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, start + OpusPacket.MaxEncodedSize));
        var pcm = _pcm.AsSpan((_cut.PreRoll + index) * _cut.PacketSize, _cut.PacketSize);
        var length = encoder.Encode(pcm, _bytes.AsSpan(start, OpusPacket.MaxEncodedSize));
        if (index >= 0)
            _ends[index] = start + length;
    }
}
