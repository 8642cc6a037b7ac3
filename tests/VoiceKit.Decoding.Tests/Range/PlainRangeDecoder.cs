namespace VoiceKit.Decoding.Tests.Range;

/// <summary>The range decoder as RFC 6716 §4.1 writes it down: byte by byte, with branches.</summary>
internal sealed class PlainRangeDecoder
{
    private byte[] _frame;
    private int _offset;
    private int _remainder;
    private long _range = 128;
    private long _value;
    private int _bits = 9;
    private int _rawBits;

    public PlainRangeDecoder(byte[] frame)
    {
        _frame = frame;
        _remainder = NextByte();
        _value = 127 - (_remainder >> 1);
        Normalize();
    }

    public uint Range => (uint)_range;

    public int Tell => _bits + _rawBits - Length(_range);

    public uint Decode(uint total)
    {
        var scale = _range / total;
        return total - (uint)Math.Min(_value / scale + 1, total);
    }

    public void Update(uint low, uint high, uint total)
    {
        var scale = _range / total;
        _value -= scale * (total - high);
        _range = low > 0 ? scale * (high - low) : _range - scale * (total - high);
        Normalize();
    }

    public int DecodeSymbol(ReadOnlySpan<byte> inverseCumulative, int bits)
    {
        var total = 1u << bits;
        var target = Decode(total);
        var symbol = 0;
        while (target >= total - inverseCumulative[symbol])
            symbol++;
        Update(symbol == 0 ? 0 : total - inverseCumulative[symbol - 1], total - inverseCumulative[symbol], total);
        return symbol;
    }

    public uint DecodeRaw(int count)
    {
        var value = 0u;
        for (var i = 0; i < count; i++)
        {
            var at = _frame.Length - 1 - _rawBits / 8;
            var bit = at >= 0 ? _frame[at] >> _rawBits % 8 & 1 : 0;
            value |= (uint)bit << i;
            _rawBits++;
        }

        return value;
    }

    public void Shrink(int length) => _frame = _frame[..length];

    private static int Length(long value) => 64 - (int)long.LeadingZeroCount(value);

    private void Normalize()
    {
        while (_range <= 1 << 23)
        {
            _bits += 8;
            _range <<= 8;
            var before = _remainder;
            _remainder = NextByte();
            var symbol = (before << 8 | _remainder) >> 1 & 255;
            _value = (_value << 8) + (255 - symbol) & 0x7FFFFFFF;
        }
    }

    private int NextByte() => _offset < _frame.Length ? _frame[_offset++] : 0;
}
