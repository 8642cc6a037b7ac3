using VoiceKit.Audio;

namespace VoiceKit.Recording;

/// <summary>
/// Takes audio from the device's thread, which it never keeps waiting, to the recorder's. What there is no room for is lost; how
/// much and where is kept, so that silence of the same length takes its place.
/// </summary>
internal sealed class RecordingSink : IAudioInputSink
{
    /// <summary>The longest silence in place of one loss that a device tells of, in seconds.</summary>
    public const int MaxSecondsPerLoss = 30;

    private const int MaxLosses = 64;

    private readonly SampleRing _ring;
    private readonly float[] _buffer;
    private readonly Loss[] _losses = new Loss[MaxLosses];
    private int _lossesAdded;
    private int _lossesTaken;

    // The device's thread has these two while it runs.
    private long _samplesWritten;
    private long _framesLost;

    private long _samplesRead;
    private volatile bool _isClosed;
    private volatile AudioDeviceException? _fault;
    private RecordingInputChange? _move;
    private string? _deviceName;

    /// <param name="format">The format of what comes.</param>
    /// <param name="capacity">How much waits at most.</param>
    /// <param name="deviceName">What a person calls the device.</param>
    public RecordingSink(AudioFormat format, TimeSpan capacity, string? deviceName = null)
    {
        _deviceName = deviceName;
        Format = format;
        var frames = (int)(capacity.TotalSeconds * format.SampleRate);
        _ring = new SampleRing(checked(frames * format.Channels));
        _buffer = new float[Math.Max(1, format.SampleRate / 50) * format.Channels];
    }

    /// <summary>The format of what comes.</summary>
    public AudioFormat Format { get; }

    /// <summary>Why the input has ended by itself; null while it has not.</summary>
    public AudioDeviceException? Fault => _fault;

    /// <summary>Takes nothing from now on, in case the device still calls.</summary>
    public void Close() => _isClosed = true;

    public void OnAudio(ReadOnlySpan<float> samples)
    {
        if (_isClosed)
            return;

        // Whole frames only: the ring's capacity is a power of two and need not be. Losses in a row are one.
        var room = Math.Min(samples.Length, _ring.Free / Format.Channels * Format.Channels);
        if (room == 0 || (_framesLost > 0 && !TryAddLoss()))
        {
            _framesLost += samples.Length / Format.Channels;
            return;
        }

        _samplesWritten += _ring.Write(samples[..room]);
        _framesLost = (samples.Length - room) / Format.Channels;
    }

    public void OnLost(long frames)
    {
        if (!_isClosed)
            _framesLost += Math.Clamp(frames, 0, MaxFramesPerLoss);
    }

    public void OnMoved(string? name)
    {
        // Of several moves that nobody has heard of yet, one is told: from the first device to the last.
        var before = Volatile.Read(ref _move)?.Previous ?? _deviceName;
        _deviceName = name;
        Volatile.Write(ref _move, new RecordingInputChange(before, name));
    }

    /// <summary>Takes the news that the system has moved the input; null when there is none.</summary>
    public RecordingInputChange? TakeMove() =>
        Volatile.Read(ref _move) is null ? null : Interlocked.Exchange(ref _move, null);

    public void OnFault(AudioDeviceException reason) => _fault = reason;

    /// <summary>Moves what has come to the pipeline, on the recorder's thread.</summary>
    /// <returns>How many frames of the input there were, lost ones included.</returns>
    public long Drain(RecordingPipeline pipeline)
    {
        long frames = 0;
        while (true)
        {
            // A loss is there before the samples behind it, so the samples counted here are not behind a loss that is not seen
            // below.
            var available = Math.Min(_ring.Count, _buffer.Length);
            if (NextLoss() is { } loss)
            {
                if (loss.Position == _samplesRead)
                {
                    pipeline.AddSilence(loss.Frames);
                    frames += loss.Frames;
                    Volatile.Write(ref _lossesTaken, _lossesTaken + 1);
                    continue;
                }

                available = (int)Math.Min(available, loss.Position - _samplesRead);
            }

            if (available == 0)
                return frames;
            var count = _ring.Read(_buffer.AsSpan(0, available));
            _samplesRead += count;
            frames += count / Format.Channels;
            pipeline.Add(_buffer.AsSpan(0, count));
        }
    }

    /// <summary>Puts silence in place of what was lost at the very end, after the input has stopped.</summary>
    public void DrainLastLoss(RecordingPipeline pipeline)
    {
        pipeline.AddSilence(_framesLost);
        _framesLost = 0;
    }

    private long MaxFramesPerLoss => (long)MaxSecondsPerLoss * Format.SampleRate;

    private bool TryAddLoss()
    {
        if (_lossesAdded - Volatile.Read(ref _lossesTaken) == MaxLosses)
            return false;
        _losses[_lossesAdded % MaxLosses] = new Loss(_samplesWritten, _framesLost);
        Volatile.Write(ref _lossesAdded, _lossesAdded + 1);
        _framesLost = 0;
        return true;
    }

    private Loss? NextLoss() =>
        _lossesTaken == Volatile.Read(ref _lossesAdded) ? null : _losses[_lossesTaken % MaxLosses];

    private readonly record struct Loss(long Position, long Frames);
}
