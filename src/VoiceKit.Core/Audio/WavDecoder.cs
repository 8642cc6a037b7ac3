using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>Turns a WAV file's samples into floats: full scale of every integer format is 1.</summary>
internal static class WavDecoder
{
    private static readonly float[] s_aLaw = BuildTable(ExpandALaw);
    private static readonly float[] s_muLaw = BuildTable(ExpandMuLaw);

    /// <summary>Converts samples as a header has them.</summary>
    public static void Decode(WavHeader header, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (header.IsBigEndian)
        {
            DecodeTurned(header, source, destination);
            return;
        }

        if (header.Shift == 0)
        {
            Decode(header.Coding, source, destination);
            return;
        }

        for (int i = 0; i < destination.Length; i++)
            destination[i] = (BinaryPrimitives.ReadInt32LittleEndian(source[(i * 4)..]) << header.Shift) / 2147483648f;
    }

    /// <summary>Converts as many samples as the destination holds.</summary>
    public static void Decode(WavCoding coding, ReadOnlySpan<byte> source, Span<float> destination)
    {
        source = source[..(destination.Length * coding.BytesPerSample())];
        switch (coding)
        {
            case WavCoding.UInt8:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (source[i] - 128) / 128f;
                break;
            case WavCoding.Int16:
                DecodeInt16(source, destination);
                break;
            case WavCoding.Int24:
                DecodeInt24(source, destination);
                break;
            case WavCoding.Int24In32:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (BinaryPrimitives.ReadInt32LittleEndian(source[(i * 4)..]) << 8) / 2147483648f;
                break;
            case WavCoding.Int32:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = BinaryPrimitives.ReadInt32LittleEndian(source[(i * 4)..]) / 2147483648f;
                break;
            case WavCoding.Float32:
                DecodeFloat32(source, destination);
                break;
            case WavCoding.Float64:
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(i * 8)..]);
                break;
            default:
                float[] table = coding == WavCoding.ALaw ? s_aLaw : s_muLaw;
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = table[source[i]];
                break;
        }
    }

    private static void DecodeTurned(WavHeader header, ReadOnlySpan<byte> source, Span<float> destination)
    {
        byte[] turned = ArrayPool<byte>.Shared.Rent(source.Length);
        try
        {
            source.CopyTo(turned);
            int size = header.Coding.BytesPerSample();
            for (int at = 0; size > 1 && at < source.Length; at += size)
                turned.AsSpan(at, size).Reverse();
            Decode(header with { IsBigEndian = false }, turned.AsSpan(0, source.Length), destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(turned);
        }
    }

    private static void DecodeInt24(ReadOnlySpan<byte> source, Span<float> destination)
    {
        foreach (ref float sample in destination)
        {
            sample = ((source[0] << 8 | source[1] << 16 | source[2] << 24) >> 8) / 8388608f;
            source = source[3..];
        }
    }

    private static void DecodeInt16(ReadOnlySpan<byte> source, Span<float> destination)
    {
        int done = 0;
        if (BitConverter.IsLittleEndian)
        {
            ReadOnlySpan<short> samples = MemoryMarshal.Cast<byte, short>(source);
            for (; done <= destination.Length - Vector<short>.Count; done += Vector<short>.Count)
            {
                Vector.Widen(new Vector<short>(samples[done..]), out Vector<int> low, out Vector<int> high);
                (Vector.ConvertToSingle(low) * (1 / 32768f)).CopyTo(destination[done..]);
                (Vector.ConvertToSingle(high) * (1 / 32768f)).CopyTo(destination[(done + Vector<int>.Count)..]);
            }
        }
        for (; done < destination.Length; done++)
            destination[done] = BinaryPrimitives.ReadInt16LittleEndian(source[(done * 2)..]) / 32768f;
    }

    private static void DecodeFloat32(ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }
        for (int i = 0; i < destination.Length; i++)
            destination[i] = BinaryPrimitives.ReadSingleLittleEndian(source[(i * 4)..]);
    }

    private static float[] BuildTable(Func<int, int> expand)
    {
        var table = new float[256];
        for (int code = 0; code < table.Length; code++)
            table[code] = expand(code) / 32768f;
        return table;
    }

    // ITU-T G.711, table 1: even bits inverted, sign, three bits of segment, four of interval; 13 bits brought to 16.
    private static int ExpandALaw(int code)
    {
        code ^= 0x55;
        int segment = code >> 4 & 7;
        int interval = (code & 0x0F) << 4;
        int magnitude = segment == 0 ? interval + 8 : interval + 0x108 << segment - 1;
        return (code & 0x80) != 0 ? magnitude : -magnitude;
    }

    // ITU-T G.711, table 2: all bits inverted, a bias of 33 in 14 bits; brought to 16.
    private static int ExpandMuLaw(int code)
    {
        code = ~code;
        int magnitude = (((code & 0x0F) << 3) + 0x84 << (code >> 4 & 7)) - 0x84;
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }
}
