using System.Buffers.Binary;
using System.IO.Compression;
using VoiceKit.IO;

namespace VoiceKit.Waveforms;

/// <summary>
/// Writes a PNG of 8-bit RGBA (PNG specification, third edition): the rows as they come, filtered by the row above.
/// </summary>
internal sealed class PngWriter : IDisposable
{
    private const byte Rgba = 6;
    private const byte FilterUp = 2;

    private readonly Stream _file;
    private readonly MemoryStream _compressed = new();
    private readonly ZLibStream _zlib;
    private readonly byte[] _above;
    private readonly byte[] _filtered;

    public PngWriter(Stream file, int width, int height)
    {
        _file = file;
        // The next level looks ten times as long at the rows of zeros, to save ten bytes.
        _zlib = new ZLibStream(_compressed, CompressionLevel.Optimal, leaveOpen: true);
        _above = new byte[4 * width];
        _filtered = new byte[1 + 4 * width];
        _filtered[0] = FilterUp;

        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = Rgba;
        WriteChunk("IHDR"u8, header);
    }

    public void WriteRow(ReadOnlySpan<byte> row)
    {
        for (var i = 0; i < row.Length; i++)
            _filtered[1 + i] = (byte)(row[i] - _above[i]);
        row.CopyTo(_above);
        _zlib.Write(_filtered);
    }

    public void Dispose()
    {
        _zlib.Dispose();
        WriteChunk("IDAT"u8, _compressed.GetBuffer().AsSpan(0, (int)_compressed.Length));
        WriteChunk("IEND"u8, []);
        _compressed.Dispose();
    }

    private void WriteChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        _file.Write(number);
        _file.Write(type);
        _file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Of(type), data));
        _file.Write(number);
    }
}
