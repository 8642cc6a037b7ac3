namespace VoiceKit.Recording;

/// <summary>Where a finger has slid to, and which of the two slides it is making.</summary>
internal struct HoldToRecordSlide(HoldToRecordOptions options)
{
    private Axis _axis;

    // Always between 0 and 1; the one of the axis that is not slid along is 0.
    public double ToCancel { get; private set; }

    public double ToLock { get; private set; }

    // The axis is chosen once, near the press point, and left only there. Thus the fractions never jump as a finger goes round a
    // corner, and nobody discards by drifting sideways on the way up.
    public void MoveTo(double dx, double dy)
    {
        var left = Math.Max(0, options.IsRightToLeft ? dx : -dx);
        var up = Math.Max(0, -dy);
        if (Math.Max(left, up) <= options.Slop)
            _axis = Axis.None;
        else if (_axis == Axis.None)
            _axis = left > up ? Axis.Cancel : Axis.Lock;

        ToCancel = _axis == Axis.Cancel ? Fraction(left, options.CancelDistance) : 0;
        ToLock = _axis == Axis.Lock ? Fraction(up, options.LockDistance) : 0;
    }

    private readonly double Fraction(double way, double distance) =>
        Math.Clamp((way - options.Slop) / (distance - options.Slop), 0, 1);

    private enum Axis
    {
        None,
        Cancel,
        Lock,
    }
}
