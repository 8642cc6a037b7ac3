using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit;

/// <summary>
/// Takes what VoiceKit's services work with. The package VoiceKit.DependencyInjection has the class; packages that bring a codec,
/// devices or a decoder add methods to it, <c>UseLibOpus</c> for instance, and need no package of dependency injection.
/// </summary>
/// <remarks>Of two choices of one kind the later one counts.</remarks>
public interface IVoiceKitBuilder
{
    /// <summary>Takes a codec that encodes and decodes. It is not disposed with the services.</summary>
    /// <param name="codec">The codec.</param>
    void TakeCodec(IOpusCodec codec);

    /// <summary>Takes devices that are opened when they are first needed, and disposed with the services.</summary>
    /// <param name="open">Opens them. When that fails, it is called again the next time.</param>
    void TakeAudioDevices(Func<CancellationToken, ValueTask<IAudioDevices>> open);

    /// <summary>Takes a decoder for files that VoiceKit does not read itself. It is not disposed with the services.</summary>
    /// <param name="decoder">The decoder.</param>
    void TakeDecoder(IAudioDecoder decoder);
}
