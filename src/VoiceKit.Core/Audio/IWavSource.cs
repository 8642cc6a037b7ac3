namespace VoiceKit.Audio;

/// <summary>A reader that can give its samples as a WAV file has them, made so by the threads that make the samples.</summary>
internal interface IWavSource
{
    /// <summary>Has all samples encoded.</summary>
    /// <param name="format">How a sample is stored.</param>
    /// <returns>False where some were made already; then nothing changes.</returns>
    bool TryEncode(WavSampleFormat format);

    /// <summary>Reads on, once <see cref="TryEncode"/> has returned true.</summary>
    /// <returns>Whole frames, until the next call; none at the end.</returns>
    ReadOnlySpan<byte> ReadEncoded();
}
