using System.Buffers.Binary;

namespace VoiceKit.Fuzz;

internal static partial class Seeds
{
    /// <summary>
    /// Packets of test vectors of RFC 6716, some in a row, each behind its size in two bytes; one byte before all.
    /// </summary>
    public static IEnumerable<byte[]> PacketRows(int count)
    {
        foreach (var name in new[] { "testvector02.bit", "testvector05.bit", "testvector08.bit", "testvector09.bit" })
        {
            var packets = ReadVector(name).ToList();
            for (var i = 0; i < 10; i++)
            {
                var row = new List<byte> { (byte)(i * 37) };
                foreach (var packet in packets.Skip(packets.Count * i / 10).Take(count))
                    row.AddRange([(byte)(packet.Length >> 8), (byte)packet.Length, .. packet]);
                yield return [.. row];
            }
        }
    }

    private static IEnumerable<byte[]> ReadVector(string name)
    {
        using var stream = typeof(Seeds).Assembly.GetManifestResourceStream(name)!;
        var header = new byte[8];
        while (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            var packet = new byte[BinaryPrimitives.ReadUInt32BigEndian(header)];
            stream.ReadExactly(packet);
            yield return packet;
        }
    }
}
