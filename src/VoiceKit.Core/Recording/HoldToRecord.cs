namespace VoiceKit.Recording;

/// <summary>
/// The button of a voice message, without a picture: press and hold to record, release to send, slide up to lock, slide aside to
/// discard. An app passes on what the finger does, and does what each call returns.
/// </summary>
/// <remarks>
/// <para>Every input is allowed in every state. One that a state does not expect returns <see cref="HoldToRecordAction.None"/>
/// and changes nothing: a release without a press, a second press, a move with no finger down, what a second finger does.</para>
/// <para>A slide goes along one axis, the one that the finger leaves the circle of <see cref="HoldToRecordOptions.Slop"/> by (the
/// upward one where both are equal), and the other axis counts for nothing until the finger is back there. At its distance the
/// slide takes effect at once, and the rest of that touch does nothing more.</para>
/// <para>It knows of no device: the recorder decides in the end how much was recorded, which is less than <see cref="Elapsed"/>
/// by what the microphone took to open. A device that fails is told by <see cref="Cancel"/>, which by default keeps the draft, or
/// by <see cref="Discard"/>.</para>
/// <para>Not thread-safe: it belongs to the thread that gets the touches.</para>
/// </remarks>
public sealed class HoldToRecord
{
    private readonly HoldToRecordOptions _options;
    private readonly TimeProvider _clock;
    private HoldToRecordSlide _slide;
    private TimeSpan _elapsed;
    private long _since;
    private int _pointer;

    /// <summary>Makes a button that nobody touches.</summary>
    /// <param name="options">Distances and times; null for the defaults.</param>
    /// <param name="clock">Tells the time; null for the system's.</param>
    public HoldToRecord(HoldToRecordOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new HoldToRecordOptions();
        _clock = clock ?? TimeProvider.System;
        _slide = new HoldToRecordSlide(_options);
    }

    /// <summary>Where it is.</summary>
    public HoldToRecordState State { get; private set; }

    /// <summary>How far the finger is on the way to discarding.</summary>
    /// <value>
    /// 0 within <see cref="HoldToRecordOptions.Slop"/>, evenly up to 1 at <see cref="HoldToRecordOptions.CancelDistance"/>; 0
    /// unless <see cref="State"/> is <see cref="HoldToRecordState.Recording"/>.
    /// </value>
    public double SlideToCancel => State == HoldToRecordState.Recording ? _slide.ToCancel : 0;

    /// <summary>How far the finger is on the way to locking.</summary>
    /// <value>
    /// 0 within <see cref="HoldToRecordOptions.Slop"/>, evenly up to 1 at <see cref="HoldToRecordOptions.LockDistance"/>; 0
    /// unless <see cref="State"/> is <see cref="HoldToRecordState.Recording"/>.
    /// </value>
    public double SlideToLock => State == HoldToRecordState.Recording ? _slide.ToLock : 0;

    /// <summary>How long the recording is, without its pauses; after its end, how long it was.</summary>
    /// <value>Counts from <see cref="HoldToRecordAction.Start"/>; 0 from a press on until then.</value>
    public TimeSpan Elapsed => IsRunning ? _elapsed + _clock.GetElapsedTime(_since) : _elapsed;

    private bool IsRunning => State is HoldToRecordState.Recording or HoldToRecordState.Locked;

    private bool IsHeld => State is HoldToRecordState.Pressed or HoldToRecordState.Recording;

    /// <summary>The finger touches the button.</summary>
    /// <param name="pointer">Which finger it is, where a toolkit tells: any number. Others are ignored until it is gone.</param>
    /// <returns>
    /// <see cref="HoldToRecordAction.Start"/>, or none when there is a <see cref="HoldToRecordOptions.HoldDelay"/>.
    /// </returns>
    public HoldToRecordAction Press(int pointer = 0)
    {
        if (State != HoldToRecordState.Idle)
            return HoldToRecordAction.None;
        State = HoldToRecordState.Pressed;
        _pointer = pointer;
        _slide.MoveTo(0, 0);
        _elapsed = TimeSpan.Zero;
        _since = _clock.GetTimestamp();
        return Tick();
    }

    /// <summary>The finger moves.</summary>
    /// <param name="dx">
    /// How far it is to the right of where it pressed, in device-independent units; negative to the left. It is the whole way
    /// since the press, not that since the last move.
    /// </param>
    /// <param name="dy">How far it is below where it pressed; negative above, as screens count.</param>
    /// <param name="pointer">Which finger it is.</param>
    /// <returns>
    /// <see cref="HoldToRecordAction.Lock"/> or <see cref="HoldToRecordAction.Discard"/> when a slide has come to its distance;
    /// <see cref="HoldToRecordAction.Start"/> when the delay is over, in which case a slide takes effect with the next input. A
    /// move by NaN or an infinity is ignored.
    /// </returns>
    public HoldToRecordAction Move(double dx, double dy, int pointer = 0)
    {
        if (!IsHeld || pointer != _pointer || !double.IsFinite(dx) || !double.IsFinite(dy))
            return HoldToRecordAction.None;
        _slide.MoveTo(dx, dy);
        return Tick();
    }

    /// <summary>
    /// Time goes by. With a <see cref="HoldToRecordOptions.HoldDelay"/> it must be called when the delay is over, as by a timer
    /// or with each frame of the animation; without one there is no need.
    /// </summary>
    /// <returns>
    /// <see cref="HoldToRecordAction.Start"/> when the delay is over; <see cref="HoldToRecordAction.Lock"/> or
    /// <see cref="HoldToRecordAction.Discard"/> when the finger had slid that far before it was.
    /// </returns>
    public HoldToRecordAction Tick() => State switch
    {
        HoldToRecordState.Pressed when _clock.GetElapsedTime(_since) >= _options.HoldDelay => Start(),
        HoldToRecordState.Recording => FollowSlide(),
        _ => HoldToRecordAction.None,
    };

    /// <summary>The finger leaves.</summary>
    /// <param name="pointer">Which finger it is.</param>
    /// <returns>
    /// <see cref="HoldToRecordAction.Send"/>; <see cref="HoldToRecordAction.TooShort"/> before
    /// <see cref="HoldToRecordOptions.MinDuration"/>; <see cref="HoldToRecordAction.Hint"/> when nothing had started; what the
    /// slide does, when the finger had slid to its distance before the delay was over.
    /// </returns>
    public HoldToRecordAction Release(int pointer = 0)
    {
        if (!IsHeld || pointer != _pointer)
            return HoldToRecordAction.None;
        if (State == HoldToRecordState.Pressed)
            return Go(HoldToRecordState.Idle, HoldToRecordAction.Hint);
        var slid = FollowSlide();
        return slid == HoldToRecordAction.None ? Finish() : slid;
    }

    /// <summary>The system takes the finger away, or the recorder cannot go on; not what a person does.</summary>
    /// <param name="pointer">Which finger it is; null when it is not about one.</param>
    /// <returns>
    /// <see cref="HoldToRecordAction.Pause"/>, <see cref="HoldToRecordAction.Lock"/> or <see cref="HoldToRecordAction.Discard"/>,
    /// as <see cref="HoldToRecordOptions.OnCancel"/> has it, when a recording was held; none when nothing had started, or no
    /// finger is needed.
    /// </returns>
    public HoldToRecordAction Cancel(int? pointer = null)
    {
        if (!IsHeld || (pointer ?? _pointer) != _pointer)
            return HoldToRecordAction.None;
        if (State == HoldToRecordState.Pressed)
            return Go(HoldToRecordState.Idle, HoldToRecordAction.None);
        return _options.OnCancel switch
        {
            HoldToRecordCancel.Lock => Go(HoldToRecordState.Locked, HoldToRecordAction.Lock),
            HoldToRecordCancel.Discard => Discard(),
            _ => Go(HoldToRecordState.Paused, HoldToRecordAction.Pause),
        };
    }

    /// <summary>The person sends what is locked or paused.</summary>
    /// <returns>
    /// <see cref="HoldToRecordAction.Send"/>, or <see cref="HoldToRecordAction.TooShort"/> before
    /// <see cref="HoldToRecordOptions.MinDuration"/>.
    /// </returns>
    public HoldToRecordAction Send() =>
        State is HoldToRecordState.Locked or HoldToRecordState.Paused ? Finish() : HoldToRecordAction.None;

    /// <summary>The person, or the app, discards the recording: held, locked or paused.</summary>
    /// <returns><see cref="HoldToRecordAction.Discard"/>; none when nothing had started, which then will not.</returns>
    public HoldToRecordAction Discard() => State is HoldToRecordState.Idle or HoldToRecordState.Pressed
        ? Go(HoldToRecordState.Idle, HoldToRecordAction.None)
        : Go(HoldToRecordState.Idle, HoldToRecordAction.Discard);

    /// <summary>The person pauses what is locked.</summary>
    /// <returns><see cref="HoldToRecordAction.Pause"/>.</returns>
    public HoldToRecordAction Pause() => State == HoldToRecordState.Locked
        ? Go(HoldToRecordState.Paused, HoldToRecordAction.Pause)
        : HoldToRecordAction.None;

    /// <summary>The person goes on with what is paused.</summary>
    /// <returns><see cref="HoldToRecordAction.Resume"/>; the recording is locked then.</returns>
    public HoldToRecordAction Resume() => State == HoldToRecordState.Paused
        ? Go(HoldToRecordState.Locked, HoldToRecordAction.Resume)
        : HoldToRecordAction.None;

    private HoldToRecordAction Start() => Go(HoldToRecordState.Recording, HoldToRecordAction.Start);

    private HoldToRecordAction FollowSlide() => _slide switch
    {
        { ToCancel: >= 1 } => Discard(),
        { ToLock: >= 1 } => Go(HoldToRecordState.Locked, HoldToRecordAction.Lock),
        _ => HoldToRecordAction.None,
    };

    private HoldToRecordAction Finish() => Go(
        HoldToRecordState.Idle, Elapsed < _options.MinDuration ? HoldToRecordAction.TooShort : HoldToRecordAction.Send);

    // Takes the time on the way, so that it stands still where nothing is recorded.
    private HoldToRecordAction Go(HoldToRecordState state, HoldToRecordAction action)
    {
        _elapsed = Elapsed;
        State = state;
        _since = _clock.GetTimestamp();
        return action;
    }
}
