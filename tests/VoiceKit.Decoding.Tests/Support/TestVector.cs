using System.Buffers.Binary;
using System.Globalization;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>A test vector of RFC 6716: packets, each with the final range that a decoder must come to.</summary>
internal sealed class TestVector
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Vectors");

    private TestVector(IReadOnlyList<(byte[] Data, uint FinalRange)> packets) => Packets = packets;

    public static IEnumerable<int> Numbers =>
        Directory.EnumerateFiles(Folder, "testvector*.bit")
            .Select(path => Path.GetFileNameWithoutExtension(path)["testvector".Length..])
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture))
            .Order();

    public IReadOnlyList<(byte[] Data, uint FinalRange)> Packets { get; }

    public static TestVector Load(int number)
    {
        var file = File.ReadAllBytes(Path.Combine(Folder, $"testvector{number:D2}.bit")).AsSpan();
        var packets = new List<(byte[], uint)>();
        while (!file.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(file);
            packets.Add((file.Slice(8, length).ToArray(), BinaryPrimitives.ReadUInt32BigEndian(file[4..])));
            file = file[(8 + length)..];
        }

        return new TestVector(packets);
    }
}
