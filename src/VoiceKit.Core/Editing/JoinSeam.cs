using VoiceKit.Opus;

namespace VoiceKit.Editing;

/// <summary>The sound between what is copied of one message and what is copied of a later one: it is encoded anew.</summary>
/// <param name="channels">The channels of its samples.</param>
internal sealed class JoinSeam(int channels)
{
    // 10 ms: two of them are the fade.
    private const int Fade = OpusRates.Full / 100;

    private const float LeastStep = 0.002f;

    private readonly List<float> _pcm = [];
    private int _jointAt;
    private bool _isFaded;

    /// <summary>The frames in it.</summary>
    public int Frames => _pcm.Count / channels;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _pcm.Clear();
        _jointAt = 0;
        _isFaded = false;
    }

    /// <summary>Adds the sound of the next message; where the two do not go on from one another, both are faded.</summary>
    public void Add(float[] pcm)
    {
        if (_pcm.Count > 0 && pcm.Length > 0)
        {
            _jointAt = Frames;
            _isFaded = !GoesOn(pcm);
            if (_isFaded)
                FadeBoth(pcm);
        }

        _pcm.AddRange(pcm);
    }

    /// <summary>
    /// Gives the sound with another length, a little more or less: silence is put in where it was faded, and otherwise all of it
    /// is stretched or squeezed, by little more than a hundredth.
    /// </summary>
    /// <param name="step">Frames and <paramref name="lead"/> together are to be a multiple of it.</param>
    /// <param name="lead">The frames before it.</param>
    public float[] Fit(int step, int lead)
    {
        var whole = lead + Frames;
        var frames = (_isFaded ? (whole + step - 1) / step : Math.Max(lead / step + 1, (whole + step / 2) / step)) * step - lead;
        if (!_isFaded)
            return Stretch(frames);
        var added = new float[(frames - Frames) * channels];
        return [.. _pcm[..(_jointAt * channels)], .. added, .. _pcm[(_jointAt * channels)..]];
    }

    /// <summary>The sound as it is.</summary>
    public float[] ToArray() => [.. _pcm];

    private bool GoesOn(float[] next)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            var jump = Math.Abs(next[channel] - _pcm[^(channels - channel)]);
            if (jump > LeastStep + 1.5f * Math.Max(StepAtEnd(channel), StepAtStart(next, channel)))
                return false;
        }

        return true;
    }

    private float StepAtEnd(int channel)
    {
        var step = 0f;
        for (var at = _pcm.Count - channels + channel; at >= channels && at > _pcm.Count - Fade * channels / 2; at -= channels)
            step = Math.Max(step, Math.Abs(_pcm[at] - _pcm[at - channels]));
        return step;
    }

    private float StepAtStart(float[] next, int channel)
    {
        var step = 0f;
        for (var at = channel + channels; at < next.Length && at < Fade * channels / 2; at += channels)
            step = Math.Max(step, Math.Abs(next[at] - next[at - channels]));
        return step;
    }

    private void FadeBoth(float[] next)
    {
        var count = Math.Min(Fade, Frames);
        for (var i = 0; i < count * channels; i++)
            _pcm[^(i + 1)] *= Rise(i / channels, count);
        count = Math.Min(Fade, next.Length / channels);
        for (var i = 0; i < count * channels; i++)
            next[i] *= Rise(i / channels, count);
    }

    private static float Rise(int at, int count) => 0.5f - 0.5f * MathF.Cos(MathF.PI * (at + 0.5f) / count);

    // Through four points each; both ends stay where they are.
    private float[] Stretch(int frames)
    {
        var (from, ratio) = (Frames, (double)Frames / frames);
        if (frames == from)
            return ToArray();
        var pcm = new float[frames * channels];
        for (var i = 0; i < frames; i++)
        {
            var at = i * ratio;
            var (whole, part) = ((int)at, (float)(at - (int)at));
            for (var channel = 0; channel < channels; channel++)
            {
                var (a, b, c, d) = (At(whole - 1, channel), At(whole, channel), At(whole + 1, channel), At(whole + 2, channel));
                pcm[i * channels + channel] =
                    b + 0.5f * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)));
            }
        }

        return pcm;

        float At(int frame, int channel) => _pcm[Math.Clamp(frame, 0, from - 1) * channels + channel];
    }
}
