using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace VoiceKit.Opus.Decoding.Range;

/// <summary>
/// The entropy decoder of one Opus frame (RFC 6716 §4.1). Range-coded symbols are read from the front of the frame, raw bits
/// from its end. Reading past the end gives zeros, as §4.1.2.1 and §4.1.4 ask, so no frame can make it fail.
/// </summary>
internal ref struct RangeDecoder
{
    private const int CodeBits = 32;
    private const int SymbolBits = 8;

    /// <summary>The bits of the value; the range is at most two to their power.</summary>
    private const int ValueBits = CodeBits - 1;

    private const int WindowBits = 32;

    /// <summary>The most bits of an unsigned integer that are range-coded; the rest are raw (RFC 6716 §4.1.5).</summary>
    private const int UniformBits = 8;

    /// <summary>The resolution of <see cref="TellFraction"/>: an eighth of a bit.</summary>
    public const int FractionBits = 3;

    private ReadOnlySpan<byte> _frame;
    private int _offset;
    private int _endOffset;
    private uint _endWindow;
    private int _endBits;
    private int _rawBits;
    private uint _range;
    private uint _scale;

    /// <summary>
    /// The value of RFC 6716 §4.1.2 in the upper 32 bits, and below it, inverted, the bits that it will take on. What is compared
    /// with the value and subtracted from it leaves those alone.
    /// </summary>
    private ulong _window;

    /// <summary>
    /// The bits in the window below the value: one of the byte of which the value has the others, and those of whole bytes.
    /// </summary>
    private int _ahead;

    /// <summary>Begins a frame (RFC 6716 §4.1.1).</summary>
    /// <param name="frame">The compressed bytes of one frame; may be empty.</param>
    public RangeDecoder(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        _range = 1u << ValueBits;
        _ahead = -ValueBits;
        _window = Refill();
    }

    /// <summary>
    /// The range after the last symbol, which encoder and decoder agree on (the "final range" of test vectors).
    /// </summary>
    public readonly uint FinalRange => _range;

    /// <summary>Bytes of the frame that belong to this decoder.</summary>
    public readonly int Length => _frame.Length;

    /// <summary>True once a value was read that no encoder writes.</summary>
    public bool HasError { get; private set; }

    /// <summary>Whole bits used so far, rounded up (RFC 6716 §4.1.6.1).</summary>
    public readonly int Tell() => TotalBits - Log2Ceiling(_range);

    /// <summary>Bits used so far in eighths of a bit, rounded up (RFC 6716 §4.1.6.2).</summary>
    public readonly uint TellFraction()
    {
        // The first bits of the range tell its logarithm to an eighth but for one step, which a comparison tells.
        var length = Log2Ceiling(_range);
        var mantissa = _range >> (length - 16);
        var eighths = (int)(mantissa >> 12) - 8;
        if (mantissa > EighthPowers[eighths])
            eighths++;
        return (uint)((TotalBits << FractionBits) - (length << FractionBits) - eighths);
    }

    /// <summary>The cumulative frequency of the next symbol (RFC 6716 §4.1.2); <see cref="Update"/> has to follow.</summary>
    /// <param name="total">The sum of all frequencies, from 1 to 2^16.</param>
    public uint Decode(uint total)
    {
        _scale = _range / total;
        var symbol = Value / _scale;
        return total - Math.Min(symbol + 1, total);
    }

    /// <summary>The same as <see cref="Decode"/> for a total of 2^<paramref name="bits"/>.</summary>
    public uint DecodeBinary(int bits)
    {
        _scale = _range >> bits;
        var symbol = Value / _scale;
        return (1u << bits) - Math.Min(symbol + 1, 1u << bits);
    }

    /// <summary>Takes the symbol whose frequencies are [low, high) of total out of the range (RFC 6716 §4.1.2).</summary>
    public void Update(uint low, uint high, uint total)
    {
        var scaled = _scale * (total - high);
        Normalize(_window - InWindow(scaled), low > 0 ? _scale * (high - low) : _range - scaled);
    }

    /// <summary>A bit that is 1 with the probability 2^-<paramref name="logP"/> (RFC 6716 §4.1.3.2).</summary>
    public bool DecodeBit(int logP) => DecodeBelow(_range >> logP) != 0;

    /// <summary>A symbol by a table of inverse cumulative frequencies that ends in 0 (RFC 6716 §4.1.3.3).</summary>
    /// <param name="inverseCumulative">256 (or 2^<paramref name="bits"/>) less the cumulative frequency of each symbol.</param>
    /// <param name="bits">The logarithm of the sum of all frequencies.</param>
    public int DecodeSymbol(ReadOnlySpan<byte> inverseCumulative, int bits = 8)
    {
        var scale = _range >> bits;
        var value = Value;
        var high = _range;
        var symbol = 0;
        var low = scale * inverseCumulative[0];
        while (value < low)
        {
            high = low;
            symbol++;
            low = scale * inverseCumulative[symbol];
        }

        Normalize(_window - InWindow(low), high - low);
        return symbol;
    }

    /// <summary>A symbol of two, of which the second has the probability <paramref name="second"/>/256.</summary>
    /// <returns>Whether it is the second.</returns>
    public bool DecodeFlag(int second) => DecodeBelow((_range >> 8) * (uint)second) != 0;

    /// <summary>Symbols of two, of which the second has the probability <paramref name="second"/>/256.</summary>
    /// <param name="places">For which places there is one, from the lowest bit on.</param>
    /// <param name="second">From 1 to 255.</param>
    /// <returns>The places that have the second.</returns>
    public uint DecodeFlags(uint places, int second)
    {
        var (window, range) = (_window, _range);
        var seconds = 0u;
        for (; places != 0; places &= places - 1)
            seconds |= places & (0 - places) & DecodeBelow((range >> 8) * (uint)second, ref window, ref range);
        (_window, _range) = (window, range);
        return seconds;
    }

    /// <summary>Symbols of two, each of which has a probability of its own.</summary>
    /// <param name="seconds">The probability of the second of each, of 256.</param>
    /// <returns>A number of as many bits, the first one the highest: those that are set have the second.</returns>
    public int DecodeFlags(ReadOnlySpan<byte> seconds)
    {
        var (window, range) = (_window, _range);
        var bits = 0;
        foreach (var second in seconds)
            bits = 2 * bits - (int)DecodeBelow((range >> 8) * second, ref window, ref range);
        (_window, _range) = (window, range);
        return bits;
    }

    /// <summary>An integer that is equally likely anywhere in [0, <paramref name="total"/>) (RFC 6716 §4.1.5).</summary>
    /// <param name="total">From 2 to 2^32 - 1.</param>
    public uint DecodeUniform(uint total)
    {
        var last = total - 1;
        var length = Log2Ceiling(last);
        if (length <= UniformBits)
        {
            var small = Decode(total);
            Update(small, small + 1, total);
            return small;
        }

        var rawBits = length - UniformBits;
        var parts = (last >> rawBits) + 1;
        var high = Decode(parts);
        Update(high, high + 1, parts);
        var value = high << rawBits | DecodeRaw(rawBits);
        if (value <= last)
        {
            return value;
        }

        HasError = true;
        return last;
    }

    /// <summary>Raw bits from the end of the frame (RFC 6716 §4.1.4).</summary>
    /// <param name="count">From 0 to 25.</param>
    public uint DecodeRaw(int count)
    {
        while (_endBits < count)
        {
            _endWindow |= ReadBack() << _endBits;
            _endBits += SymbolBits;
            if (_endBits > WindowBits - SymbolBits)
            {
                break;
            }
        }

        var value = _endWindow & (1u << count) - 1;
        _endWindow >>= count;
        _endBits -= count;
        _rawBits += count;
        return value;
    }

    /// <summary>Leaves the last bytes of the frame to something else: the redundant frame of RFC 6716 §4.5.1.</summary>
    /// <param name="length">The bytes that are kept, at most <see cref="Length"/>.</param>
    public void Shrink(int length)
    {
        // What is ahead is read again. What was of those bytes is zero then: inverted, all bits are set over it.
        _offset -= _ahead / SymbolBits;
        _ahead %= SymbolBits;
        _frame = _frame[..length];
    }

    // 2^(15 + i/8) for i from 1 to 8, rounded down.
    private static ReadOnlySpan<ushort> EighthPowers => [35733, 38967, 42495, 46340, 50535, 55109, 60097, 65535];

    private readonly uint Value => (uint)(_window >> CodeBits);

    /// <summary>Bits read so far, of which the range has not used all.</summary>
    private readonly int TotalBits => _offset * SymbolBits - _ahead + CodeBits - ValueBits + 1 + _rawBits;

    private static int Log2Ceiling(uint value) => CodeBits - BitOperations.LeadingZeroCount(value);

    private static ulong InWindow(uint value) => (ulong)value << CodeBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint DecodeBelow(uint scaled)
    {
        var (window, range) = (_window, _range);
        var isBelow = DecodeBelow(scaled, ref window, ref range);
        (_window, _range) = (window, range);
        return isBelow;
    }

    /// <summary>
    /// A symbol of two: all bits where the value is below <paramref name="scaled"/>, or none. Nothing foretells it, so there is
    /// no branch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint DecodeBelow(uint scaled, scoped ref ulong window, scoped ref uint range)
    {
        var above = range - scaled;
        var rest = window - InWindow(scaled);
        var isBelow = (ulong)((long)rest >> 63);
        window = rest + (InWindow(scaled) & isBelow);
        range = above ^ ((above ^ scaled) & (uint)isBelow);
        Normalize(ref window, ref range);
        return (uint)isBelow;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Normalize(ulong window, uint range)
    {
        Normalize(ref window, ref range);
        (_window, _range) = (window, range);
    }

    /// <summary>Makes the range larger than 2^23 by whole bytes (RFC 6716 §4.1.2.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Normalize(scoped ref ulong window, scoped ref uint range)
    {
        var shift = ValueBits - 1 - BitOperations.Log2(range - 1) & -SymbolBits;
        range <<= shift;
        window <<= shift;
        _ahead -= shift;
        if (_ahead < 0)
            window |= Refill();
    }

    /// <summary>Reads bytes ahead, where the value lacks some.</summary>
    /// <returns>What is to be added to the window.</returns>
    private ulong Refill()
    {
        var shift = -_ahead;
        if (_frame.Length - _offset >= sizeof(uint))
        {
            var bytes = ~BinaryPrimitives.ReadUInt32BigEndian(_frame[_offset..]);
            _offset += sizeof(uint);
            _ahead += CodeBits;
            return (ulong)bytes << shift;
        }

        var window = 0ul;
        for (; _ahead < 0; _ahead += SymbolBits)
        {
            var symbol = _offset < _frame.Length ? _frame[_offset] : 0;
            window |= (ulong)(byte)~symbol << CodeBits - SymbolBits - _ahead;
            _offset++;
        }

        return window;
    }

    private uint ReadBack() => _endOffset < _frame.Length ? _frame[_frame.Length - ++_endOffset] : 0u;
}
