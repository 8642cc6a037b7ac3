using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>
/// Writes packets with their place in time as conforming streams: what is to be dropped at the start becomes the pre-skip, at the
/// end the end trim, and what is lost in between becomes packets without data (RFC 7845 §4.1), so that time stays true. Since
/// only the end of a stream can be trimmed, a trim in the middle ends the stream, and another begins behind it.
/// </summary>
/// <param name="createWriter">Makes the writer of a stream: by its headers and how many there were before.</param>
internal sealed class OpusPacketCopier(Func<OpusHead, OpusTags, int, IOpusPacketWriter> createWriter) : IDisposable
{
    // Each break writes the tags anew: a small file must not become an endless one.
    private const int MaxBreaks = 100;

    private readonly OpusPacketQueue _leading = new();
    private readonly OpusPacketQueue _trimmed = new();
    private readonly OpusPreRollQueue _recent = new();
    private readonly OpusLossFiller _filler = new();
    private OpusHead? _head;
    private OpusTags? _tags;
    private IOpusPacketWriter? _writer;
    private int _preSkip;
    private int _breakCount;

    /// <summary>What is heard of all that was written, in samples at 48 kHz.</summary>
    public long Samples { get; private set; }

    public long LostSamples { get; private set; }

    public long PacketCount { get; private set; }

    public int LinkCount { get; private set; }

    /// <summary>Whether a stream of which nothing is heard is left out.</summary>
    public bool DropsUnheard { get; init; }

    /// <summary>Whether there may be several streams, so that one can end where there is a trim in the middle.</summary>
    public bool BreaksAtTrims { get; init; }

    /// <summary>How much of trims in the middle could not be dropped and is heard, in samples at 48 kHz.</summary>
    public long UntrimmedSamples { get; private set; }

    /// <summary>Begins a stream; it is written from its first packet on.</summary>
    public void Begin(OpusHead head, OpusTags tags)
    {
        End();
        _head = head;
        _tags = tags.InUtf8();
        _filler.Begin(head.StreamCount);
    }

    /// <summary>Adds a packet.</summary>
    public void Add(ReadOnlySpan<byte> packet, OpusPacketInfo info)
    {
        _filler.NoteNext(packet);
        if (_writer is null)
            AddLeading(packet, info);
        else
            AddFollowing(packet, info);
        _filler.NotePassed(packet);
    }

    /// <summary>Ends the stream; without packets there is none.</summary>
    public void End()
    {
        if (_writer is null && _leading.Count > 0 && !DropsUnheard)
            BeginWriting();
        if (_writer is not null)
            FinishWriting();
        CloseWriter();
        _leading.Clear();
        _recent.Clear();
        _head = null;
        _preSkip = 0;
    }

    public void Dispose() => CloseWriter();

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }

    // The pre-skip stands before all packets, so those that are not heard wait for the first that is.
    private void AddLeading(ReadOnlySpan<byte> packet, OpusPacketInfo info)
    {
        if (info.LostBefore > 0)
            BeginWithLoss(ref info);
        if (_writer is not null)
        {
            AddFollowing(packet, info);
            return;
        }

        // Nothing before the first that is heard can be trimmed at its end.
        if (info.Playable == 0)
            info = info with { TrimStart = info.Duration, TrimEnd = 0 };
        _leading.Add(packet, info);
        AddPreSkip(info.TrimStart);
        if (info.Playable > 0)
            BeginWriting();
    }

    // What the field has no room for need not be decoded.
    private void AddPreSkip(int samples)
    {
        _preSkip += samples;
        while (_preSkip > ushort.MaxValue)
            _preSkip -= _leading.RemoveFirst().TrimStart;
    }

    // Packets without data come in steps of 2.5 ms; what they are longer than the loss is skipped.
    private void BeginWithLoss(ref OpusPacketInfo info)
    {
        var extra = (OpusLossFiller.Step - info.LostBefore % OpusLossFiller.Step) % OpusLossFiller.Step;
        if (extra > 0 && _preSkip + extra < OpusLossFiller.Step)
            extra += OpusLossFiller.Step; // opusinfo takes a pre-skip of less for a mistake.
        info = info with { LostBefore = info.LostBefore + extra };
        AddPreSkip(extra);
        BeginWriting();
        Samples -= extra;
        LostSamples -= extra;
    }

    private void BeginWriting()
    {
        _writer = createWriter(_head!.With(_preSkip), _tags!, LinkCount);
        LinkCount++;
        while (_leading.Count > 0)
        {
            var packet = _leading.First;
            Samples -= _leading.FirstInfo.TrimStart;
            AddFollowing(packet, _leading.FirstInfo with { TrimStart = 0 });
            _leading.RemoveFirst();
        }
    }

    // Packets with a trimmed end wait too: only those at the very end can be trimmed.
    private void AddFollowing(ReadOnlySpan<byte> packet, OpusPacketInfo info)
    {
        if (_trimmed.Count > 0 && IsHeardBehindTrim(info))
        {
            if (BreaksAtTrims && _breakCount < MaxBreaks)
            {
                BreakBefore(packet, info);
                return;
            }

            WriteTrimmed();
        }

        if (info.TrimEnd > 0)
            _trimmed.Add(packet, info);
        else
            Write(packet, info.LostBefore, info.Duration);
    }

    // Of the packets that wait, the first may be heard in part; of the others, nothing is. What is lost behind that part is heard
    // as silence.
    private bool IsHeardBehindTrim(OpusPacketInfo info) => info.TrimEnd < info.Duration
        || (info.LostBefore > 0 && _trimmed.FirstInfo.TrimEnd < _trimmed.FirstInfo.Duration);

    // A decoder begins anew with each stream, so it is given again, unheard, what it was given before.
    private void BreakBefore(ReadOnlySpan<byte> packet, OpusPacketInfo info)
    {
        _breakCount++;
        FinishWriting();
        CloseWriter();
        _preSkip = 0;
        _filler.Forget();
        while (_recent.Count > 0)
        {
            var duration = _recent.FirstDuration;
            _leading.Add(_recent.First, new OpusPacketInfo(0, duration, duration, 0, 0));
            AddPreSkip(duration);
            _recent.RemoveFirst();
        }

        AddLeading(packet, info);
    }

    private void WriteTrimmed()
    {
        while (_trimmed.Count > 0)
        {
            var info = _trimmed.FirstInfo;
            Write(_trimmed.First, info.LostBefore, info.Duration);
            UntrimmedSamples += info.TrimEnd;
            _trimmed.RemoveFirst();
        }
    }

    private void FinishWriting()
    {
        var trim = 0;
        while (_trimmed.Count > 0)
        {
            var info = _trimmed.FirstInfo;

            // A packet of which nothing is left is only needed where there is no other.
            Fill(info.LostBefore);
            if (info.TrimEnd < info.Duration || _writer!.Duration == 0)
            {
                Write(_trimmed.First, 0, info.Duration);
                trim = info.TrimEnd;
            }
            else
            {
                Remember(_trimmed.First, info.Duration);
            }

            _trimmed.RemoveFirst();
        }

        if (_filler.Missing > 0 && trim == 0)
        {
            // The last step of a loss is trimmed to what is lost.
            trim = OpusLossFiller.Step - (int)_filler.Missing;
            LostSamples -= trim;
            Fill(trim);
        }

        trim = (int)Math.Min(trim, Math.Max(0, _writer!.Duration - _preSkip));
        Samples -= trim;
        _writer.Finish(trim);
    }

    private void Write(ReadOnlySpan<byte> packet, int lost, int duration)
    {
        Fill(lost);
        WriteOut(packet, duration);
    }

    private void WriteOut(ReadOnlySpan<byte> packet, int duration)
    {
        _writer!.WritePacket(packet);
        Samples += duration;
        PacketCount++;
        Remember(packet, duration);
    }

    private void Remember(ReadOnlySpan<byte> packet, int duration)
    {
        if (BreaksAtTrims)
            _recent.Add(packet, duration);
    }

    private void Fill(int lost)
    {
        _filler.Add(lost);
        while (_filler.TryTake(out var packet, out var duration))
        {
            WriteOut(packet, duration);
            LostSamples += duration;
        }
    }
}
