using VoiceKit.Opus.Decoding.Celt;
using VoiceKit.Opus.Decoding.Range;
using VoiceKit.Opus.Decoding.Silk;

namespace VoiceKit.Opus.Decoding.Levels;

/// <summary>
/// How loud Opus packets are, without decoding them to sound: SILK at its internal rate, CELT by the energies of its bands. It takes
/// a fraction of the time of a decoder.
/// </summary>
internal sealed class OpusLevelDecoder
{
    private const int HybridStartBand = 17;
    private const int SilkDelay = 13;

    /// <summary>How far a peak is above the level of 2.5 ms, where it is not known.</summary>
    private const float Crest = 2.2f;

    private readonly SilkDecoder _silk;
    private readonly CeltLevelDecoder _celt = new();
    private readonly int _channels;
    private readonly int[] _before = new int[2 * SilkDelay];
    private OpusMode? _lastMode;
    private OpusLevel _last;
    private float _lastPower;

    /// <summary>Makes a decoder.</summary>
    /// <param name="channels">The channels that the packets would be decoded to, 1 or 2.</param>
    public OpusLevelDecoder(int channels)
    {
        _channels = channels;
        _silk = new SilkDecoder(16_000, channels);
    }

    /// <summary>Forgets all packets.</summary>
    public void Reset()
    {
        _silk.Reset();
        _celt.Reset();
        _lastMode = null;
        _last = default;
        _lastPower = 0;
        Array.Clear(_before);
    }

    /// <summary>Reads how loud a packet is.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="levels">Receives a level for each 2.5 ms.</param>
    /// <returns>The number of levels.</returns>
    public int Decode(OpusPacket packet, Span<OpusLevel> levels)
    {
        var count = packet.Toc.FrameDuration / OpusLevel.Length;
        for (var i = 0; i < packet.FrameCount; i++)
            DecodeFrame(packet.Toc, packet.GetFrame(i), levels.Slice(i * count, count));
        return packet.FrameCount * count;
    }

    /// <summary>Makes up levels for lost time: they fade.</summary>
    public void Conceal(Span<OpusLevel> levels)
    {
        const float Fade = 0.8f;
        foreach (ref var level in levels)
        {
            _last = new(_last.Power * Fade, _last.Peak * Fade);
            level = _last;
        }

        _lastPower = _last.Power;
    }

    private void DecodeFrame(OpusToc toc, ReadOnlySpan<byte> frame, Span<OpusLevel> levels)
    {
        if (frame.Length <= 1)
        {
            Conceal(levels);
            return;
        }

        if (toc.Mode == OpusMode.Celt)
            DecodeCelt(toc, frame, levels);
        else
            DecodeSilk(toc, frame, levels);
        _lastMode = toc.Mode;
        _last = levels[^1];
    }

    private void DecodeCelt(OpusToc toc, ReadOnlySpan<byte> frame, Span<OpusLevel> levels)
    {
        if (_lastMode is { } last && last != OpusMode.Celt)
            _celt.Reset();
        var range = new RangeDecoder(frame);
        var power = _celt.Decode(ref range, toc.FrameDuration, toc.IsStereo ? 2 : 1, 0, EndBand(toc.Bandwidth));

        // A frame's window begins and ends half an overlap later than the frame.
        var first = (power + _lastPower) / 2;
        levels.Fill(Estimate(power));
        levels[0] = Estimate(first);
        _lastPower = power;
    }

    private static OpusLevel Estimate(float power) => new(power, Math.Min(1, Crest * MathF.Sqrt(power)));

    private void DecodeSilk(OpusToc toc, ReadOnlySpan<byte> frame, Span<OpusLevel> levels)
    {
        if (_lastMode == OpusMode.Celt)
            _silk.Reset();
        var range = new RangeDecoder(frame);
        _silk.StreamChannels = toc.IsStereo ? 2 : 1;
        _silk.Kilohertz = (toc.Mode, toc.Bandwidth) switch
        {
            (OpusMode.Silk, OpusBandwidth.Narrowband) => 8,
            (OpusMode.Silk, OpusBandwidth.Mediumband) => 12,
            _ => 16,
        };
        var milliseconds = toc.FrameDuration / 48;
        var silkCount = Math.Min(20, milliseconds) * 2 / 5;
        for (var at = 0; at < levels.Length; at += silkCount)
        {
            _silk.DecodeSignals(ref range, SilkSource.Regular, milliseconds, isFirst: at == 0);
            Measure(levels.Slice(at, silkCount));
        }

        if (toc.Mode == OpusMode.Hybrid)
            AddHighBands(toc, ref range, levels);
        _lastPower = levels[^1].Power;
    }

    /// <summary>Measures the signals that SILK made; resampling would delay them by some 0.8 ms.</summary>
    private void Measure(Span<OpusLevel> levels)
    {
        var left = _silk.Left;
        var right = _silk.Right;
        var delay = SilkDelay * _silk.Kilohertz / 16;
        var length = left.Length / levels.Length;
        for (var i = 0; i < levels.Length; i++)
        {
            var (power, peak) = Measure(left, _before.AsSpan(SilkDelay - delay, delay), i * length, length);
            if (!right.IsEmpty)
            {
                var (rightPower, rightPeak) =
                    Measure(right, _before.AsSpan(2 * SilkDelay - delay, delay), i * length, length);
                (power, peak) = ((power + rightPower) / 2, Math.Max(peak, rightPeak));
            }

            levels[i] = new(power, peak);
        }

        left[^delay..].CopyTo(_before.AsSpan(SilkDelay - delay));
        (right.IsEmpty ? left : right)[^delay..].CopyTo(_before.AsSpan(2 * SilkDelay - delay));
    }

    private static (float Power, float Peak) Measure(ReadOnlySpan<int> samples, ReadOnlySpan<int> before, int start, int length)
    {
        const float Scale = 1 / 32768f;
        long sum = 0;
        var peak = 0;
        for (var i = start - before.Length; i < start + length - before.Length; i++)
        {
            var sample = i < 0 ? before[before.Length + i] : samples[i];
            sum += sample * sample;
            peak = Math.Max(peak, Math.Abs(sample));
        }

        return (sum * (Scale * Scale) / length, peak * Scale);
    }

    /// <summary>Adds what CELT has above 8 kHz: little in speech, but it costs little.</summary>
    private void AddHighBands(OpusToc toc, ref RangeDecoder range, Span<OpusLevel> levels)
    {
        if (_lastMode != OpusMode.Hybrid)
            _celt.Reset();
        Redundancy.Read(ref range, isHybrid: true);
        if (range.Length <= 1)
            return;
        var power = _celt.Decode(ref range, toc.FrameDuration, toc.IsStereo ? 2 : 1, HybridStartBand, EndBand(toc.Bandwidth));
        foreach (ref var level in levels)
            level = new(level.Power + power, MathF.Sqrt(level.Peak * level.Peak + power));
    }

    private static int EndBand(OpusBandwidth bandwidth) => bandwidth switch
    {
        OpusBandwidth.Narrowband => 13,
        OpusBandwidth.Mediumband or OpusBandwidth.Wideband => 17,
        OpusBandwidth.Superwideband => 19,
        _ => 21,
    };
}
