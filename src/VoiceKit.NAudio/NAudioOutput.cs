using NAudio.Wave;
using VoiceKit.Audio;

namespace VoiceKit.NAudio;

/// <summary>
/// A player of NAudio as an output: <c>WaveOut</c>, <c>WasapiOut</c>, <c>AlsaOut</c> or one of the app's own.
/// </summary>
/// <remarks>
/// When the player stops before the source has come to its end, with an exception in <see cref="IWavePlayer.PlaybackStopped"/> or
/// without, the source hears of a fault; so it does when it throws itself. A player that was made on a thread with a
/// synchronization context, such as that of a window, tells its stopping there: such a thread must not be blocked until a stop
/// has ended.
/// </remarks>
public sealed class NAudioOutput : IAudioOutput
{
    private static readonly WaveFormat DefaultFormat = WaveFormat.CreateIeeeFloatWaveFormat(48_000, 1);

    private readonly Func<IWavePlayer>? _open;
    private readonly WaveCoding _coding;
    private readonly WaveFormat _waveFormat;
    private readonly bool _leaveOpen;
    private readonly DeviceGate<PlaybackSession> _gate;
    private IWavePlayer? _player;
    private bool _isInitialized;
    private int _isDisposed;

    /// <summary>Wraps a player, which must be neither initialized nor playing. It is started again and again.</summary>
    /// <param name="player">The player, used by this object alone from now on.</param>
    /// <param name="format">
    /// What the player is to be given: PCM of 8, 16, 24 or 32 bits, float, A-law or mu-law; null for 48 kHz mono in 32-bit
    /// floats.
    /// </param>
    /// <param name="name">
    /// What a person calls the player; null when that is not known, since NAudio's interface does not tell.
    /// </param>
    /// <param name="leaveOpen">Whether the player is left undisposed when this object is disposed.</param>
    /// <exception cref="ArgumentException">The format is none of those.</exception>
    public NAudioOutput(IWavePlayer player, WaveFormat? format = null, string? name = null, bool leaveOpen = false)
        : this(format, name)
    {
        ArgumentNullException.ThrowIfNull(player);
        _leaveOpen = leaveOpen;
        Use(player);
    }

    /// <summary>
    /// Makes a player for each start, and disposes it at the stop. For players that cannot be started twice, such as
    /// <c>AlsaOut</c> of NAudio 3.0, and for devices that come back.
    /// </summary>
    /// <param name="open">Makes a player; called on the thread that starts.</param>
    /// <param name="format">
    /// What the player is to be given: PCM of 8, 16, 24 or 32 bits, float, A-law or mu-law; null for 48 kHz mono in 32-bit
    /// floats.
    /// </param>
    /// <param name="name">What a person calls the player, or null.</param>
    /// <exception cref="ArgumentException">The format is none of those.</exception>
    public NAudioOutput(Func<IWavePlayer> open, WaveFormat? format = null, string? name = null)
        : this(format, name)
    {
        ArgumentNullException.ThrowIfNull(open);
        _open = open;
    }

    private NAudioOutput(WaveFormat? format, string? name)
    {
        _waveFormat = format ?? DefaultFormat;
        _coding = WaveCodings.Of(_waveFormat);
        _gate = new DeviceGate<PlaybackSession>(DevicePatience.Default, StopDeviceAsync);
        Format = _waveFormat.ToAudioFormat();
        Name = name;
    }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc/>
    public string? Name { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// It is what the player says (<see cref="IWaveLatency"/>); where it says nothing, <see cref="BufferDuration"/>.
    /// </remarks>
    public TimeSpan Latency
    {
        get
        {
            if (_gate.Session is not { IsOver: false, Stopped.IsCompleted: false })
                return TimeSpan.Zero;
            try
            {
                var latency = (_player as IWaveLatency)?.CurrentLatency ?? BufferDuration;
                return latency > TimeSpan.Zero ? latency : TimeSpan.Zero;
            }
            catch (Exception)
            {
                // A player that is just going away may say so in its own way.
                return BufferDuration;
            }
        }
    }

    /// <inheritdoc/>
    /// <value>300 ms unless set, which <c>WaveOut</c> takes unless it is told otherwise; other players take less.</value>
    public TimeSpan BufferDuration { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <inheritdoc/>
    /// <remarks>The player is started on the calling thread.</remarks>
    public ValueTask StartAsync(IAudioOutputSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _gate.StartAsync(this, Make, StartNow, Name, cancellationToken);

        PlaybackSession Make() => new(source, _coding, Format.Channels, Name) { OverByItself = session => _gate.End(session) };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// It waits 2 s at most for the player to stop, and as long for it to say so; in a call to the source it waits for nothing.
    /// </remarks>
    public ValueTask StopAsync(CancellationToken cancellationToken = default)
    {
        _gate.Session?.Abandon();
        return _gate.StopAsync(cancellationToken);
    }

    /// <summary>Stops, and disposes the player unless that was to be left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        await _gate.DisposeAsync().ConfigureAwait(false);
        if (!_leaveOpen && _player is { } player)
            await DevicePatience.DisposeAsync(player, _gate.Session).ConfigureAwait(false);
    }

    private void Use(IWavePlayer player)
    {
        _player = player;
        _isInitialized = false;
        player.PlaybackStopped += OnStopped;
    }

    private Task StartNow(PlaybackSession session)
    {
        Start(session);
        return Task.CompletedTask;
    }

    private void Start(PlaybackSession session)
    {
        if (_open is not null)
            Use(_open());
        try
        {
            if (!_isInitialized)
                _player!.Init(new Provider(this));
            _isInitialized = true;
            _player!.Play();
        }
        catch
        {
            ReleasePlayer();
            throw;
        }
    }

    private async Task StopDeviceAsync(PlaybackSession session)
    {
        await Task.Run(_player!.Stop).ConfigureAwait(false);
        if (_open is null)
            return;
        await session.Stopped.WaitAsync(DevicePatience.Default).ConfigureAwait(false);
        ReleasePlayer();
    }

    // Of players that are made for one start.
    private void ReleasePlayer()
    {
        if (_open is null || _player is not { } player)
            return;
        _player = null;
        player.PlaybackStopped -= OnStopped;
        player.Dispose();
    }

    private void OnStopped(object? sender, StoppedEventArgs stopped) => _gate.Session?.OnStopped(stopped.Exception);

    /// <summary>What the player plays: the source of the session that there is.</summary>
    private sealed class Provider(NAudioOutput output) : IWaveProvider
    {
        public WaveFormat WaveFormat => output._waveFormat;

        public int Read(Span<byte> buffer) => output._gate.Session?.Read(buffer) ?? 0;
    }
}
