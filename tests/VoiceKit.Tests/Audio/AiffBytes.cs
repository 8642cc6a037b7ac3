using System.Buffers.Binary;
using System.Text;

namespace VoiceKit.Tests.Audio;

/// <summary>Builds AIFF bytes field by field, right by default and wrong where a test says so.</summary>
internal sealed class AiffBytes
{
    /// <summary>44,100 Hz as 80 bits.</summary>
    public static readonly byte[] Rate44100 = [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0];

    public string Form { get; init; } = "AIFF";
    public uint? FormSize { get; init; }
    public short Channels { get; init; } = 1;
    public short Bits { get; init; } = 16;
    public uint? Frames { get; init; }
    public byte[] Rate { get; init; } = Rate44100;
    public string Compression { get; init; } = "NONE";
    public byte[] BeforeCommon { get; init; } = [];
    public byte[] BetweenChunks { get; init; } = [];
    public byte[] AfterSound { get; init; } = [];
    public uint SoundOffset { get; init; }
    public uint? SoundSize { get; init; }
    public bool SoundFirst { get; init; }
    public byte[] Data { get; init; } = [0, 1, 0x7F, 0xFF, 0x80, 0];

    public static byte[] Chunk(string id, byte[] body, bool isPadded = true)
    {
        byte[] padding = isPadded && body.Length % 2 != 0 ? [0] : [];
        return [.. Encoding.Latin1.GetBytes(id), .. Bytes((uint)body.Length), .. body, .. padding];
    }

    public byte[] Build()
    {
        var frames = Frames ?? (uint)(Data.Length / Math.Max(1, Channels * ((Bits + 7) / 8)));
        byte[] tail = Form == "AIFC" ? [.. Encoding.Latin1.GetBytes(Compression), 0, 0] : [];
        var common = Chunk("COMM", [.. Bytes(Channels), .. Bytes(frames), .. Bytes(Bits), .. Rate, .. tail]);
        var sound = Chunk("SSND", [.. Bytes(SoundOffset), 0, 0, 0, 0, .. new byte[SoundOffset < 100 ? SoundOffset : 0], .. Data]);
        if (SoundSize is { } size)
            BinaryPrimitives.WriteUInt32BigEndian(sound.AsSpan(4), size);
        byte[] chunks = SoundFirst ? [.. sound, .. BetweenChunks, .. common] : [.. common, .. BetweenChunks, .. sound];
        byte[] body = [.. Encoding.Latin1.GetBytes(Form), .. BeforeCommon, .. chunks, .. AfterSound];
        return [.. "FORM"u8, .. Bytes(FormSize ?? (uint)body.Length), .. body];
    }

    private static byte[] Bytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(short value) => [(byte)(value >> 8), (byte)value];
}
