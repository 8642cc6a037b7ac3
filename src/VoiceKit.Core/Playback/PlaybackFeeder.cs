using VoiceKit.Audio;

namespace VoiceKit.Playback;

/// <summary>
/// Reads ahead of an output, on a thread of its own: message, shorter silence, speed, into a ring of 200 ms or more. Each jump in
/// the message begins an <em>epoch</em>; what the ring holds of older ones is thrown away by who reads it.
/// </summary>
/// <remarks>
/// Three sides share the fields, without locks:
/// <list type="bullet">
/// <item>
/// The player asks: it writes the target, then the request (<see cref="Request"/>), speed, silence and closing. The request is
/// changed by compare-and-exchange, since the output changes it too.
/// </item>
/// <item>
/// The thread answers. It takes a request by writing <c>_handledEpoch</c>, which only it reads as its own. When the reader stands
/// at the target, it writes where the epoch's audio begins in the ring and then that the epoch is ready (<see cref="Ready"/>),
/// and after it the audio. When the audio has ended it writes that the epoch has (<see cref="EndedEpoch"/>), after the last of
/// the audio.
/// </item>
/// <item>
/// The output reads. It looks at the ring's count before <see cref="Ready"/>, and at <see cref="EndedEpoch"/> before its last
/// look at the ring: each is written in the opposite order, so it never takes audio of a new epoch for the old one, and misses no
/// audio at the end.
/// </item>
/// </list>
/// All of them are read and written volatile, so that none of these writes and reads change places. The thread sleeps by
/// <c>_waits</c>, a full barrier, and a look for work; who makes work does so, has a full barrier, and looks at <c>_waits</c>:
/// one of the two sees the other.
/// </remarks>
#pragma warning disable CA1001 // A device may set the event after the thread has ended: it is left to the garbage collector.
internal sealed class PlaybackFeeder
#pragma warning restore CA1001
{
    private static readonly TimeSpan _leastAhead = TimeSpan.FromMilliseconds(200);

    private const int BlockMilliseconds = 10;
    private const int FadeInMilliseconds = 5;
    private const int MarkCount = 2048;

    private readonly LoadedMessage _message;
    private readonly MessageSource _source;
    private readonly SilenceSkipper _skipper;
    private readonly PacedReader _reader;
    private readonly float[] _block;
    private readonly int _fadeInFrames;
    private readonly int _ahead;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<bool> _isStale;

    // Written by the player; the request by the output too.
    private long _request;
    private long _targetFrame;
    private double _speed = 1;
    private volatile bool _skipsSilence;
    private volatile bool _closes;
    private volatile bool _keepsMessage;
    private TaskCompletionSource? _settled;

    // Written by the thread.
    private long _handledEpoch;
    private long _readyEpoch;
    private long _readyStart;
    private long _endedEpoch;
    private long _knownLength;
    private long _allocated;
    private volatile bool _waits;
    private volatile Exception? _failure;

    // The thread's own.
    private int _fadedFrames;

    /// <summary>Starts the thread.</summary>
    /// <param name="message">The message.</param>
    /// <param name="source">Its audio.</param>
    /// <param name="silenceThreshold">Below which level is silence.</param>
    /// <param name="outputBuffer">How much the output takes at once when it starts.</param>
    public PlaybackFeeder(LoadedMessage message, MessageSource source, double silenceThreshold, TimeSpan outputBuffer)
    {
        _message = message;
        _source = source;
        Format = source.Format;
        var blockFrames = Math.Max(1, Format.SampleRate * BlockMilliseconds / 1000);
        _skipper = new SilenceSkipper(source, silenceThreshold);
        _reader = new PacedReader(_skipper, Format, blockFrames);
        _block = new float[blockFrames * Format.Channels];
        var ahead = outputBuffer + outputBuffer / 2;
        _ahead = (int)((ahead > _leastAhead ? ahead : _leastAhead).TotalMilliseconds / BlockMilliseconds) * _block.Length;
        // There is room for the audio of a new epoch while that of the old one is still there.
        Ring = new SampleRing(2 * _ahead + _block.Length);
        _fadeInFrames = Format.SampleRate * FadeInMilliseconds / 1000;
        _isStale = () => _closes || Request.Epoch != _handledEpoch;
        _message.IsUnwanted = _isStale;
        _knownLength = source.Length ?? 0;
        new Thread(Run) { IsBackground = true, Name = "VoiceKit playback" }.Start();
    }

    /// <summary>The format of what is in the ring.</summary>
    public AudioFormat Format { get; }

    /// <summary>What the output reads from.</summary>
    public SampleRing Ring { get; }

    /// <summary>The frame of the message that a frame of the ring (counted as written) stands for.</summary>
    public PositionMarks Positions { get; } = new(MarkCount);

    /// <summary>The length of the message in frames; of one that grows, as much as was read of it.</summary>
    public long Length => Volatile.Read(ref _knownLength);

    /// <summary>Why nothing more came before the message's end.</summary>
    public Exception? Failure => _failure;

    /// <summary>Done when the thread has ended.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The epoch that is wanted, or that the output has read to its end.</summary>
    public EpochRequest Request => EpochRequest.Read(ref _request);

    /// <summary>The epoch whose audio the ring holds, and from where it is, in floats as written.</summary>
    public (long Epoch, long Start) Ready
    {
        get
        {
            while (true)
            {
                var epoch = Volatile.Read(ref _readyEpoch);
                var start = Volatile.Read(ref _readyStart);
                if (Volatile.Read(ref _readyEpoch) == epoch)
                    return (epoch, start);
            }
        }
    }

    /// <summary>The epoch that is in the ring up to its end.</summary>
    public long EndedEpoch => Volatile.Read(ref _endedEpoch);

    /// <summary>What the thread had allocated when it last came to rest.</summary>
    public long AllocatedBytes => Volatile.Read(ref _allocated);

    /// <summary>Whether all is done that can be done until the ring is read from or something is asked for.</summary>
    public bool IsSettled => !HasWork && _waits;

    public double Speed
    {
        set => Volatile.Write(ref _speed, value);
    }

    public bool SkipsSilence
    {
        set => _skipsSilence = value;
    }

    private bool HasWork =>
        _closes || Request.Epoch != Volatile.Read(ref _handledEpoch) || (IsReading && HasRoom(_ahead / 4));

    private bool IsReading => _handledEpoch != 0 && EndedEpoch != _handledEpoch;

    /// <summary>Begins an epoch: asks for audio from a frame of the message on.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="evenIfFinished">Whether to do so when the output has read to the end, and reads no more.</param>
    /// <returns>The epoch; null when the output has read to the end.</returns>
    public long? Begin(long frame, bool evenIfFinished)
    {
        Volatile.Write(ref _targetFrame, frame);
        while (true)
        {
            var current = Request;
            if (current.IsFinished && !evenIfFinished)
                return null;
            var epoch = current.Epoch + 1;
            if (!EpochRequest.TryChange(ref _request, current, EpochRequest.For(epoch)))
                continue;
            _wake.Set();
            return epoch;
        }
    }

    /// <summary>Notes that the output has read an epoch to its end, unless another is wanted meanwhile.</summary>
    public bool TryFinish(long epoch) =>
        EpochRequest.TryChange(ref _request, EpochRequest.For(epoch), EpochRequest.Finished(epoch));

    /// <summary>
    /// Gives a task that ends when all is done that can be done until the ring is read from or something is asked for. One at a
    /// time.
    /// </summary>
    public Task WhenSettledAsync()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _settled, settled);
        Interlocked.MemoryBarrier();
        if (IsSettled || _completion.Task.IsCompleted)
            settled.TrySetResult();
        return settled.Task;
    }

    /// <summary>Hears, on the device's thread, that there may be room in the ring.</summary>
    public void OnTaken()
    {
        Interlocked.MemoryBarrier();
        if (_waits && HasRoom(_ahead / 4))
            _wake.Set();
    }

    /// <summary>Ends the thread, as soon as the message's stream has answered.</summary>
    /// <param name="keepsMessage">Whether the message is left for another feeder.</param>
    public void Close(bool keepsMessage)
    {
        _keepsMessage = keepsMessage;
        _closes = true;
        _wake.Set();
    }

    private bool HasRoom(int count)
    {
        var waiting = Ring.Written - Math.Max(Ring.Taken, Volatile.Read(ref _readyStart));
        return waiting + count <= _ahead && Ring.Free >= _block.Length;
    }

    private void Run()
    {
        while (!_closes)
        {
            if (Request.Epoch != _handledEpoch)
                BeginEpoch();
            else if (IsReading && HasRoom(_block.Length))
                Feed();
            else
                Wait();
        }

        _source.Dispose();
        if (!_keepsMessage)
            _message.Dispose();
        _completion.SetResult();
        Volatile.Read(ref _settled)?.TrySetResult();
    }

    private void Wait()
    {
        Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
        _waits = true;
        Interlocked.MemoryBarrier();
        if (!HasWork)
        {
            Volatile.Read(ref _settled)?.TrySetResult();
            _wake.WaitOne();
        }

        _waits = false;
    }

    private void BeginEpoch()
    {
        // The target is written before the request. A newer one than the request's makes the result stale, and is taken next.
        var epoch = Request.Epoch;
        Volatile.Write(ref _handledEpoch, epoch);
        _failure = null;
        var target = Volatile.Read(ref _targetFrame);
        double position = target;
        try
        {
            _reader.Seek(target, _isStale);
            position = _reader.Position;
        }
        catch (Exception e)
        {
            _failure = e;
        }

        if (_isStale())
            return;
        // The start of a message is as it was recorded; elsewhere the audio would begin with a click.
        _fadedFrames = target > 0 ? 0 : _fadeInFrames;
        var start = Ring.Written;
        Positions.Add(start / Format.Channels, position, 0);
        Volatile.Write(ref _readyStart, start);
        Volatile.Write(ref _readyEpoch, epoch);
        if (_failure is not null)
            Volatile.Write(ref _endedEpoch, epoch);
    }

    private void Feed()
    {
        _reader.Speed = Volatile.Read(ref _speed);
        _skipper.IsEnabled = _skipsSilence;
        var position = _reader.Position;
        int count;
        try
        {
            count = _reader.Read(_block);
        }
        catch (Exception e)
        {
            _failure = e;
            count = 0;
        }

        if (_isStale())
            return;
        var at = Ring.Written / Format.Channels;
        if (count == 0)
        {
            if (_failure is null)
                Volatile.Write(ref _knownLength, _source.Length ?? _source.Position);
            Positions.Add(at, position, 0);
            Volatile.Write(ref _endedEpoch, _handledEpoch);
            return;
        }

        if (_source.Position > Length)
            Volatile.Write(ref _knownLength, _source.Position);
        Positions.Add(at, position, Math.Max(0, _reader.Position - position) * Format.Channels / count);
        FadeIn(_block.AsSpan(0, count));
        Ring.Write(_block.AsSpan(0, count));
    }

    private void FadeIn(Span<float> samples)
    {
        for (var at = 0; at < samples.Length && _fadedFrames < _fadeInFrames; at += Format.Channels, _fadedFrames++)
        {
            var gain = (_fadedFrames + 0.5f) / _fadeInFrames;
            foreach (ref var sample in samples.Slice(at, Format.Channels))
                sample *= gain;
        }
    }
}
