namespace VoiceKit.Tests.Support;

/// <summary>Audio to test with, computed.</summary>
internal static class Signals
{
    /// <summary>A voice-like tone: harmonics of a gliding pitch, with pauses.</summary>
    public static float[] Voice(int frames, int sampleRate = 48_000, int channels = 1)
    {
        var samples = new float[frames * channels];
        var phase = 0.0;
        for (var frame = 0; frame < frames; frame++)
        {
            var time = (double)frame / sampleRate;
            phase += 2 * Math.PI * (140 + 40 * Math.Sin(2 * Math.PI * 0.7 * time)) / sampleRate;
            var loudness = Math.Max(0, Math.Sin(2 * Math.PI * 1.3 * time));
            var value = 0.0;
            for (var harmonic = 1; harmonic <= 8 && loudness > 0; harmonic++)
                value += Math.Sin(harmonic * phase) / harmonic;
            value *= 0.2 * loudness;
            for (var channel = 0; channel < channels; channel++)
                samples[frame * channels + channel] = (float)(channel == 0 ? value : value * 0.5);
        }

        return samples;
    }
}
