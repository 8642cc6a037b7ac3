using VoiceKit.IO;

namespace VoiceKit.Opus;

/// <summary>
/// Reads packets that are found by tables: one after the other, or from a position on; waiting for the input or not. Each step
/// can be undone, so that one for which bytes are missing is taken again when they are there.
/// </summary>
/// <typeparam name="TPlace">All that changes while the tables are gone through.</typeparam>
internal sealed class OpusTableReading<TPlace>
    where TPlace : struct
{
    private readonly ByteSource _source;
    private readonly OpusDefectLog _defects;
    private readonly IOpusTable<TPlace> _table;
    private readonly Func<OpusTableStep> _stepOnce;
    private readonly OpusPlaces<(TPlace Place, long Step)> _places = new();
    private OpusSeekTarget _target;
    private long _step;
    private long _stepsKnown;

    public OpusTableReading(ByteSource source, OpusDefectLog defects, IOpusTable<TPlace> table)
    {
        (_source, _defects, _table) = (source, defects, table);
        _stepOnce = Step;
    }

    public bool HasPacket { get; private set; }

    public OpusPacketInfo PacketInfo { get; private set; }

    /// <inheritdoc cref="IOpusPacketReader.Position"/>
    public long Position => _target.PositionAfter(_table.Position);

    /// <summary>The length of all there is, once the end was read.</summary>
    public long? Length { get; private set; }

    public bool Read()
    {
        OpusTableStep step;
        do
            step = Step();
        while (step == OpusTableStep.Skipped);
        return step == OpusTableStep.Packet;
    }

    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (place, mark) = (_table.Place, _defects.Mark);
            if (!_source.TryWithoutWaiting(_stepOnce, out var step))
            {
                _table.Place = place;
                _defects.ReturnTo(mark);
                await _source.LoadAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (step != OpusTableStep.Skipped)
            {
                return step == OpusTableStep.Packet;
            }
        }
    }

    /// <summary>Goes to a position: the packets are read from the last place before it that is known.</summary>
    public void Seek(long position, int preRoll)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(preRoll);
        _target = new OpusSeekTarget(position, preRoll);
        HasPacket = false;
        PacketInfo = default;
        if (!_places.TryFind(_target.GivenFrom, out var found, out var known))
            return; // Nothing was read yet.
        var isAhead = _table.Position < _target.GivenFrom && _table.Position >= found;
        if (!isAhead)
            (_table.Place, _step) = known;
    }

    private OpusTableStep Step()
    {
        HasPacket = false;
        PacketInfo = default;
        if (_places.Wants(_table.Position))
            _places.Add(_table.Position, (_table.Place, _step));

        // What is wrong is told once.
        _defects.IsMuted = _step < _stepsKnown;
        try
        {
            var step = _table.Next(out var info);
            EndStep();
            return Give(step, info);
        }
        catch (VoiceFormatException)
        {
            EndStep();
            throw;
        }
        finally
        {
            _defects.IsMuted = false;
        }
    }

    private void EndStep() => _stepsKnown = Math.Max(_stepsKnown, ++_step);

    private OpusTableStep Give(OpusTableStep step, OpusPacketInfo info)
    {
        if (step == OpusTableStep.Packet && !_target.TryCut(ref info))
            return OpusTableStep.Skipped;
        if (step != OpusTableStep.Skipped)
            _target.Reach();
        if (step == OpusTableStep.End)
            Length = _table.Position;
        HasPacket = step == OpusTableStep.Packet;
        PacketInfo = HasPacket ? info : default;
        return step;
    }
}
