namespace VoiceKit.Benchmarks;

/// <summary>
/// Computes audio that loads a speech codec as speech does: words of syllables, each a burst of noise and a vowel of three
/// formants over a falling pitch, with pauses between and faint noise under all of it. The same every time.
/// </summary>
internal sealed class SpeechSynthesizer
{
    private const int SampleRate = Speech.SampleRate;
    private const double Background = 0.001; // −60 dBFS.

    // First three formants of /a/, /e/, /i/, /o/, /u/ in Hz.
    private static readonly double[][] Vowels =
        [[730, 1090, 2440], [530, 1840, 2480], [270, 2290, 3010], [570, 840, 2410], [300, 870, 2240]];

    private readonly Random _random = new(20);
    private readonly float[] _samples;
    private int _at;
    private double _phase;

    private SpeechSynthesizer(int frames) => _samples = new float[frames];

    public static float[] Make(int seconds)
    {
        var synthesizer = new SpeechSynthesizer(seconds * SampleRate);
        while (synthesizer._at < synthesizer._samples.Length)
            synthesizer.SpeakWord();
        return synthesizer._samples;
    }

    private void SpeakWord()
    {
        var syllables = _random.Next(1, 5);
        var pitch = Between(105, 145);
        for (var syllable = 0; syllable < syllables; syllable++)
        {
            AddConsonant(Between(0.02, 0.09));
            AddVowel(Between(0.08, 0.22), pitch, pitch * 0.93);
            pitch *= 0.95;
        }

        AddPause(_random.Next(6) == 0 ? Between(0.4, 0.8) : Between(0.05, 0.2));
    }

    // The difference of neighbouring values turns white noise into the hiss of a fricative.
    private void AddConsonant(double seconds)
    {
        var last = 0.0;
        Add(seconds, time =>
        {
            var noise = Between(-1, 1);
            var hiss = noise - last;
            last = noise;
            return 0.12 * hiss * Math.Sin(Math.PI * time);
        });
    }

    private void AddVowel(double seconds, double fromPitch, double toPitch)
    {
        var formants = Vowels[_random.Next(Vowels.Length)].Select(frequency => new Formant(frequency)).ToArray();
        Add(seconds, time =>
        {
            _phase += (fromPitch + (toPitch - fromPitch) * time) / SampleRate;
            _phase -= Math.Floor(_phase);
            var breath = 0.02 * Between(-1, 1);
            var glottis = (_phase < 0.6 ? Math.Sin(Math.PI * _phase / 0.6) : 0) - 0.38 + breath;
            var voice = formants.Sum(formant => formant.Filter(glottis));
            return 0.5 * voice * Math.Pow(Math.Sin(Math.PI * time), 0.3);
        });
    }

    private void AddPause(double seconds) => Add(seconds, _ => 0);

    /// <summary>Adds a sound that is a function of its own time, 0…1.</summary>
    private void Add(double seconds, Func<double, double> sound)
    {
        var frames = (int)(seconds * SampleRate);
        for (var frame = 0; frame < frames && _at < _samples.Length; frame++)
        {
            var value = sound((double)frame / frames) + Background * Between(-1, 1);
            _samples[_at++] = (float)Math.Clamp(value, -1, 1);
        }
    }

    private double Between(double low, double high) => low + (high - low) * _random.NextDouble();

    /// <summary>A resonance of two poles, 90 Hz wide.</summary>
    private sealed class Formant(double frequency)
    {
        private static readonly double Radius = Math.Exp(-Math.PI * 90 / SampleRate);

        private readonly double _feedback = 2 * Radius * Math.Cos(2 * Math.PI * frequency / SampleRate);
        private readonly double _gain = (1 - Radius) * 2 * Math.Sin(2 * Math.PI * frequency / SampleRate);
        private double _last;
        private double _beforeLast;

        public double Filter(double input)
        {
            var output = _gain * input + _feedback * _last - Radius * Radius * _beforeLast;
            (_beforeLast, _last) = (_last, output);
            return output;
        }
    }
}
