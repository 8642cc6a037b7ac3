namespace VoiceKit.Decoding.Tests.Support;

/// <summary>
/// Sound of all kinds in turn, at 48 kHz: voices with pauses, noise, chords, clicks, silence; soft and beyond full scale.
/// </summary>
internal sealed class RandomSound(Random random, int channels)
{
    private const int Rate = 48_000;

    private int _kind;
    private int _left;
    private double _level;
    private double _pitch;
    private double _glide;
    private double _phase;
    private double _width;
    private double _low;

    public void Fill(Span<float> pcm)
    {
        for (var i = 0; i < pcm.Length; i += channels)
        {
            if (_left-- <= 0)
                Begin();
            var (mid, side) = Next();
            pcm[i] = (float)(mid + side);
            if (channels == 2)
                pcm[i + 1] = (float)(mid - side);
        }
    }

    private void Begin()
    {
        _kind = random.Next(7);
        _left = random.Next(Rate / 100, Rate);
        _level = Math.Pow(10, -2.5 * random.NextDouble()) * (random.Next(20) == 0 ? 20 : 1);
        _pitch = 70 + 400 * Math.Pow(random.NextDouble(), 2);
        _glide = Math.Pow(2, (random.NextDouble() - 0.5) / Rate);
        _width = random.Next(3) == 0 ? 0 : random.NextDouble();
    }

    private (double Mid, double Side) Next()
    {
        _pitch *= _glide;
        _phase += _pitch / Rate;
        _phase -= Math.Floor(_phase);
        var noise = random.NextDouble() - 0.5;
        _low += 0.1 * (noise - _low);
        var mid = _level * _kind switch
        {
            0 or 1 => Voice() + 0.02 * noise,
            2 => noise,
            3 => Wave(2) * 0.4 + Wave(6) * 0.3 + Wave(15) * 0.1,
            4 => _left % 4001 < 30 ? noise * 2 : 0.001 * noise,
            5 => 2 * _low + 0.1 * Math.Sin(44 * Math.PI * _phase),
            _ => 0,
        };
        return (mid, _kind == 6 ? 0 : _width * _level * (noise * 0.2 + 0.3 * Math.Sin(10 * Math.PI * _phase)));
    }

    // Pulses of the glottis through a formant or two, roughly.
    private double Voice() => Math.Exp(-8 * _phase) * (Wave(14) + 0.5 * Wave(34));

    private double Wave(int halves) => Math.Sin(halves * Math.PI * _phase);
}
