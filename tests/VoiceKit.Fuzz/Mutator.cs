using System.Buffers.Binary;
using System.Text;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz;

/// <summary>
/// Makes broken inputs of whole ones, always the same for one name, seed and index. It knows where formats keep what a parser
/// believes: most changes strike near the words that begin a page, box, chunk or element, and numbers become ones that overflow.
/// </summary>
internal sealed class Mutator(string name, int seed, IReadOnlyList<byte[]> seeds)
{
    private const int MaxSize = 1 << 18;

    // A large seed takes as long as tens of small ones, and breaks in no more ways: it is taken less often.
    private const int LargeSize = 1 << 14;
    private const int LargeRarity = 8;

    private static readonly byte[] Bytes = [0, 1, 2, 3, 0x3F, 0x40, 0x7F, 0x80, 0x81, 0xC0, 0xFE, 0xFF];

    private static readonly ulong[] Numbers =
    [
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        27,
        255,
        256,
        959,
        960,
        961,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x1_0000,
        61_440,
        61_441,
        0xFF_FFFF,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFF8,
        0xFFFF_FFFF,
        0x1_0000_0000,
        long.MaxValue - 1,
        long.MaxValue,
        1UL << 63,
        ulong.MaxValue - 8,
        ulong.MaxValue,
    ];

    private static readonly byte[][] Words =
    [
        .. "OggS OpusHead OpusTags ftyp moov trak mdia stbl stsd stts stsc stsz stco co64 elst dOps moof traf tfhd tfdt trun trex mdat ilst udta caff desc pakt data info RIFF RF64 fmt ds64 WAVE FORM AIFC COMM SSND"
            .Split(' ').Select(Encoding.ASCII.GetBytes),
        [0x1A, 0x45, 0xDF, 0xA3],
        [0x18, 0x53, 0x80, 0x67],
        [0x16, 0x54, 0xAE, 0x6B],
        [0x1F, 0x43, 0xB6, 0x75],
        [0x15, 0x49, 0xA9, 0x66],
        "PK\u0001\u0002"u8.ToArray(),
        "PK\u0003\u0004"u8.ToArray(),
        "PK\u0005\u0006"u8.ToArray(),
        [0x12, 0x54, 0xC3, 0x67],
        [0x63, 0xA2],
        [0x75, 0xA2],
        [0xA3],
        [0xA0],
    ];

    private readonly int[][] _places = [.. seeds.Select(FindPlaces)];
    private Random _random = new(0);

    /// <summary>The input of an index.</summary>
    public byte[] Make(int index)
    {
        _random = new Random(Hash($"{name}:{seed}:{index}"));
        var chosen = _random.Next(seeds.Count);
        if (seeds[chosen].Length > LargeSize && _random.Next(LargeRarity) > 0)
            chosen = _random.Next(seeds.Count);
        var data = (byte[])seeds[chosen].Clone();
        var places = _places[chosen];
        for (var n = 1 + Math.Min(_random.Next(6), _random.Next(6)); n > 0; n--)
            data = Change(data, places);
        if (_random.Next(3) > 0)
            SealPages(data);
        return data;
    }

    /// <summary>Gives all Ogg pages whose size can be right their right checksums.</summary>
    public static void SealPages(byte[] data)
    {
        for (var at = 0; at + OggPage.HeaderSize < data.Length; at++)
        {
            var found = data.AsSpan(at).IndexOf(OggPage.CapturePattern);
            if (found < 0)
                return;
            at += found;
            if (at + OggPage.HeaderSize > data.Length)
                return;
            int segments = data[at + OggPage.SegmentCountAt];
            var size = OggPage.HeaderSize + segments;
            if (at + size > data.Length)
                continue;
            foreach (var value in data.AsSpan(at + OggPage.HeaderSize, segments))
                size += value;
            if (at + size > data.Length)
                continue;
            var page = data.AsSpan(at, size);
            BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.ChecksumAt..], OggPage.ComputeChecksum(page));
            at += size - 1;
        }
    }

    private byte[] Change(byte[] data, int[] places)
    {
        if (data.Length == 0)
            return [(byte)_random.Next(256)];
        var at = PickPlace(data, places);
        switch (_random.Next(14))
        {
            case 0:
                data[at] ^= (byte)(1 << _random.Next(8));
                return data;
            case 1:
                data[at] = Bytes[_random.Next(Bytes.Length)];
                return data;
            case 2:
                data[at] = (byte)_random.Next(256);
                return data;
            case 3 or 4 or 5:
                PutNumber(data.AsSpan(at));
                return data;
            case 6:
                return [.. data[..at], .. data[(at + PickSize(data.Length - at))..]];
            case 7:
                return Grow(data, at, data.AsSpan(at, PickSize(data.Length - at)).ToArray());
            case 8:
                return Grow(data, at, Junk());
            case 9:
                return data[..at];
            case 10:
                return Splice(data, at);
            case 11:
                return Swap(data, at);
            case 12:
                AddTo(data.AsSpan(at));
                return data;
            default:
                data.AsSpan(at, PickSize(data.Length - at)).Fill(Bytes[_random.Next(Bytes.Length)]);
                return data;
        }
    }

    private int PickPlace(byte[] data, int[] places)
    {
        var at = _random.Next(4) switch
        {
            0 => _random.Next(data.Length),
            1 => _random.Next(Math.Min(data.Length, 256)),
            _ when places.Length > 0 => places[_random.Next(places.Length)] + _random.Next(-8, 40),
            _ => _random.Next(data.Length),
        };
        return Math.Clamp(at, 0, data.Length - 1);
    }

    // Small pieces mostly, large ones now and then.
    private int PickSize(int max) => Math.Min(max, 1 + _random.Next(1 << _random.Next(1, 13)));

    private void PutNumber(Span<byte> data)
    {
        Span<byte> bytes = stackalloc byte[8];
        var number = Numbers[_random.Next(Numbers.Length)];
        var size = 1 << _random.Next(1, 4);
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
            bytes = bytes[(8 - size)..];
        }

        bytes = bytes[..Math.Min(size, data.Length)];
        bytes.CopyTo(data);
    }

    // A number that is only a little wrong.
    private void AddTo(Span<byte> data)
    {
        var delta = (byte)_random.Next(-4, 5);
        data[0] += delta;
    }

    private byte[] Junk()
    {
        if (_random.Next(3) == 0)
            return Words[_random.Next(Words.Length)];
        var junk = new byte[PickSize(4096)];
        if (_random.Next(2) == 0)
            _random.NextBytes(junk);
        return junk;
    }

    private byte[] Splice(byte[] data, int at)
    {
        var other = seeds[_random.Next(seeds.Count)];
        var from = _random.Next(other.Length + 1);
        return _random.Next(2) == 0
            ? Grow(data[..at], at, other[from..])
            : Grow(data, at, other[from..(from + PickSize(other.Length - from))]);
    }

    private byte[] Swap(byte[] data, int at)
    {
        var size = PickSize(Math.Max(1, (data.Length - at) / 2));
        if (at + 2 * size > data.Length)
            return data;
        return [.. data[..at], .. data[(at + size)..(at + 2 * size)], .. data[at..(at + size)], .. data[(at + 2 * size)..]];
    }

    private static byte[] Grow(byte[] data, int at, byte[] more) =>
        data.Length + more.Length > MaxSize ? data : [.. data[..at], .. more, .. data[at..]];

    private static int[] FindPlaces(byte[] data)
    {
        var places = new List<int>();
        foreach (var word in Words)
        {
            for (var at = data.AsSpan().IndexOf(word); at >= 0 && places.Count < 10_000;)
            {
                places.Add(at);
                var next = data.AsSpan(at + 1).IndexOf(word);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return [.. places];
    }

    // FNV-1a: the same in every process, as string.GetHashCode is not.
    private static int Hash(string text)
    {
        var hash = 2166136261;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 16777619);
        return unchecked((int)(hash ^ hash >> 15));
    }
}
