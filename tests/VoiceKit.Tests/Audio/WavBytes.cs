using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Tests.Audio;

/// <summary>Builds WAV bytes field by field, right by default and wrong where a test says so.</summary>
internal sealed class WavBytes
{
    public static readonly byte[] PcmGuid = Guid.Parse("00000001-0000-0010-8000-00AA00389B71").ToByteArray();

    public string Riff { get; init; } = "RIFF";
    public string Form { get; init; } = "WAVE";
    public uint? RiffSize { get; init; }
    public ushort Tag { get; init; } = 1;
    public ushort Channels { get; init; } = 1;
    public uint Rate { get; init; } = 8000;
    public ushort Bits { get; init; } = 16;
    public ushort? BlockAlign { get; init; }
    public uint? FmtSize { get; init; }
    public byte[] FmtTail { get; init; } = [];
    public byte[] BeforeFmt { get; init; } = [];
    public byte[] BeforeData { get; init; } = [];
    public byte[] AfterData { get; init; } = [];
    public bool HasFmt { get; init; } = true;
    public bool HasData { get; init; } = true;
    public bool HasPadding { get; init; } = true;
    public byte[] Data { get; init; } = [1, 0, 2, 0, 3, 0];
    public uint? DataSize { get; init; }

    /// <summary>What follows an extensible fmt chunk's first 16 bytes.</summary>
    public static byte[] ExtensibleTail(ushort validBits, byte[] guid)
    {
        byte[] tail = [22, 0, (byte)validBits, (byte)(validBits >> 8), 0, 0, 0, 0, .. guid];
        return tail;
    }

    public static byte[] Chunk(string id, byte[] body, bool padded = true)
    {
        byte[] padding = padded && body.Length % 2 != 0 ? [0] : [];
        return [.. Encoding.ASCII.GetBytes(id), .. Bytes((uint)body.Length), .. body, .. padding];
    }

    public static byte[] Ds64(ulong riffSize, ulong dataSize, ulong frames)
    {
        var body = new byte[28];
        BinaryPrimitives.WriteUInt64LittleEndian(body, riffSize);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(8), dataSize);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(16), frames);
        return Chunk("ds64", body);
    }

    public byte[] Build()
    {
        byte[] fmt = HasFmt ? BuildFmt() : [];
        byte[] data = HasData ? Chunk("data", Data, HasPadding) : [];
        if (DataSize is { } size)
            BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), size);
        byte[] body = [.. Encoding.ASCII.GetBytes(Form), .. BeforeFmt, .. fmt, .. BeforeData, .. data, .. AfterData];
        return [.. Encoding.ASCII.GetBytes(Riff), .. Bytes(RiffSize ?? (uint)body.Length), .. body];
    }

    private byte[] BuildFmt()
    {
        int align = BlockAlign ?? Channels * ((Bits + 7) / 8);
        byte[] body =
        [
            .. Bytes(Tag), .. Bytes(Channels), .. Bytes(Rate), .. Bytes(Rate * (uint)align),
            .. Bytes((ushort)align), .. Bytes(Bits), .. FmtTail,
        ];
        byte[] chunk = Chunk("fmt ", body);
        if (FmtSize is { } size)
            BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(4), size);
        return chunk;
    }

    private static byte[] Bytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(ushort value) => [(byte)value, (byte)(value >> 8)];
}
