using VoiceKit.Audio;

namespace VoiceKit.App.Tests.Own;

/// <summary>An app's own encoder, as one that lets another process do the work: it signs what it makes.</summary>
internal sealed class OwnEncoder(IVoiceEncoder worker) : IVoiceEncoder
{
    public int Encoded { get; private set; }

    public Task<VoiceMessage> EncodeAsync(
        IAudioReader source,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default) =>
        worker.EncodeAsync(source, Signed(options), progress, cancellationToken);

    public Task<TimeSpan> EncodeAsync(
        IAudioReader source,
        Stream output,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default) =>
        worker.EncodeAsync(source, output, Signed(options), progress, cancellationToken);

    private VoiceEncodingOptions Signed(VoiceEncodingOptions? options)
    {
        Encoded++;
        return (options ?? new VoiceEncodingOptions()) with { Vendor = "own" };
    }
}
