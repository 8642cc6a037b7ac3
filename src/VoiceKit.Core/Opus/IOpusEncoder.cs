namespace VoiceKit.Opus;

/// <summary>Turns PCM into Opus packets. Not thread-safe: use from two threads at once throws.</summary>
public interface IOpusEncoder : IDisposable
{
    /// <summary>The rate of the PCM it takes, in Hz.</summary>
    int SampleRate { get; }

    /// <summary>The channels of the PCM it takes, 1 or 2.</summary>
    int Channels { get; }

    /// <summary>How many frames (samples per channel, at <see cref="SampleRate"/>) each packet takes.</summary>
    int FrameSize { get; }

    /// <summary>By how many frames (at <see cref="SampleRate"/>) the decoded output lags behind the input.</summary>
    int Lookahead { get; }

    /// <summary>
    /// The target bitrate in bits per second, 500…512,000; null lets the codec choose by rate and channels. Takes effect with the
    /// next packet.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    int? Bitrate { get; set; }

    /// <summary>
    /// Whether packets are coded without reference to the ones before, so that a decoder that starts there converges at once.
    /// Takes effect with the next packet.
    /// </summary>
    bool PredictionDisabled { get; set; }

    /// <summary>Encodes one packet's worth of PCM.</summary>
    /// <param name="pcm">
    /// Exactly <see cref="FrameSize"/> × <see cref="Channels"/> interleaved floats; values beyond ±1 may clip.
    /// </param>
    /// <param name="packet">
    /// Where the packet goes. <see cref="OpusPacket.MaxEncodedSize"/> bytes always suffice; less caps the bitrate.
    /// </param>
    /// <returns>The packet's length in bytes, at least 1; 1 or 2 under DTX is a packet that says "nothing to hear".</returns>
    /// <exception cref="ArgumentException">The PCM has another length, or there is no room for a packet.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the encoder.</exception>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    /// <exception cref="OpusCodecException">The codec reports an error.</exception>
    int Encode(ReadOnlySpan<float> pcm, Span<byte> packet);

    /// <summary>Forgets all audio heard so far, as if new; the settings stay.</summary>
    void Reset();
}
