using System.Collections.Concurrent;
using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>
/// Encodes audio on several threads: reads and writes on the caller's, and cuts it into stretches that are encoded apart.
/// </summary>
internal sealed class ParallelEncoding : IDisposable
{
    private readonly ConcurrentBag<IOpusEncoder> _encoders = [];
    private readonly IAudioReader _pcm;
    private readonly Func<IOpusEncoder> _createEncoder;
    private readonly OrderedWork<EncodedStretch> _work;
    private readonly StretchCut _cut;
    private readonly int _frameSize;
    private readonly int _lookahead;
    private readonly float[] _preRoll;
    private long _packetsPosted;
    private long _packetsWritten;
    private OpusMode _lastMode;
    private bool _isAtEnd;

    /// <param name="pcm">The audio, in the format that the options say.</param>
    /// <param name="codec">Makes the encoders.</param>
    /// <param name="options">Their settings.</param>
    /// <param name="maxDegreeOfParallelism">How many encoders may work at once.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ParallelEncoding(
        IAudioReader pcm,
        IOpusEncoderFactory codec,
        OpusEncoderOptions options,
        int maxDegreeOfParallelism,
        CancellationToken cancellationToken)
    {
        var first = codec.CreateEncoder(options);
        _encoders.Add(first);
        _pcm = pcm;
        _createEncoder = () => codec.CreateEncoder(options);
        _frameSize = first.FrameSize;
        _lookahead = first.Lookahead;
        _cut = StretchCut.For(options.PacketDuration, first.FrameSize * first.Channels);
        _preRoll = new float[_cut.PreRoll * _cut.PacketSize];
        _work = new OrderedWork<EncodedStretch>(
            maxDegreeOfParallelism,
            () => new EncodedStretch(_cut),
            (stretch, token) => Encode(stretch, mayLeanOnCelt: true, token),
            cancellationToken);
    }

    /// <summary>How many frames of the source were read.</summary>
    public long FrameCount { get; private set; }

    private int FullRateFactor => OpusRates.Full / _pcm.Format.SampleRate;

    private long PacketsNeeded => Math.Max(1, (FrameCount + _lookahead + _frameSize - 1) / _frameSize);

    /// <summary>The identification header of what comes out.</summary>
    public OpusHead MakeHead(int inputSampleRate) => new(_pcm.Format.Channels, _lookahead * FullRateFactor, inputSampleRate);

    /// <summary>Encodes all there is, and ends the stream.</summary>
    public async ValueTask WriteTo(
        IOpusPacketWriter writer, IProgress<TimeSpan>? progress, bool isAsync, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_work.IsFull && (!_isAtEnd || _packetsPosted < PacketsNeeded))
                Post(cancellationToken);
            else if (await _work.Take(isAsync).ConfigureAwait(false) is { } stretch)
                await Write(stretch, writer, progress, isAsync, cancellationToken).ConfigureAwait(false);
            else
                break;
        }

        var trimEnd = PacketsNeeded * _frameSize - FrameCount - _lookahead;
        if (isAsync)
            await writer.FinishAsync((int)trimEnd * FullRateFactor, cancellationToken).ConfigureAwait(false);
        else
            writer.Finish((int)trimEnd * FullRateFactor);
    }

    /// <summary>Releases the encoders, once none works any longer.</summary>
    public void Dispose()
    {
        _work.Dispose();
        foreach (var encoder in _encoders)
            encoder.Dispose();
    }

    private void Post(CancellationToken cancellationToken)
    {
        var stretch = _work.Rent();
        stretch.Follow(_packetsPosted > 0 ? _preRoll : []);
        Fill(stretch.Pcm, cancellationToken);
        stretch.Pcm[^_preRoll.Length..].CopyTo(_preRoll);
        stretch.PacketCount = (int)Math.Min(_cut.Packets, _isAtEnd ? PacketsNeeded - _packetsPosted : _cut.Packets);
        _packetsPosted += stretch.PacketCount;
        _work.Post(stretch);
    }

    // Behind the end there is silence.
    private void Fill(Span<float> pcm, CancellationToken cancellationToken)
    {
        while (!pcm.IsEmpty && !_isAtEnd)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = _pcm.Read(pcm);
            FrameCount += count / _pcm.Format.Channels;
            _isAtEnd = count == 0;
            pcm = pcm[count..];
        }

        pcm.Clear();
    }

    private void Encode(EncodedStretch stretch, bool mayLeanOnCelt, CancellationToken cancellationToken)
    {
        if (!_encoders.TryTake(out var encoder))
            encoder = _createEncoder();
        try
        {
            stretch.Encode(encoder, mayLeanOnCelt, cancellationToken);
            encoder.Reset();
        }
        finally
        {
            _encoders.Add(encoder);
        }
    }

    private async ValueTask Write(
        EncodedStretch stretch,
        IOpusPacketWriter writer,
        IProgress<TimeSpan>? progress,
        bool isAsync,
        CancellationToken cancellationToken)
    {
        // Encoders that heard different pasts may disagree about the mode, though they seldom do.
        if (stretch.LeansOnCelt && _lastMode != OpusMode.Celt)
            Encode(stretch, mayLeanOnCelt: false, cancellationToken);
        for (var i = 0; i < stretch.PacketCount; i++)
        {
            if (isAsync)
                await writer.WritePacketAsync(stretch.Packet(i), cancellationToken).ConfigureAwait(false);
            else
                writer.WritePacket(stretch.Packet(i).Span);
            _lastMode = new OpusToc(stretch.Packet(i).Span[0]).Mode;
        }

        _packetsWritten += stretch.PacketCount;
        _work.Return(stretch);
        progress?.Report(_pcm.Format.DurationOf(Math.Min(FrameCount, _packetsWritten * _frameSize)));
    }
}
