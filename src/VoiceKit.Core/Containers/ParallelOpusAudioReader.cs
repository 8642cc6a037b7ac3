using System.Runtime.ExceptionServices;
using VoiceKit.Audio;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// The PCM of long Opus in any container, decoded on several cores: what <see cref="OpusAudioReader"/> gives, to −80 dBFS and
/// mostly to the bit; only noise that decoders make up themselves, in pauses of DTX and for what is lost, is another. Reads the
/// stream on the caller's thread, 10 s ahead for each core and 20 s more, in memory bounded by that: 2 MB for each 10 s and
/// channel at 48 kHz. Not thread-safe.
/// </summary>
/// <remarks>
/// Each stretch of 10 s has a decoder of its own that is given some audio before it, to converge. That it did is checked where
/// the stretches meet; one that did not is decoded once more by the decoder of the stretch before, until both give the same.
/// </remarks>
internal sealed class ParallelOpusAudioReader : IAwaitedAudioReader, IWavSource
{
    private const int SpareStretches = 2;

    private readonly IOpusPacketReader _reader;
    private readonly IOpusDecoderFactory _codec;
    private readonly OpusHead _head;
    private readonly OrderedWork<DecodedStretch> _work;
    private readonly List<DecodedStretch> _all = [];
    private ExceptionDispatchInfo? _fault;
    private DecodedStretch? _lastPosted;
    private DecodedStretch? _filling;
    private DecodedStretch? _current;
    private WavSampleFormat? _encoding;
    private int _taken;
    private OpusTags _gains;
    private int _link = -1;
    private bool _isAtEnd;
    private bool _isBroken;
    private bool _isDisposed;

    /// <summary>Reads the headers and creates decoders.</summary>
    /// <param name="stream">The container from where the stream stands; see <see cref="OpusContainers.Open"/>.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message, surround as stereo.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate, the channels or the number of cores is out of its range.
    /// </exception>
    /// <exception cref="VoiceFormatException">There is no Opus in it, or it has a channel mapping without a meaning.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public ParallelOpusAudioReader(
        Stream stream,
        IOpusDecoderFactory? decoder = null,
        int sampleRate = OpusRates.Full,
        int? channels = null,
        int maxDegreeOfParallelism = -1,
        OpusReaderOptions? options = null,
        bool leaveOpen = false)
        : this(OpusContainers.Open(stream, options, leaveOpen), decoder, sampleRate, channels, maxDegreeOfParallelism)
    {
    }

    /// <summary>Creates decoders.</summary>
    /// <param name="reader">The packets; disposed with this object, or at once when it cannot be made.</param>
    /// <param name="decoder">Makes the decoders; null for those of the library, which work on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message, surround as stereo.</param>
    /// <param name="maxDegreeOfParallelism">How many cores to use, 1 or more; −1 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The rate, the channels or the number of cores is out of its range.
    /// </exception>
    /// <exception cref="VoiceFormatException">The channel mapping gives the channels no meaning.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    public ParallelOpusAudioReader(
        IOpusPacketReader reader,
        IOpusDecoderFactory? decoder = null,
        int sampleRate = OpusRates.Full,
        int? channels = null,
        int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        try
        {
            var degree = Parallelism.Degree(maxDegreeOfParallelism);
            (_codec, _head) = (decoder ?? DefaultOpusDecoder.Factory, reader.Head);
            _gains = new OpusTags("");
            _work = new OrderedWork<DecodedStretch>(degree, Create, (stretch, token) => stretch.Decode(token))
            {
                Spare = SpareStretches,
            };
            Format = new AudioFormat(sampleRate, channels ?? Math.Min(2, _head.Channels));
            CreateAudio(out _).Dispose();
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="OpusAudioReader.GainMode"/>
    public OpusGainMode GainMode { get; init; }

    /// <inheritdoc cref="OpusAudioReader.SoftClips"/>
    public bool SoftClips { get; init; }

    /// <inheritdoc/>
    public AudioFormat Format { get; }

    /// <inheritdoc cref="OpusAudioReader.FrameCount"/>
    public long? FrameCount => null;

    /// <summary>What was found broken so far, which is ahead of what was given; the first 1000 of it.</summary>
    public IReadOnlyList<OpusDefect> Defects => _reader.Defects;

    /// <inheritdoc cref="OpusAudioReader.RepeatsInDtx"/>
    internal bool RepeatsInDtx { get; init; }

    /// <summary>How much audio is decoded apart, in samples at 48 kHz.</summary>
    internal int StretchLength { get; init; } = OpusRates.Full * 10;

    /// <summary>How much audio before a stretch its decoder is given, in samples at 48 kHz.</summary>
    internal int PreRoll { get; init; } = OpusPreRoll.Seam;

    /// <summary>Whether it is checked that decoders have converged.</summary>
    internal bool ChecksSeams { get; init; } = true;

    /// <summary>How many stretches were decoded twice, as far as they differed.</summary>
    internal int Repeats { get; private set; }

    /// <inheritdoc cref="OpusAudioReader.Read"/>
    public int Read(Span<float> buffer)
    {
        Check(buffer);
        while (_current is null || _taken == _current.Pcm.Length)
        {
            if (!SyncCompletion.Complete(Next(isAsync: false, CancellationToken.None)))
                return 0;
        }

        return Take(_current, buffer);
    }

    /// <inheritdoc cref="OpusAudioReader.ReadAsync"/>
    public async ValueTask<int> ReadAsync(Memory<float> buffer, CancellationToken cancellationToken = default)
    {
        Check(buffer.Span);
        while (_current is null || _taken == _current.Pcm.Length)
        {
            if (!await Next(isAsync: true, cancellationToken).ConfigureAwait(false))
                return 0;
        }

        return Take(_current, buffer.Span);
    }

    /// <inheritdoc/>
    public bool TryEncode(WavSampleFormat format)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var isAtStart = _lastPosted is null && _filling is null;
        if (isAtStart)
            _encoding = format;
        return isAtStart;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ReadEncoded()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        do
        {
            if (!SyncCompletion.Complete(Next(isAsync: false, CancellationToken.None)))
                return [];
        }
        while (_current!.Pcm.IsEmpty);
        return _current.Encoded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        EndWork();
        _reader.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        EndWork();
        return _reader.DisposeAsync();
    }

    private void EndWork()
    {
        _work.Dispose();
        foreach (var stretch in _all)
            stretch.Dispose();
    }

    private void Check(Span<float> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.Length < Format.Channels)
            throw new ArgumentException("The buffer holds no frame.", nameof(buffer));
    }

    private int Take(DecodedStretch current, Span<float> buffer)
    {
        var count = Math.Min(buffer.Length - buffer.Length % Format.Channels, current.Pcm.Length - _taken);
        current.Pcm.Slice(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    private DecodedStretch Create()
    {
        var audio = CreateAudio(out var feed);
        var frames = (StretchLength + PreRoll + OpusPacket.MaxDuration) / (OpusRates.Full / Format.SampleRate);
        var stretch = new DecodedStretch(feed, audio, frames);
        _all.Add(stretch);
        return stretch;
    }

    private OpusAudioReader CreateAudio(out PacketStretchReader feed)
    {
        feed = new PacketStretchReader(_reader.Container, _head);
        return new OpusAudioReader(feed, _codec, Format.SampleRate, Format.Channels)
        {
            GainMode = GainMode,
            SoftClips = SoftClips,
            RepeatsInDtx = RepeatsInDtx,
        };
    }

    // What was given before the fault is heard before it.
    private async ValueTask<bool> Next(bool isAsync, CancellationToken cancellationToken)
    {
        if (_isBroken)
            _fault!.Throw();
        while (!_work.IsFull && !_isAtEnd)
            await Post(isAsync, cancellationToken).ConfigureAwait(false);
        if (await _work.Take(isAsync).ConfigureAwait(false) is not { } next)
        {
            _fault?.Throw();
            return false;
        }

        // Behind a codec's fault there is nothing that could be gone on with.
        try
        {
            if (_current is not null)
                Join(_current, next);
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            _isBroken = true;
            throw;
        }

        _current = next;
        _taken = 0;
        return true;
    }

    private void Join(DecodedStretch current, DecodedStretch next)
    {
        if (ChecksSeams && !next.Continues(current))
        {
            next.DecodeBehind(current);
            Repeats++;
        }

        _work.Return(current);
    }

    private async ValueTask Post(bool isAsync, CancellationToken cancellationToken)
    {
        if (_filling is null)
        {
            _filling = _work.Rent();
            _filling.Encoding = _encoding;
            _filling.Packets.Follow(_lastPosted?.Packets, PreRoll);
        }

        var stretch = _filling;
        try
        {
            while (!_isAtEnd && !stretch.Packets.IsFull(StretchLength))
            {
                _isAtEnd = isAsync
                    ? !await _reader.ReadAsync(cancellationToken).ConfigureAwait(false)
                    : !_reader.Read();
                if (!_isAtEnd)
                    AddPacket(stretch.Packets);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw; // The stretch goes on with the next call.
        }
        catch (Exception exception)
        {
            _fault = ExceptionDispatchInfo.Capture(exception);
            _isAtEnd = true;
        }

        _filling = null;
        _lastPosted = stretch;
        _work.Post(stretch);
    }

    private void AddPacket(PacketStretch packets)
    {
        var beginsLink = _reader.Link != _link;
        if (beginsLink)
            BeginLink();
        packets.Add(_reader, _gains, beginsLink);
    }

    private static bool IsGain(OpusComment comment) =>
        comment.Name.Equals(OpusTagNames.R128TrackGain, StringComparison.OrdinalIgnoreCase)
        || comment.Name.Equals(OpusTagNames.R128AlbumGain, StringComparison.OrdinalIgnoreCase);

    // Of the tags, which may be large, only the gains are needed.
    private void BeginLink()
    {
        _link = _reader.Link;
        _gains = new OpusTags("", _reader.Tags.Comments.Where(IsGain));
        if (OpusLinkDecoder.HasMeaning(_reader.Head))
            return;
        _reader.ReportDefect(OpusDefectKind.BadLink, OpusLinkDecoder.Meaningless(_reader.Head).Message);
    }
}
