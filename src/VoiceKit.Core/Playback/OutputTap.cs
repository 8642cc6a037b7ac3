using System.Numerics;
using VoiceKit.Audio;

namespace VoiceKit.Playback;

/// <summary>
/// What an output reads from between a start and a stop: the ring, at the volume. Never waits and allocates nothing. Where the
/// ring is empty it gives silence; where the message jumps it fades out what is old and throws away the rest of it.
/// </summary>
internal sealed class OutputTap : IAudioOutputSource
{
    private const int FadeMilliseconds = 10;
    private const int MarkCount = 256;

    private readonly PlaybackFeeder _feeder;
    private readonly int _channels;
    private readonly int _fadeFrames;
    private readonly PositionMarks _ringFrames = new(MarkCount);
    private readonly Action<OutputTap, AudioDeviceException?> _onStopped;
    private long _epoch;
    private long _joinedAt;
    private long _taken;
    private long _leavingFor;
    private int _fadeLeft;
    private int _fadeLength = 1;
    private bool _starves;
    private float _gain;
    private float _gainTarget;
    private long _underruns;
    private volatile bool _isClosed;
    private volatile bool _hasFaulted;

    /// <param name="feeder">Fills the ring.</param>
    /// <param name="volume">The volume to begin with.</param>
    /// <param name="onStopped">Called on the device's thread when the last frame was heard, or with the fault.</param>
    public OutputTap(PlaybackFeeder feeder, float volume, Action<OutputTap, AudioDeviceException?> onStopped)
    {
        _feeder = feeder;
        _channels = feeder.Format.Channels;
        _fadeFrames = Math.Max(1, feeder.Format.SampleRate * FadeMilliseconds / 1000);
        _onStopped = onStopped;
        _gain = _gainTarget = volume;
    }

    /// <summary>How often the ring was empty in the middle of a message.</summary>
    public long Underruns => Volatile.Read(ref _underruns);

    /// <summary>Whether the output has ended by itself.</summary>
    public bool HasFaulted => _hasFaulted;

    /// <summary>The factor for all samples; reached in 10 ms.</summary>
    public float Volume
    {
        set => Volatile.Write(ref _gainTarget, value);
    }

    /// <summary>The frame of the message that is heard now.</summary>
    /// <param name="epoch">The epoch that is wanted.</param>
    /// <param name="latency">How many frames were taken but not heard yet.</param>
    /// <returns>The frame; null when nothing of the epoch was heard yet.</returns>
    public double? HeardPosition(long epoch, long latency)
    {
        if (Volatile.Read(ref _epoch) != epoch)
            return null;
        var heard = Volatile.Read(ref _taken) - latency;
        return heard < Volatile.Read(ref _joinedAt)
            ? null
            : _feeder.Positions.ValueAt((long)_ringFrames.ValueAt(heard));
    }

    /// <summary>Gives nothing more, and tells nothing more.</summary>
    public void Close() => _isClosed = true;

    public int Read(Span<float> buffer)
    {
        if (_isClosed)
            return 0;
        var room = buffer[..(buffer.Length / _channels * _channels)];
        var given = 0;
        var request = _feeder.Request;
        if (request.IsFinished)
            return 0;
        var wanted = request.Epoch;
        if (wanted != _epoch)
        {
            given = Leave(room, wanted);
            TryJoin(wanted, given);
        }

        if (wanted == _epoch)
        {
            given += TakeAudio(room[given..], given);
            if (given < room.Length && HasEnded(room, ref given))
            {
                Finish(room[..given]);
                return given;
            }
        }

        if (given < room.Length)
            Starve(room, given);
        Finish(room);
        return room.Length;
    }

    public void OnEnded()
    {
        if (!_isClosed)
            _onStopped(this, null);
    }

    public void OnFault(AudioDeviceException reason)
    {
        _hasFaulted = true;
        if (!_isClosed)
            _onStopped(this, reason);
    }

    // Fades out the audio of the epoch before, as far as there is any. Count comes first: audio of a new epoch is written after
    // that is told to be ready.
    private int Leave(Span<float> room, long wanted)
    {
        var available = _feeder.Ring.Count;
        var (readyEpoch, readyStart) = _feeder.Ready;
        if (readyEpoch != _epoch)
            available = (int)Math.Clamp(readyStart - _feeder.Ring.Taken, 0, available);
        if (_leavingFor == 0)
            _fadeLeft = _fadeLength = _epoch == 0 || _starves ? 0 : Math.Min(_fadeFrames, available / _channels);
        _leavingFor = wanted;

        var frames = Math.Min(_fadeLeft, room.Length / _channels);
        var count = _feeder.Ring.Read(room[..(frames * _channels)]);
        for (var at = 0; at < count; at += _channels, _fadeLeft--)
        {
            var gain = (_fadeLeft - 0.5f) / _fadeLength;
            foreach (ref var sample in room.Slice(at, _channels))
                sample *= gain;
        }

        return count;
    }

    private void TryJoin(long wanted, int given)
    {
        if (_fadeLeft > 0)
            return;
        var written = _feeder.Ring.Written;
        var (readyEpoch, readyStart) = _feeder.Ready;
        if (readyEpoch != wanted)
        {
            _feeder.Ring.SkipTo(written);
            return;
        }

        _feeder.Ring.SkipTo(readyStart);
        _leavingFor = 0;
        _starves = true;
        var now = _taken + given / _channels;
        _ringFrames.Add(now, _feeder.Ring.Taken / _channels, 0);
        Volatile.Write(ref _joinedAt, now);
        Volatile.Write(ref _epoch, wanted);
    }

    private int TakeAudio(Span<float> room, int before)
    {
        var ringFrame = _feeder.Ring.Taken / _channels;
        var count = _feeder.Ring.Read(room);
        if (count > 0)
        {
            _ringFrames.Add(_taken + before / _channels, ringFrame, 1);
            _starves = false;
        }

        return count;
    }

    // What was written before the end was told is seen only by another look.
    private bool HasEnded(Span<float> room, ref int given)
    {
        if (_feeder.EndedEpoch != _epoch)
            return false;
        given += TakeAudio(room[given..], given);
        if (given == room.Length || !_feeder.TryFinish(_epoch))
            return false;
        _ringFrames.Add(_taken + given / _channels, _feeder.Ring.Taken / _channels, 0);
        return true;
    }

    private void Starve(Span<float> room, int given)
    {
        room[given..].Clear();
        if (_starves || _leavingFor != 0)
            return;
        _starves = true;
        Volatile.Write(ref _underruns, _underruns + 1);
        _ringFrames.Add(_taken + given / _channels, _feeder.Ring.Taken / _channels, 0);
    }

    private void Finish(Span<float> samples)
    {
        ApplyVolume(samples);
        Volatile.Write(ref _taken, _taken + samples.Length / _channels);
        _feeder.OnTaken();
    }

    private void ApplyVolume(Span<float> samples)
    {
        var target = Volatile.Read(ref _gainTarget);
        var step = 1f / _fadeFrames;
        while (_gain != target && !samples.IsEmpty)
        {
            _gain = _gain < target ? Math.Min(target, _gain + step) : Math.Max(target, _gain - step);
            foreach (ref var sample in samples[.._channels])
                sample *= _gain;
            samples = samples[_channels..];
        }

        if (_gain == 1)
            return;
        var gain = new Vector<float>(_gain);
        while (samples.Length >= Vector<float>.Count)
        {
            (new Vector<float>(samples) * gain).CopyTo(samples);
            samples = samples[Vector<float>.Count..];
        }

        foreach (ref var sample in samples)
            sample *= _gain;
    }
}
