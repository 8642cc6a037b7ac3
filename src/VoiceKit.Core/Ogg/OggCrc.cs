using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VoiceKit.Ogg;

/// <summary>
/// The checksum of an Ogg page (RFC 3533 §6): a CRC-32 of polynomial 0x04C11DB7, not reflected, starting at 0, not inverted.
/// </summary>
internal static class OggCrc
{
    private const uint Polynomial = 0x04C11DB7;
    private const int Slices = 16;
    private const int Block = 16;
    private const int Blocks = 4;

    // The sixteen tables, one behind the other. Table k holds the effect of a byte that k further bytes follow, so that sixteen
    // bytes are folded in at once.
    private static readonly uint[] Tables = MakeTables();

    // What carries 128 bits over one block, and over four.
    private static readonly Vector128<ulong> OverOne = MakeFactors(Block);
    private static readonly Vector128<ulong> OverFour = MakeFactors(Blocks * Block);

    /// <summary>Whether <see cref="UpdateByFolding"/> can be called.</summary>
    public static bool CanFold => Pclmulqdq.IsSupported;

    /// <summary>Continues a checksum over more bytes.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> data) =>
        CanFold && data.Length >= Blocks * Block ? UpdateByFolding(crc, data) : UpdateByTables(crc, data);

    /// <summary>The same everywhere, sixteen bytes at a time.</summary>
    public static uint UpdateByTables(uint crc, ReadOnlySpan<byte> data)
    {
        ref var tables = ref MemoryMarshal.GetArrayDataReference(Tables);
        while (data.Length >= Slices)
        {
            var a = crc ^ BinaryPrimitives.ReadUInt32BigEndian(data);
            var b = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
            var c = BinaryPrimitives.ReadUInt32BigEndian(data[8..]);
            var d = BinaryPrimitives.ReadUInt32BigEndian(data[12..]);
            crc = LookUp(ref tables, 12, a) ^ LookUp(ref tables, 8, b) ^ LookUp(ref tables, 4, c) ^ LookUp(ref tables, 0, d);
            data = data[Slices..];
        }

        foreach (var value in data)
            crc = (crc << 8) ^ Unsafe.Add(ref tables, (crc >> 24) ^ value);
        return crc;
    }

    /// <summary>
    /// By carry-less multiplication, 64 bytes at a time. The bytes are the coefficients of a polynomial; what stands n bits ahead
    /// of the next block is replaced by something congruent, its product with x^n mod P, which is short enough to be added there.
    /// </summary>
    /// <param name="crc">The checksum so far.</param>
    /// <param name="data">64 bytes or more.</param>
    public static uint UpdateByFolding(uint crc, ReadOnlySpan<byte> data)
    {
        var first = Load(data, 0) ^ Vector128.Create(0, (ulong)crc << 32);
        var second = Load(data, 1);
        var third = Load(data, 2);
        var fourth = Load(data, 3);
        data = data[(Blocks * Block)..];
        while (data.Length >= Blocks * Block)
        {
            first = Carry(first, OverFour) ^ Load(data, 0);
            second = Carry(second, OverFour) ^ Load(data, 1);
            third = Carry(third, OverFour) ^ Load(data, 2);
            fourth = Carry(fourth, OverFour) ^ Load(data, 3);
            data = data[(Blocks * Block)..];
        }

        var sum = Carry(Carry(Carry(first, OverOne) ^ second, OverOne) ^ third, OverOne) ^ fourth;
        while (data.Length >= Block)
        {
            sum = Carry(sum, OverOne) ^ Load(data, 0);
            data = data[Block..];
        }

        // The checksum of the 16 bytes left is that of all bytes before them.
        Span<byte> rest = stackalloc byte[Block];
        BinaryPrimitives.WriteUInt64BigEndian(rest, sum[1]);
        BinaryPrimitives.WriteUInt64BigEndian(rest[sizeof(ulong)..], sum[0]);
        return UpdateByTables(UpdateByTables(0, rest), data);
    }

    // The first byte is the most significant one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> data, int block) => Vector128.Shuffle(
        Vector128.Create(data.Slice(block * Block, Block)),
        Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Carry(Vector128<ulong> block, Vector128<ulong> factors) =>
        Pclmulqdq.CarrylessMultiply(block, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, factors, 0x11);

    // The effect of four bytes that lie so many tables ahead.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint LookUp(ref uint tables, nuint ahead, uint bytes)
    {
        ref var table = ref Unsafe.Add(ref tables, ahead * 256);
        return Unsafe.Add(ref table, 3 * 256 + (nuint)(bytes >> 24)) ^ Unsafe.Add(ref table, 2 * 256 + (nuint)(byte)(bytes >> 16))
            ^ Unsafe.Add(ref table, 256 + (nuint)(byte)(bytes >> 8)) ^ Unsafe.Add(ref table, (nuint)(byte)bytes);
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = TimesX(crc);
            tables[value] = crc;
        }

        for (var at = 256; at < tables.Length; at++)
        {
            var previous = tables[at - 256];
            tables[at] = (previous << 8) ^ tables[previous >> 24];
        }

        return tables;
    }

    // For the lower 64 bits of a block, and for the upper ones, which are 64 bits further ahead.
    private static Vector128<ulong> MakeFactors(int bytes) => Vector128.Create(PowerOfX(bytes * 8), PowerOfX(bytes * 8 + 64));

    /// <summary>x^exponent mod P, for an exponent of 32 or more.</summary>
    private static ulong PowerOfX(int exponent)
    {
        var power = Polynomial;
        for (var i = 32; i < exponent; i++)
            power = TimesX(power);
        return power;
    }

    private static uint TimesX(uint polynomial) =>
        (polynomial & 0x8000_0000) != 0 ? (polynomial << 1) ^ Polynomial : polynomial << 1;
}
