using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;

namespace VoiceKit.Importing;

/// <summary>What the input is, and how its sound is opened.</summary>
internal sealed class ImportContent
{
    private readonly ImportSource _source;
    private readonly IOpusDecoderFactory _opusDecoder;
    private readonly IAudioDecoder? _decoder;
    private readonly CancellationToken _cancellationToken;
    private bool _isPcm;

    private ImportContent(
        ImportSource source, IOpusDecoderFactory opusDecoder, IAudioDecoder? decoder, CancellationToken cancellationToken)
    {
        _source = source;
        _opusDecoder = opusDecoder;
        _decoder = decoder;
        _cancellationToken = cancellationToken;
    }

    /// <summary>What it is, for people.</summary>
    public string Name { get; private set; } = "";

    /// <summary>All about the Opus in it; null where there is none.</summary>
    public OpusInfo? Opus { get; private set; }

    /// <summary>Looks at the input.</summary>
    /// <exception cref="VoiceFormatException">No reader takes the bytes; the exception names what they are.</exception>
    public static ImportContent Identify(
        ImportSource source, IOpusDecoderFactory opusDecoder, IAudioDecoder? decoder, CancellationToken cancellationToken)
    {
        var content = new ImportContent(source, opusDecoder, decoder, cancellationToken);
        var start = new byte[MediaNames.Length];
        int count;
        using (var stream = source.Open())
            count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count == 0)
            throw new VoiceFormatException("The input is empty.", 0);
        content.Look(start.AsSpan(0, count));
        return content;
    }

    /// <summary>Opens the sound.</summary>
    /// <param name="channels">The channels that are wanted in the end; other readers mix to them.</param>
    public IAudioReader Open(int channels)
    {
        if (Opus is not null)
            return new OpusAudioReader(
                _source.Open(), _opusDecoder, OpusRates.Full, Math.Min(channels, Math.Min(2, Opus.Head.Channels)));
        return _isPcm ? AudioFiles.Open(_source.Open()) : _decoder!.Open(_source.GetPath(_cancellationToken), _cancellationToken);
    }

    private void Look(ReadOnlySpan<byte> start)
    {
        var name = MediaNames.Identify(start);
        // What begins as a text and is decoded is none.
        Name = name is null || (name == MediaNames.Text && _decoder is not null) ? "a file of an unknown format" : name;
        VoiceFormatException? refusal;
        if (OpusContainers.Identify(start) is not null)
            refusal = LookForOpus();
        else if (AudioFiles.IsKnown(start))
            refusal = LookForPcm();
        else
            refusal = new VoiceFormatException(DescribeOther(name), 0);
        if (refusal is not null && _decoder is null)
            throw refusal;
    }

    private string DescribeOther(string? name) => name switch
    {
        MediaNames.Text => "There is no sound in it: it is a text.",
        MediaNames.Silk => $"It is {MediaNames.Silk}.",
        _ => $"It is {Name}, which takes a decoder to import, such as VoiceKit.FFmpeg.",
    };

    private VoiceFormatException? LookForOpus()
    {
        try
        {
            using var stream = _source.Open();
            Opus = OpusInfo.Read(stream, null, _cancellationToken);
            Name = "Opus in " + Opus.Container switch
            {
                OpusContainer.Mp4 => "MP4",
                OpusContainer.Caf => "CAF",
                var container => container.ToString(),
            };
            return null;
        }
        catch (VoiceFormatException exception)
        {
            return exception;
        }
    }

    private VoiceFormatException? LookForPcm()
    {
        try
        {
            using var reader = AudioFiles.Open(_source.Open());
            VoiceEncoder.CheckRate(reader);
            _isPcm = true;
            return null;
        }
        catch (VoiceFormatException exception) when (WavFmtChunk.IsOtherCodec(exception))
        {
            return exception;
        }
    }
}
