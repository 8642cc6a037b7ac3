namespace VoiceKit.Opus;

/// <summary>Turns Opus packets into PCM. Not thread-safe: use from two threads at once throws.</summary>
public interface IOpusDecoder : IDisposable
{
    /// <summary>The rate of the PCM it gives, in Hz.</summary>
    int SampleRate { get; }

    /// <summary>The channels of the PCM it gives, 1 or 2.</summary>
    int Channels { get; }

    /// <summary>
    /// A gain applied to all output, in units of 1/256 dB (Q7.8, the unit of OpusHead's output gain, RFC 7845 §5.1).
    /// </summary>
    short Gain { get; set; }

    /// <summary>Decodes one packet.</summary>
    /// <param name="packet">A whole Opus packet (RFC 6716 §3); checked before the codec sees it.</param>
    /// <param name="pcm">
    /// Where the interleaved floats go; 120 ms (<see cref="SampleRate"/> / 25 × 3 × <see cref="Channels"/>) always suffice.
    /// </param>
    /// <returns>The number of frames (samples per channel) written.</returns>
    /// <exception cref="ArgumentException">The PCM buffer is smaller than the packet's duration.</exception>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the decoder.</exception>
    /// <exception cref="ObjectDisposedException">The decoder is disposed.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    int Decode(ReadOnlySpan<byte> packet, Span<float> pcm);

    /// <summary>
    /// Recovers the audio just before a packet from the redundancy in it (in-band FEC); conceals when it has none.
    /// </summary>
    /// <param name="nextPacket">The packet after the lost one.</param>
    /// <param name="pcm">Receives exactly the lost time: a multiple of 2.5 ms, at most 120 ms.</param>
    /// <returns>The number of frames written.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 2.5 ms up to 120 ms.</exception>
    /// <exception cref="VoiceFormatException">The packet breaks RFC 6716 §3.4.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the decoder.</exception>
    /// <exception cref="ObjectDisposedException">The decoder is disposed.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    int DecodeFec(ReadOnlySpan<byte> nextPacket, Span<float> pcm);

    /// <summary>Fills in for lost audio from what was heard before (packet loss concealment).</summary>
    /// <param name="pcm">Receives exactly the lost time: a multiple of 2.5 ms, at most 120 ms.</param>
    /// <returns>The number of frames written.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of 2.5 ms up to 120 ms.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the decoder.</exception>
    /// <exception cref="ObjectDisposedException">The decoder is disposed.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    int Conceal(Span<float> pcm);

    /// <summary>Forgets all audio heard so far, as if new; the gain stays.</summary>
    void Reset();
}
