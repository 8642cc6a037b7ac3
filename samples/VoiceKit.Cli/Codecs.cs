using System.CommandLine;
using VoiceKit.Concentus;
using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Cli;

/// <summary>
/// What encodes and what decodes. What others have sent is decoded in managed code, if nothing else is asked for.
/// </summary>
internal sealed class Codecs : IOpusCodec
{
    private const string Managed = "managed";
    private const string LibOpus = "libopus";
    private const string Concentus = "concentus";

    private Codecs()
    {
    }

    /// <summary>libopus to encode, the library's own decoder.</summary>
    public static IOpusCodec Default { get; } = new Codecs();

    /// <summary>The decoder that is taken if none is named.</summary>
    public static IOpusDecoderFactory Decoder => ManagedOpusCodec.Default;

    /// <inheritdoc/>
    public string Name => LibOpusCodec.Default.Name;

    /// <summary><c>--codec</c>: what decodes.</summary>
    public static Option<string> Option()
    {
        var option = new Option<string>("--codec")
        {
            Description = "What decodes: managed is VoiceKit's own decoder, in memory-safe code.",
            DefaultValueFactory = _ => Managed,
        };
        option.AcceptOnlyFromAmong(Managed, LibOpus, Concentus);
        return option;
    }

    /// <summary>The decoder of a name that <see cref="Option"/> takes.</summary>
    /// <returns>Null for the library's own, of which each part of it takes the kind that suits it.</returns>
    public static IOpusDecoderFactory? Of(string? name) => name switch
    {
        LibOpus => LibOpusCodec.Default,
        Concentus => ConcentusCodec.Default,
        _ => null,
    };

    /// <inheritdoc/>
    public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => LibOpusCodec.Default.CreateEncoder(options);

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels) => Decoder.CreateDecoder(sampleRate, channels);
}
