using System.Buffers.Binary;

namespace VoiceKit.Benchmarks;

/// <summary>Ogg Opus with libogg: the same pages of the same packets as ours, and the packets of a file.</summary>
internal static unsafe class LibOggFile
{
    private const int PacketsPerPage = 50;
    private const int FrameSize = 960;
    private const int ReadSize = 128 * 1024;

    /// <summary>Writes packets of 20 ms.</summary>
    /// <returns>How many bytes were written.</returns>
    public static int Mux(byte[][] packets, byte[] head, byte[] tags, byte[] file)
    {
        var stream = BareLibOgg.CreateStream(1);
        try
        {
            var size = 0;
            Add(stream, head, 0, isFirst: true);
            size = Flush(stream, file, size);
            Add(stream, tags, 0);
            size = Flush(stream, file, size);
            for (var i = 0; i < packets.Length; i++)
            {
                Add(stream, packets[i], (i + 1L) * FrameSize, isLast: i == packets.Length - 1);
                if ((i + 1) % PacketsPerPage == 0)
                    size = Flush(stream, file, size);
            }

            return Flush(stream, file, size);
        }
        finally
        {
            BareLibOgg.DestroyStream(stream);
        }
    }

    /// <summary>Reads all packets.</summary>
    /// <returns>How many bytes they have.</returns>
    public static int Demux(byte[] file)
    {
        var sync = BareLibOgg.CreateSync();
        void* stream = null;
        var bytes = 0;
        try
        {
            for (var at = 0; at < file.Length; at += ReadSize)
            {
                var count = Math.Min(ReadSize, file.Length - at);
                file.AsSpan(at, count).CopyTo(new Span<byte>(BareLibOgg.SyncBuffer(sync, count), count));
                _ = BareLibOgg.SyncWrote(sync, count);
                BareLibOgg.Page page;
                while (BareLibOgg.SyncPageOut(sync, &page) > 0)
                {
                    if (stream is null)
                        stream = BareLibOgg.CreateStream(SerialOf(page));
                    _ = BareLibOgg.PageIn(stream, &page);
                    BareLibOgg.Packet packet;
                    while (BareLibOgg.PacketOut(stream, &packet) > 0)
                        bytes += (int)packet.Size;
                }
            }

            return bytes;
        }
        finally
        {
            BareLibOgg.DestroySync(sync);
            if (stream is not null)
                BareLibOgg.DestroyStream(stream);
        }
    }

    private static void Add(void* stream, byte[] data, long granule, bool isFirst = false, bool isLast = false)
    {
        fixed (byte* start = data)
        {
            var packet = new BareLibOgg.Packet
            {
                Data = start, Size = data.Length, Granule = granule, IsFirst = isFirst ? 1 : 0, IsLast = isLast ? 1 : 0,
            };
            _ = BareLibOgg.PacketIn(stream, &packet);
        }
    }

    private static int Flush(void* stream, byte[] file, int size)
    {
        BareLibOgg.Page page;
        while (BareLibOgg.Flush(stream, &page) != 0)
        {
            new Span<byte>(page.Header, (int)page.HeaderSize).CopyTo(file.AsSpan(size));
            size += (int)page.HeaderSize;
            new Span<byte>(page.Body, (int)page.BodySize).CopyTo(file.AsSpan(size));
            size += (int)page.BodySize;
        }

        return size;
    }

    private static int SerialOf(BareLibOgg.Page page) =>
        BinaryPrimitives.ReadInt32LittleEndian(new Span<byte>(page.Header + 14, 4));
}
