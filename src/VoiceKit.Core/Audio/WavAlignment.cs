using System.Buffers.Binary;

namespace VoiceKit.Audio;

/// <summary>
/// Tells where the bits of samples of four bytes are. Recorders put 24 in the lower three bytes (ALSA's S24_LE) or in the upper
/// three (left-justified, as WAVE_FORMAT_EXTENSIBLE has it), and some state 32 bits where they use 24, 20 or 16: the header does
/// not tell, the samples do.
/// </summary>
internal struct WavAlignment
{
    // The samples that are looked at, of a stream that can seek.
    private const long MaxLook = 64L * 1024 * 1024;

    private const int Limit = 1 << 23;
    private const int Limit16 = 1 << 15;

    // The least part of their scale that a sound reaches in the lower bits.
    private const int LeastPart = 20;

    // The peak over the RMS: that of noise, which may be as soft as it seems, is in between.
    private const double LeastNoiseCrest = 2.5;
    private const double MostNoiseCrest = 6;

    private long _samples;
    private long _reaching;
    private long _lowestBytes;
    private long _secondBytes;
    private double _energy;
    private int _peak;
    private int _bits;
    private bool _isBigEndian;

    /// <summary>The header with what its samples fit.</summary>
    /// <param name="header">The header; only codings of four bytes are in doubt.</param>
    /// <param name="stream">The stream, where it can seek; left where it stands. Null for others.</param>
    /// <param name="dataAt">The position of the first sample in that stream.</param>
    /// <param name="ahead">The first samples, for a stream that cannot seek.</param>
    public static WavHeader Resolve(WavHeader header, Stream? stream, long dataAt, ReadOnlySpan<byte> ahead)
    {
        if (header.Coding is not (WavCoding.Int24In32 or WavCoding.Int32))
            return header;
        var look = new WavAlignment { _isBigEndian = header.IsBigEndian };
        var isWhole = stream is not null && look.AddAll(stream, dataAt, header.DataSize ?? long.MaxValue);
        if (stream is null)
            look.Add(ahead);
        if (header.ValidBits < 24 && look.FitsInLower(header.ValidBits))
            return header with { Coding = WavCoding.Int32, Shift = sizeof(int) * 8 - header.ValidBits };
        if (header.Coding == WavCoding.Int24In32)
            return header with { Coding = look.IsUpper() ? WavCoding.Int32 : WavCoding.Int24In32 };
        if (isWhole && look.IsLowerOf32(Limit16))
            return header with { Shift = 16 };
        return isWhole && look.IsLowerOf32(Limit) ? header with { Coding = WavCoding.Int24In32 } : header;
    }

    // Left-justified, the bits below those that are used would be 0.
    private readonly bool FitsInLower(int bits) =>
        _reaching == 0 && _peak > 0 && _peak <= 1 << (bits - 1) && (_bits & ((1 << (sizeof(int) * 8 - bits)) - 1)) != 0;

    // What reaches beyond 24 bits is in the upper bytes, unless the lowest has something too: then the uppermost is junk.
    private readonly bool IsUpper() => _lowestBytes == 0 && (_reaching > 0 || (_secondBytes == 0 && _peak > 0));

    // Nothing of the sound reaches beyond the limit of the lower bits, and it is no soft noise.
    private readonly bool IsLowerOf32(int limit)
    {
        if (_samples == 0 || _reaching > 0 || _peak < limit / LeastPart || _peak > limit)
            return false;
        var crest = _peak / Math.Sqrt(_energy / _samples);
        return _peak >= limit / 2 || crest is < LeastNoiseCrest or > MostNoiseCrest;
    }

    private bool AddAll(Stream stream, long dataAt, long size)
    {
        var position = stream.Position;
        stream.Position = dataAt;
        var buffer = new byte[64 * 1024];
        var left = Math.Min(size, MaxLook);
        int count;
        while (left > 0 && (count = stream.ReadAtLeast(
            buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)),
            (int)Math.Min(buffer.Length, left),
            throwOnEndOfStream: false)) > 0)
        {
            Add(buffer.AsSpan(0, count));
            left -= count;
        }

        stream.Position = position;
        return true;
    }

    private void Add(ReadOnlySpan<byte> samples)
    {
        for (; samples.Length >= sizeof(int); samples = samples[sizeof(int)..])
        {
            var value = _isBigEndian
                ? BinaryPrimitives.ReadInt32BigEndian(samples)
                : BinaryPrimitives.ReadInt32LittleEndian(samples);
            _samples++;
            _bits |= value;
            _lowestBytes += (byte)value == 0 ? 0 : 1;
            _secondBytes += (byte)(value >> 8) == 0 ? 0 : 1;
            if (value is < -Limit or >= Limit)
            {
                _reaching++;
                continue;
            }

            _peak = Math.Max(_peak, Math.Abs(value));
            _energy += (double)value * value;
        }
    }
}
