using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Waveforms;

public sealed partial class Waveform
{
    /// <summary>Computes the bars of an Ogg Opus file by decoding it.</summary>
    /// <param name="stream">Ogg Opus from where the stream stands; stays open.</param>
    /// <param name="codec">Makes the decoder.</param>
    /// <param name="bars">How many bars, 1…<see cref="MaxCount"/>.</param>
    /// <param name="progress">Told how much was decoded, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">It is no Ogg Opus.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static Waveform FromOpus(
        Stream stream, IOpusCodec codec, int bars, IProgress<TimeSpan>? progress = null, CancellationToken cancellationToken = default)
    {
        using var reader = new OpusAudioReader(stream, codec, leaveOpen: true);
        return FromAudio(reader, bars, progress, cancellationToken);
    }
}
