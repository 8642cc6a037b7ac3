namespace VoiceKit.Audio;

/// <summary>A source of PCM that can be read without blocking.</summary>
internal interface IAwaitedAudioReader : IAudioReader, IAsyncDisposable
{
    /// <summary>Reads the next samples, as <see cref="IAudioReader.Read"/> does. Never blocks on the source.</summary>
    /// <param name="buffer">Where to put them; holds at least one frame.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    ValueTask<int> ReadAsync(Memory<float> buffer, CancellationToken cancellationToken = default);
}
