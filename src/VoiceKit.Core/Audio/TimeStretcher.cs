using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>
/// Changes the speed of PCM at the same pitch, as a stream: waveform-similarity overlap-add (Verhelst and Roelands, "An
/// overlap-add technique based on waveform similarity (WSOLA) for high quality time-scale modification of speech", 1993).
/// </summary>
/// <remarks>
/// <para>Every 10 ms of output fade from where the input goes on to the place, at most 8 ms from the one that the speed asks
/// for, where it goes on most alike. What is unlike, as noise is, fades at constant power, so a sample may come out up to 3 dB
/// above the input's peak; what is alike fades at constant amplitude. All channels move together.</para>
/// <para>A stream of N frames at one speed gives exactly <see cref="OutputFrames">OutputFrames(N, speed)</see> frames, first
/// and last alike in place. Speed 1 copies the samples; after another speed it copies them from where the sound has got to.
/// The position is kept apart from the sound's and never drifts.</para>
/// <para>The same input gives the same output bit for bit, however it is cut into pieces and however large the output buffers
/// are, provided the speed changes at the same output frames. NaN counts as 0, and a magnitude above 16 (+24 dBFS), infinity
/// too, as 16.</para>
/// <para>An output frame is ready once the input is there up to 20 ms + 8 ms × speed after it; at speed 1 throughout, at once.
/// The constructor allocates everything. An instance is for one thread at a time.</para>
/// </remarks>
internal sealed class TimeStretcher
{
    /// <summary>The lowest speed: twice as long.</summary>
    public const double MinSpeed = 0.5;

    /// <summary>The highest speed: a third as long.</summary>
    public const double MaxSpeed = 3;

    private const int HopsPerSecond = 125;
    private const double MeanLead = 0.4;
    private const int MinHop = 16;
    private const int MinBlock = 1024;

    private readonly int _hop;
    private readonly int _reach;
    private readonly StretchHistory _history;
    private readonly StretchSearch _search;
    private readonly float[] _fade;
    private readonly float[] _weights;

    // The frames of the last hop that are not given yet, channel by channel.
    private readonly float[] _pending;
    private int _pendingStart;
    private int _pendingEnd;

    // Output frame _made of those at the speed _pace belongs at input frame _origin + _made × _pace. The sound that goes on there
    // is at frame _place.
    private double _speed = 1;
    private double _pace = 1;
    private double _origin;
    private long _made;
    private long _place;

    private long _inputFrames;
    private bool _ended;
    private bool _complete;

    /// <summary>Creates a stretcher at the start of a stream, at speed 1.</summary>
    /// <param name="format">The format of both sides.</param>
    /// <exception cref="ArgumentException">The format is the default value, which has no channels.</exception>
    public TimeStretcher(AudioFormat format)
    {
        if (format.Channels == 0)
            throw new ArgumentException("The format has no channels.", nameof(format));
        Format = format;
        _hop = Math.Max(format.SampleRate / HopsPerSecond, MinHop);
        _reach = _hop;
        _search = new StretchSearch(format.SampleRate, _hop, 2 * _reach + 1);
        _fade = new float[_hop];
        _weights = new float[_hop];
        _pending = new float[_hop * format.Channels];
        for (var i = 0; i < _hop; i++)
            _fade[i] = (float)(0.5 - 0.5 * Math.Cos(Math.PI * (i + 0.5) / _hop));

        // What one hop reads at any speed, see MakeHop and FirstNeeded, and as much again or more to move it seldom.
        var span = (int)(MaxSpeed + 2) * _hop + 4 * _reach + 4;
        _history = new StretchHistory(format.Channels, span + Math.Max(span, MinBlock));
    }

    /// <summary>The format of both sides.</summary>
    public AudioFormat Format { get; }

    /// <summary>
    /// Input frames per output frame, <see cref="MinSpeed"/>…<see cref="MaxSpeed"/>; 1 at first. It may be set at any time and
    /// acts without a click from the next hop on, within 8 ms of output. <see cref="Reset"/> leaves it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range or not a number.</exception>
    public double Speed
    {
        get => _speed;
        set
        {
            CheckSpeed(value);
            _speed = value;
        }
    }

    /// <summary>
    /// The input frame, counted from the start of the stream, that the next output frame belongs to. It only grows, by the speed
    /// with each output frame. Where one fade ends and the next begins, the sound
    /// itself is at most 12 ms from it, and much nearer on average.
    /// </summary>
    public double InputPosition
    {
        get
        {
            var position = PlaceOf(_made - (_pendingEnd - _pendingStart));
            return _ended ? Math.Min(position, _inputFrames) : position;
        }
    }

    /// <summary>
    /// How many frames a stream has at another speed: <paramref name="inputFrames"/> / <paramref name="speed"/>, rounded to the
    /// nearest whole number, halves up.
    /// </summary>
    /// <param name="inputFrames">The length of the input in frames, 0 or more.</param>
    /// <param name="speed">The speed, <see cref="MinSpeed"/>…<see cref="MaxSpeed"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static long OutputFrames(long inputFrames, double speed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputFrames);
        CheckSpeed(speed);
        return RoundedQuotient(inputFrames, speed);
    }

    /// <summary>
    /// Takes input and gives output, as much of both as goes: it returns when the input is used up or the output is full.
    /// </summary>
    /// <param name="input">The next samples, interleaved, whole frames; may be empty.</param>
    /// <param name="output">
    /// Where the output goes, interleaved; must not overlap the input. A rest smaller than a frame is left alone.
    /// </param>
    /// <param name="consumed">How many floats of the input were taken, whole frames; pass the rest again.</param>
    /// <param name="produced">How many floats of the output were written, whole frames.</param>
    /// <exception cref="ArgumentException">The input is not whole frames.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Flush"/> has ended the stream.</exception>
    public void Process(ReadOnlySpan<float> input, Span<float> output, out int consumed, out int produced)
    {
        var channels = Format.Channels;
        if (input.Length % channels != 0)
            throw new ArgumentException("The input is not whole frames.", nameof(input));
        if (_ended)
            throw new InvalidOperationException("The stream has ended; call Reset to start another.");

        var inputFrames = input.Length / channels;
        var room = output.Length / channels;
        var taken = 0;
        var given = 0;
        do
        {
            var count = _history.Append(input[(taken * channels)..], FirstNeeded());
            taken += count;
            _inputFrames += count;
            given += Give(output[(given * channels)..], room - given);
        }
        while (taken < inputFrames && given < room);

        consumed = taken * channels;
        produced = given * channels;
    }

    /// <summary>
    /// Ends the stream and gives the frames that were waiting for input after them. Call it until it gives 0;
    /// <see cref="Reset"/> starts another stream.
    /// </summary>
    /// <param name="output">Where the output goes, interleaved; holds at least one frame.</param>
    /// <returns>How many floats were written, whole frames; 0 when the stream is complete.</returns>
    /// <exception cref="ArgumentException">The output is smaller than one frame.</exception>
    public int Flush(Span<float> output)
    {
        var channels = Format.Channels;
        if (output.Length < channels)
            throw new ArgumentException("The output is smaller than one frame.", nameof(output));
        _ended = true;
        var room = output.Length / channels;
        var given = Give(output, room);
        while (given < room && !_complete)
        {
            _history.AppendSilence(FirstNeeded());
            given += Give(output[(given * channels)..], room - given);
        }

        return given * channels;
    }

    /// <summary>Forgets all input: the next sample is the first of a new stream.</summary>
    public void Reset()
    {
        _history.Reset();
        _pendingStart = _pendingEnd = 0;
        _pace = _speed;
        _origin = 0;
        _made = _place = _inputFrames = 0;
        _ended = _complete = false;
    }

    private static void CheckSpeed(double speed)
    {
        if (!(speed is >= MinSpeed and <= MaxSpeed))
            throw new ArgumentOutOfRangeException(nameof(speed), speed, $"The speed is not within {MinSpeed}…{MaxSpeed}.");
    }

    private static long RoundedQuotient(double frames, double speed) => (long)Math.Floor(frames / speed + 0.5);

    private double PlaceOf(long made) => _origin + made * _pace;

    // A hop looks back from where it starts by half a hop, at speed ½, by the reach and by the lead.
    private long FirstNeeded() => Math.Max(0, Math.Min((long)PlaceOf(_made) - _hop / 2 - 2 * _reach - 2, _place));

    // The frames that are still to be made once the input has ended.
    private long Remaining() => _ended ? RoundedQuotient(_inputFrames - _origin, _pace) - _made : long.MaxValue;

    // Gives output until it is full or input is missing.
    private int Give(Span<float> output, int room)
    {
        var given = 0;
        while (given < room && !_complete)
        {
            var rest = output[(given * Format.Channels)..];
            if (_pendingStart < _pendingEnd)
            {
                given += GivePending(rest, room - given);
                continue;
            }

            TakeSpeed();
            _complete = Remaining() <= 0;
            if (_pace == 1)
            {
                var count = (int)Math.Min(room - given, FramesToCopy());
                if (count <= 0)
                    break;
                Copy(rest, count);
                given += count;
            }
            else if (_complete || !MakeHop())
            {
                break;
            }
        }

        return given;
    }

    private void TakeSpeed()
    {
        if (_pace == _speed)
            return;
        _origin = PlaceOf(_made);
        _made = 0;
        _pace = _speed;
    }

    // No frame is given whose place the input has not got to, though the sound may lie behind it.
    private long FramesToCopy() =>
        Math.Min(Math.Min(_history.End - _place, (long)Math.Floor(_history.End - PlaceOf(_made))), Remaining());

    private void Copy(Span<float> output, int count)
    {
        for (var channel = 0; channel < Format.Channels; channel++)
            Interleave(_history.Channel(channel, _place, count), output, channel);
        _place += count;
        _made += count;
    }

    // Makes the next hop of output. Its fade ends one hop after the place that is looked for, where the sound is to be in time.
    private bool MakeHop()
    {
        var middle = (long)Math.Round(PlaceOf(_made + _hop)) - _hop + Lead();
        var first = Math.Max(middle - _reach, _history.Start);
        var last = middle + _reach;
        if (Math.Max(last, _place) + 2 * _hop > _history.End)
            return false;

        var region = _history.Mix(first, (int)(last - first) + 2 * _hop);
        var found = first + _search.Find(_history.Mix(_place, 2 * _hop), region, (int)(middle - first));
        var likeness = StretchSearch.Likeness(_history.Mix(_place, _hop), _history.Mix(found, _hop));
        Weigh(_fade, Math.Clamp(likeness, 0, 1), _weights);
        for (var channel = 0; channel < Format.Channels; channel++)
        {
            var before = _history.Channel(channel, _place, _hop);
            CrossFade(before, _history.Channel(channel, found, _hop), _pending.AsSpan(channel * _hop, _hop));
        }

        _pendingStart = 0;
        _pendingEnd = (int)Math.Min(_hop, Remaining());
        _made += _pendingEnd;
        _place = found + _hop;
        return true;
    }

    // Sound that can just go on does so until its place is out of reach. So it would run ahead of a low speed and trail behind
    // a high one; this shifts it back by the mean of that. When a hop skips more than the reach, or nothing, there is none.
    private long Lead()
    {
        var skip = Math.Clamp((_pace - 1) * _hop / _reach, -1, 1);
        return (long)(MeanLead * _reach * Math.Sign(skip) * (1 - skip * skip));
    }

    // The sum of two signals of one power, faded by f and 1 − f, has 1 − 2 f (1 − f) (1 − likeness) of that power.
    private static void Weigh(ReadOnlySpan<float> fade, float likeness, Span<float> weights)
    {
        weights = weights[..fade.Length];
        ref var from = ref MemoryMarshal.GetReference(fade);
        ref var to = ref MemoryMarshal.GetReference(weights);
        var unlike = 2 * (1 - likeness);
        var factor = new Vector<float>(unlike);
        var i = 0;
        for (; i <= fade.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var fadeIn = Vector.LoadUnsafe(ref from, (nuint)i);
            var power = Vector<float>.One - factor * fadeIn * (Vector<float>.One - fadeIn);
            (Vector<float>.One / Vector.SquareRoot(power)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < fade.Length; i++)
            weights[i] = 1 / MathF.Sqrt(1 - unlike * fade[i] * (1 - fade[i]));
    }

    private void CrossFade(ReadOnlySpan<float> before, ReadOnlySpan<float> after, Span<float> output)
    {
        ref var from = ref MemoryMarshal.GetReference(before);
        ref var to = ref MemoryMarshal.GetReference(after);
        ref var target = ref MemoryMarshal.GetReference(output);
        ref var fade = ref MemoryMarshal.GetArrayDataReference(_fade);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(_weights);
        var i = 0;
        for (; i <= _hop - Vector<float>.Count; i += Vector<float>.Count)
        {
            var start = Vector.LoadUnsafe(ref from, (nuint)i);
            var difference = Vector.LoadUnsafe(ref to, (nuint)i) - start;
            var sum = start + difference * Vector.LoadUnsafe(ref fade, (nuint)i);
            (sum * Vector.LoadUnsafe(ref weight, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < _hop; i++)
            output[i] = (before[i] + (after[i] - before[i]) * _fade[i]) * _weights[i];
    }

    private int GivePending(Span<float> output, int room)
    {
        var count = Math.Min(room, _pendingEnd - _pendingStart);
        for (var channel = 0; channel < Format.Channels; channel++)
            Interleave(_pending.AsSpan(channel * _hop + _pendingStart, count), output, channel);
        _pendingStart += count;
        return count;
    }

    private void Interleave(ReadOnlySpan<float> samples, Span<float> output, int channel)
    {
        if (Format.Channels == 1)
        {
            samples.CopyTo(output);
            return;
        }

        foreach (var sample in samples)
        {
            output[channel] = sample;
            channel += Format.Channels;
        }
    }
}
