using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Rtp;

/// <summary>
/// Writes the Opus of RTP packets as Ogg Opus: the packets as they were sent, and what is missing between them, lost or not sent
/// (DTX), as packets without data, so that time stays true (RFC 7587, RFC 7845 §4.1). Not thread-safe.
/// </summary>
public sealed class RtpOpusRecorder : IDisposable
{
    private readonly Stream _stream;
    private readonly OpusTags _tags;
    private readonly OpusWriterOptions? _options;
    private readonly int? _channels;
    private readonly int _preSkip;
    private readonly bool _leaveOpen;
    private readonly RtpOpusDepacketizer _depacketizer;
    private readonly OpusPacketCopier _copier;
    private int _skipLeft;
    private bool _isBegun;
    private bool _isFinished;

    /// <summary>Creates a recorder. Nothing is written before the first packet.</summary>
    /// <param name="stream">Where the Ogg Opus goes; it need not be seekable.</param>
    /// <param name="tags">The comment header; null for one that names no encoder.</param>
    /// <param name="channels">1 or 2; null for what the first packet is coded in.</param>
    /// <param name="preSkip">
    /// What a player drops at the start, in samples at 48 kHz, 0…5760: the sender's look-ahead where it is known (312 for
    /// libopus) and the first packet is the sender's first.
    /// </param>
    /// <param name="rtpOptions">Which RTP packets to take; null for the defaults.</param>
    /// <param name="options">How to write; null for the defaults.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the recorder is disposed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The channels or the pre-skip are out of range.</exception>
    public RtpOpusRecorder(
        Stream stream,
        OpusTags? tags = null,
        int? channels = null,
        int preSkip = 0,
        RtpOpusOptions? rtpOptions = null,
        OpusWriterOptions? options = null,
        bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(preSkip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(preSkip, OpusPacket.MaxDuration);
        if (channels is not (null or 1 or 2))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Opus in RTP has 1 or 2 channels (RFC 7587 §4).");
        _stream = stream;
        _tags = tags ?? new OpusTags("VoiceKit");
        _options = options;
        _channels = channels;
        _preSkip = preSkip;
        _leaveOpen = leaveOpen;
        _depacketizer = new RtpOpusDepacketizer(rtpOptions);
        _copier = new OpusPacketCopier(
            (head, opusTags, _) => new OggOpusWriter(_stream, head, opusTags, _options, leaveOpen: true));
    }

    /// <summary>What came of the RTP packets so far.</summary>
    public RtpOpusStatistics Statistics => _depacketizer.Statistics;

    /// <summary>How much was written so far: what is heard.</summary>
    public TimeSpan Duration => OpusRates.ToTime(_copier.Samples);

    /// <summary>How much of that was missing and is filled with packets that decoders conceal.</summary>
    public TimeSpan Filled => OpusRates.ToTime(_copier.LostSamples);

    /// <summary>Takes an RTP packet; what is in order by then is written.</summary>
    /// <param name="packet">The whole packet as it came, header and all.</param>
    /// <returns>Whether it is taken; false for one that is counted and left out.</returns>
    /// <exception cref="InvalidOperationException">The recording is finished.</exception>
    /// <exception cref="IOException">
    /// The output could not be written; every later packet that is to be written throws the same.
    /// </exception>
    public bool Push(ReadOnlySpan<byte> packet)
    {
        var isTaken = _depacketizer.Push(packet);
        CopyAll();
        return isTaken;
    }

    /// <summary>Writes what is left and ends the file. Disposing without it leaves a file that is cut off.</summary>
    /// <exception cref="InvalidOperationException">No packet was taken, or the recording is finished.</exception>
    /// <exception cref="IOException">The output could not be written; every later call throws the same.</exception>
    public void Finish()
    {
        if (_isFinished)
            throw new InvalidOperationException("The recording is finished.");
        _depacketizer.Complete();
        CopyAll();
        if (!_isBegun)
            throw new InvalidOperationException("No packet was taken.");
        _copier.End();
        _isFinished = true;
    }

    /// <summary>Closes the stream, unless it is to stay open.</summary>
    public void Dispose()
    {
        _copier.Dispose();
        if (!_leaveOpen)
            _stream.Dispose();
    }

    // Once a write has failed, the writer beneath throws the same at each later one. What came with that packet is lost as well.
    private void CopyAll()
    {
        try
        {
            Copy();
        }
        catch
        {
            while (_depacketizer.Read())
            {
            }

            throw;
        }
    }

    private void Copy()
    {
        while (_depacketizer.Read())
        {
            var info = _depacketizer.PacketInfo;
            if (!_isBegun)
            {
                _isBegun = true;
                var isStereo = new OpusToc(_depacketizer.Packet[0]).IsStereo;
                _copier.Begin(new OpusHead(_channels ?? (isStereo ? 2 : 1), _preSkip, OpusRates.Full), _tags);
                _skipLeft = _preSkip;
            }

            var skipped = Math.Min(_skipLeft, info.Duration);
            _skipLeft -= skipped;
            info = info with { TrimStart = skipped };
            _copier.Add(_depacketizer.Packet, info);
        }
    }
}
