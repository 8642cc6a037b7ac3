using NAudio.Wave;
using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.NAudio;

/// <summary>The ways between NAudio's types and VoiceKit's.</summary>
public static class NAudioExtensions
{
    /// <summary>The rate and the channels of a wave format, however its samples are coded.</summary>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate or the number of channels is none that <see cref="AudioFormat"/> takes.
    /// </exception>
    public static AudioFormat ToAudioFormat(this WaveFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return new AudioFormat(format.SampleRate, format.Channels);
    }

    /// <summary>The wave format of the same rate and channels in 32-bit floats, as the PCM of VoiceKit is.</summary>
    /// <param name="format">The format.</param>
    public static WaveFormat ToWaveFormat(this AudioFormat format) =>
        WaveFormat.CreateIeeeFloatWaveFormat(format.SampleRate, format.Channels);

    /// <summary>Reads what a sample provider gives, to encode or to draw it.</summary>
    /// <param name="provider">The provider, which gives 0 samples at its end.</param>
    /// <param name="leaveOpen">Whether the provider, where it can be disposed, stays open when the reader is disposed.</param>
    public static IAudioReader ToAudioReader(this ISampleProvider provider, bool leaveOpen = false) =>
        new SampleProviderReader(provider, leaveOpen);

    /// <summary>Opens a voice message as a stream and a sample provider of NAudio.</summary>
    /// <param name="message">The message.</param>
    /// <param name="decoder">Makes the decoder; null for that of VoiceKit.Core, which works on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message.</param>
    /// <exception cref="VoiceFormatException">The channel mapping is not supported.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be opened.</exception>
    public static VoiceWaveStream ToWaveStream(
        this VoiceMessage message, IOpusDecoderFactory? decoder = null, int sampleRate = OpusRates.Full, int? channels = null) =>
        new(message, decoder, sampleRate, channels);
}
