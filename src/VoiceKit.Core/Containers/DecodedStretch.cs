using VoiceKit.Audio;
using VoiceKit.Opus;

namespace VoiceKit.Containers;

/// <summary>A stretch of audio that is decoded apart from the others: its packets, and the PCM made of them.</summary>
internal sealed class DecodedStretch : IDisposable
{
    // What a decoder predicts from reaches back 20 ms in SILK, and in CELT less. An error there stays for a while, hardly louder.
    private const double MaxErrorPower = 1e-10; // -100 dBFS
    private static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(100);

    private readonly AudioFormat _format;
    private readonly int _overlap;
    private readonly float[] _chunk;
    private OpusAudioReader _audio;
    private PacketStretchReader _feed;
    private float[] _pcm;
    private byte[] _encoded = [];
    private int _start;
    private int _end;

    /// <param name="feed">Gives the packets to decode.</param>
    /// <param name="audio">Decodes them.</param>
    /// <param name="capacity">How many frames to expect.</param>
    public DecodedStretch(PacketStretchReader feed, OpusAudioReader audio, int capacity)
    {
        _feed = feed;
        _audio = audio;
        _format = audio.Format;
        _overlap = (int)(_format.SampleRate * Overlap.TotalSeconds) * _format.Channels;
        _chunk = new float[_overlap];
        _pcm = new float[capacity * _format.Channels];
    }

    /// <summary>What to decode.</summary>
    public PacketStretch Packets { get; } = new();

    /// <summary>The PCM, without that of the pre-roll.</summary>
    public ReadOnlySpan<float> Pcm => _pcm.AsSpan(_start.._end);

    /// <summary>How a WAV file has the samples; null for floats only.</summary>
    public WavSampleFormat? Encoding { get; set; }

    /// <summary>The PCM as a WAV file has it, where <see cref="Encoding"/> says how.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded.AsSpan(0, Pcm.Length * BytesPerSample);

    private int BytesPerSample => Encoding is { } format ? format.ToCoding().BytesPerSample() : 0;

    /// <summary>Decodes the stretch, beginning with the pre-roll.</summary>
    public void Decode(CancellationToken cancellationToken)
    {
        _feed.Begin(Packets, 0);
        _audio.Restart();
        ReadAll(cancellationToken);
        _start = Math.Min(_end, PreRollSize());
        Encode(_end);
    }

    /// <summary>Whether the decoder came to where one that heard everything would be.</summary>
    /// <param name="before">The stretch before, which is right.</param>
    public bool Continues(DecodedStretch before)
    {
        if (Packets.IsExact)
            return true;
        if (_start < _overlap || before.Pcm.Length < _overlap)
            return false;
        return AreSame(before.Pcm[^_overlap..], _pcm.AsSpan(_start - _overlap, _overlap));
    }

    /// <summary>
    /// Decodes the stretch again with the decoder that is at its start, as far as the two differ; if they do to the end, that
    /// decoder is kept.
    /// </summary>
    /// <param name="before">The stretch before, which is right.</param>
    public void DecodeBehind(DecodedStretch before)
    {
        before._feed.Begin(Packets, Packets.PreRollCount);
        var chunk = before._chunk;
        var (at, same) = (_start, 0);
        while (same < _overlap && before._audio.Read(chunk) is > 0 and var count)
        {
            var right = chunk.AsSpan(0, count);
            same = at + count <= _end && AreSame(right, _pcm.AsSpan(at, count)) ? same + count : 0;
            Put(right, at);
            at += count;
        }

        if (same < _overlap)
        {
            _end = at;
            (_audio, _feed, before._audio, before._feed) = (before._audio, before._feed, _audio, _feed);
        }

        Encode(at);
    }

    /// <inheritdoc/>
    public void Dispose() => _audio.Dispose();

    private static bool AreSame(ReadOnlySpan<float> right, ReadOnlySpan<float> ours)
    {
        double error = 0;
        for (var i = 0; i < ours.Length; i++)
            error += ((double)ours[i] - right[i]) * ((double)ours[i] - right[i]);
        return error <= MaxErrorPower * ours.Length;
    }

    private void Put(ReadOnlySpan<float> right, int at)
    {
        if (at + right.Length > _pcm.Length)
            Array.Resize(ref _pcm, 2 * _pcm.Length);
        right.CopyTo(_pcm.AsSpan(at));
    }

    private void Encode(int end)
    {
        if (Encoding is not { } format)
            return;
        if (_encoded.Length < Pcm.Length * BytesPerSample)
            _encoded = new byte[_pcm.Length * BytesPerSample];
        WavEncoder.Encode(format, _pcm.AsSpan(_start..end), _encoded);
    }

    private int PreRollSize()
    {
        var factor = OpusRates.Full / _format.SampleRate;
        var frames = 0;
        for (var i = 0; i < Packets.PreRollCount; i++)
            frames += OpusAudioReader.FramesOf(Packets[i].Info, factor);
        return frames * _format.Channels;
    }

    private void ReadAll(CancellationToken cancellationToken)
    {
        _end = 0;
        int count;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_end == _pcm.Length)
                Array.Resize(ref _pcm, 2 * _pcm.Length);
            count = _audio.Read(_pcm.AsSpan(_end));
            _end += count;
        }
        while (count > 0);
    }
}
