namespace VoiceKit.Conformance;

/// <summary>Tells whether text that comes in pieces is UTF-8 (RFC 3629 §4).</summary>
internal struct OggOpusCheckUtf8
{
    // How many continuation bytes are to come, and what the next of them may be.
    private int _expected;
    private byte _low;
    private byte _high;

    /// <summary>The index of the first byte that cannot be, or −1.</summary>
    /// <param name="text">The next piece.</param>
    /// <param name="isEnd">Whether the text ends with it; it may not end within a character.</param>
    public int FindFault(ReadOnlySpan<byte> text, bool isEnd)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!(_expected > 0 ? GoesOn(text[i]) : Begins(text[i])))
            {
                _expected = 0;
                return i;
            }
        }

        return isEnd && _expected > 0 ? text.Length : -1;
    }

    private bool GoesOn(byte value)
    {
        if (value < _low || value > _high)
            return false;
        (_low, _high) = (0x80, 0xBF);
        _expected--;
        return true;
    }

    // Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte.
    private bool Begins(byte value)
    {
        _low = value switch { 0xE0 => 0xA0, 0xF0 => 0x90, _ => 0x80 };
        _high = value switch { 0xED => 0x9F, 0xF4 => 0x8F, _ => 0xBF };
        _expected = value switch
        {
            < 0x80 => 0,
            >= 0xC2 and < 0xE0 => 1,
            >= 0xE0 and < 0xF0 => 2,
            >= 0xF0 and < 0xF5 => 3,
            _ => -1,
        };
        return _expected >= 0;
    }
}
