namespace VoiceKit.NAudio;

/// <summary>
/// A device from its start to its stop. Once it is over it calls the app no more. NAudio's events do not say of which start they
/// are, so a device is not started again before it has said that it stopped.
/// </summary>
/// <param name="name">What a person calls the device, or null.</param>
internal abstract class DeviceSession(string? name)
{
    [ThreadStatic]
    private static DeviceSession? t_calling;

    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isOver;
    private volatile bool _isExpected;
    private volatile bool _isInApp;

    /// <summary>Whether it calls the app no more.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether this is the app's code, called by this session.</summary>
    public bool IsCalling => ReferenceEquals(t_calling, this);

    /// <summary>Whether the app's code runs, called by this session.</summary>
    public bool IsInApp => _isInApp;

    /// <summary>Completes when the device has said that it stopped, and the app was told what there was to tell.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>What stops the device, from when that has begun.</summary>
    public Task? Ending { get; set; }

    /// <summary>Begins the stopping of a session that is over by itself.</summary>
    public required Action<DeviceSession> OverByItself { get; init; }

    /// <summary>Held while the app is called.</summary>
    protected object Gate { get; } = new();

    /// <summary>Says that the device's stopping is no fault from now on.</summary>
    public void ExpectStop() => _isExpected = true;

    /// <summary>Calls the app no more, and waits for a call that is under way.</summary>
    public void Abandon()
    {
        lock (Gate)
            _isOver = true;
    }

    /// <summary>Hears that the device has stopped.</summary>
    /// <param name="cause">Why, in words for a person or in the device's own; or null.</param>
    public void OnStopped(Exception? cause)
    {
        lock (Gate)
        {
            if (!_isOver && cause is null && HasEnded)
                Call(TellEnd);
            else if (!_isOver && (cause is not null || !_isExpected))
                Fail(cause as AudioDeviceException ?? NAudioFault.Create("The device has stopped by itself", name, cause));
        }

        _stopped.TrySetResult();
        if (_isOver && !_isExpected)
            OverByItself(this);
    }

    /// <summary>Whether the device had nothing left to do.</summary>
    protected virtual bool HasEnded => false;

    /// <summary>Tells the app that nothing is left to do.</summary>
    protected virtual void TellEnd()
    {
    }

    protected abstract void TellFault(AudioDeviceException reason);

    /// <summary>Marks the app's code on this thread.</summary>
    protected void EnterApp()
    {
        t_calling = this;
        _isInApp = true;
    }

    protected void LeaveApp()
    {
        _isInApp = false;
        t_calling = null;
    }

    /// <summary>Ends the session because the app has thrown.</summary>
    protected void FailByApp(Exception exception)
    {
        Fail(new AudioDeviceException("The app's own code failed on the device's thread.", innerException: exception));
        OverByItself(this);
    }

    private void Fail(AudioDeviceException reason)
    {
        _isOver = true;
        try
        {
            EnterApp();
            TellFault(reason);
        }
        catch (Exception)
        {
            // Nobody is left to tell: what the app throws must not end the device's thread.
        }
        finally
        {
            LeaveApp();
        }
    }

    /// <summary>Calls the app; what it throws ends the session.</summary>
    protected void Call(Action app)
    {
        try
        {
            EnterApp();
            app();
        }
        catch (Exception exception)
        {
            FailByApp(exception);
        }
        finally
        {
            LeaveApp();
        }
    }
}
