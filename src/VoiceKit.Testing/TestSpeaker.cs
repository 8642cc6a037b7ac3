using VoiceKit.Audio;

namespace VoiceKit.Testing;

/// <summary>
/// A speaker that plays when a test says so, and keeps what it has played. It takes from the player on the test's own thread.
/// </summary>
/// <remarks>
/// The player decodes ahead on a thread of its own. Where a test takes faster than it decodes, the player gives silence, as it
/// does with a real speaker, and counts it in <c>player.Underruns</c>.
/// </remarks>
public sealed class TestSpeaker : IAudioOutput
{
    private static readonly TimeSpan _block = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<float> _played = [];
    private IAudioOutputSource? _source;
    private TimeSpan _latency;
    private bool _hasEnded;

    /// <summary>Creates a speaker.</summary>
    /// <param name="format">What it asks for; null for 48 kHz mono.</param>
    public TestSpeaker(AudioFormat? format = null) => Format = format ?? new AudioFormat(48_000, 1);

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public string? Name { get; set; } = "Test speaker";

    /// <summary>How much of what it took is not heard yet, while it is started; 0 by default.</summary>
    public TimeSpan Latency
    {
        get => IsStarted ? _latency : TimeSpan.Zero;
        set => _latency = value;
    }

    /// <inheritdoc/>
    public TimeSpan BufferDuration { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether it was started and not stopped.</summary>
    public bool IsStarted
    {
        get
        {
            lock (_gate)
                return _source is not null;
        }
    }

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>What starting throws; null, the default, when it works.</summary>
    public AudioDeviceException? StartFault { get; set; }

    /// <summary>Whether starting waits until it is cancelled.</summary>
    /// <value>False by default.</value>
    public bool HangsOnStart { get; set; }

    /// <summary>All that it has played since the last start, interleaved.</summary>
    public IReadOnlyList<float> Played
    {
        get
        {
            lock (_gate)
                return _played.ToArray();
        }
    }

    /// <inheritdoc/>
    public async ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (HangsOnStart)
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        if (StartFault is { } fault)
            throw fault;
        lock (_gate)
        {
            if (_source is not null)
                throw new InvalidOperationException("The speaker is started already.");
            _source = source;
            _hasEnded = false;
            _played.Clear();
        }
    }

    /// <inheritdoc/>
    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
            _source = null;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return StopAsync();
    }

    /// <summary>
    /// Plays for some time, in blocks of 10 ms. After the last sample the player hears that it has been played.
    /// </summary>
    /// <param name="duration">How long.</param>
    /// <returns>False when the message has come to its end, or the speaker is stopped.</returns>
    public bool Play(TimeSpan duration)
    {
        var left = FramesOf(duration);
        for (var block = Math.Max(1, FramesOf(_block)); left > 0; left -= block)
        {
            if (!PlayBlock(Math.Min(block, left)))
                return false;
        }

        return true;
    }

    /// <summary>Plays to the end of the message, and lets the decoder catch up on the way.</summary>
    /// <param name="timeout">How long that may take; null for a minute.</param>
    /// <param name="cancellationToken">Ends the playing.</param>
    /// <exception cref="TimeoutException">The message has not come to its end.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task PlayToEndAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (Play(_block))
        {
            if (TimeProvider.System.GetElapsedTime(start) > (timeout ?? TimeSpan.FromMinutes(1)))
                throw new TimeoutException("The message has not come to its end.");
            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends by itself, as a speaker does that is pulled out.</summary>
    /// <param name="reason">Why; null for <see cref="AudioDeviceFault.Removed"/>.</param>
    public void Unplug(AudioDeviceException? reason = null)
    {
        IAudioOutputSource? source;
        lock (_gate)
            (source, _source) = (_source, null);
        source?.OnFault(reason ?? new AudioDeviceException("The speaker was removed.", null, AudioDeviceFault.Removed));
    }

    private bool PlayBlock(int frames)
    {
        lock (_gate)
        {
            if (_source is null || _hasEnded)
                return false;
            var buffer = new float[frames * Format.Channels];
            var count = _source.Read(buffer);
            _played.AddRange(buffer.AsSpan(0, count));
            _hasEnded = count < buffer.Length;
            if (_hasEnded)
                _source.OnEnded();
            return !_hasEnded;
        }
    }

    private int FramesOf(TimeSpan time) => (int)((Int128)time.Ticks * Format.SampleRate / TimeSpan.TicksPerSecond);
}
