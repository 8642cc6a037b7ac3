using VoiceKit.Containers;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Playback;

/// <summary>A message that is played: its packets can be opened again and again, one reader at a time.</summary>
internal sealed class LoadedMessage : IDisposable
{
    private readonly VoiceMessage? _message;
    private readonly Stream? _stream;
    private readonly long _origin;
    private readonly OpusReaderOptions? _options;
    private readonly bool _leaveOpen;
    private volatile Func<bool> _isUnwanted = static () => false;

    public LoadedMessage(VoiceMessage message)
    {
        _message = message;
        Samples = message.Info.Samples;
    }

    private LoadedMessage(Stream stream, OpusReaderOptions? options, bool leaveOpen)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        _origin = stream.Position;
        _options = options is { IsGrowing: { } isGrowing }
            ? options with { IsGrowing = () => !_isUnwanted() && isGrowing() }
            : options;
    }

    /// <summary>How the stream is read.</summary>
    public OpusReaderOptions? Options => _options;

    /// <summary>The length in samples at 48 kHz; null for a message that grows.</summary>
    public long? Samples { get; private set; }

    /// <summary>
    /// Tells whether what is read is wanted no more. A reader that waits for a growing message to grow then comes to an end at
    /// once, which is not the end of the message.
    /// </summary>
    public Func<bool> IsUnwanted
    {
        get => _isUnwanted;
        set => _isUnwanted = value;
    }

    /// <summary>Opens a stream of any container and finds out how long it is, unless it grows.</summary>
    /// <exception cref="ArgumentException">The stream grows and cannot seek.</exception>
    public static LoadedMessage Open(
        Stream stream, OpusReaderOptions? options, bool leaveOpen, CancellationToken cancellationToken)
    {
        var bytes = stream;
        try
        {
            if (options?.IsGrowing is not null)
            {
                return stream.CanSeek
                    ? new LoadedMessage(stream, options, leaveOpen)
                    : throw new ArgumentException("A message that grows is played from a stream that can seek.", nameof(stream));
            }

            if (!stream.CanSeek)
            {
                bytes = ReadWhole(stream, cancellationToken);
                if (!leaveOpen)
                    stream.Dispose();
            }

            var message = new LoadedMessage(bytes, options, leaveOpen);
            using var reader = message.OpenPackets();
            message.Samples = OpusInfo.Read(reader, cancellationToken).Samples;
            return message;
        }
        catch when (!leaveOpen)
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens the packets from the start. A reader before this one is of no use then.</summary>
    public IOpusPacketReader OpenPackets()
    {
        if (_message is not null)
            return OggOpusReader.Open(_message.OpenRead());
        _stream!.Position = _origin;
        return OpusContainers.Open(_stream, _options, leaveOpen: true);
    }

    public void Dispose()
    {
        if (!_leaveOpen)
            _stream?.Dispose();
    }

    private static ReadOnlyMemoryStream ReadWhole(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (bytes.Length + count > VoiceMessage.DefaultMaxSize)
                throw new VoiceFormatException($"The message is larger than {VoiceMessage.DefaultMaxSize} bytes.", bytes.Length);
            bytes.Write(buffer, 0, count);
        }

        return new ReadOnlyMemoryStream(bytes.ToArray());
    }
}
