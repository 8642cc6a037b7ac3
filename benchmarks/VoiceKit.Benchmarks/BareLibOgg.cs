using System.Runtime.InteropServices;

namespace VoiceKit.Benchmarks;

/// <summary>
/// libogg, the reference for Ogg, by raw pointers: what a C program would call, in the order it would. The calls are marked as
/// too short to wait for a garbage collection, which makes them as cheap as calls from C.
/// </summary>
internal static unsafe partial class BareLibOgg
{
    private const string Library = "libogg.so.0";

    // Both structures are smaller; libogg lets its callers allocate them.
    private const int StreamStateSize = 1024;
    private const int SyncStateSize = 256;

    public static void* CreateStream(int serial)
    {
        var stream = NativeMemory.AllocZeroed(StreamStateSize);
        return StreamInit(stream, serial) == 0 ? stream : throw new InvalidOperationException("ogg_stream_init failed.");
    }

    public static void DestroyStream(void* stream)
    {
        _ = StreamClear(stream);
        NativeMemory.Free(stream);
    }

    public static void* CreateSync()
    {
        var sync = NativeMemory.AllocZeroed(SyncStateSize);
        return SyncInit(sync) == 0 ? sync : throw new InvalidOperationException("ogg_sync_init failed.");
    }

    public static void DestroySync(void* sync)
    {
        _ = SyncClear(sync);
        NativeMemory.Free(sync);
    }

    [LibraryImport(Library, EntryPoint = "ogg_stream_packetin"), SuppressGCTransition]
    public static partial int PacketIn(void* stream, Packet* packet);

    [LibraryImport(Library, EntryPoint = "ogg_stream_pageout"), SuppressGCTransition]
    public static partial int StreamPageOut(void* stream, Page* page);

    [LibraryImport(Library, EntryPoint = "ogg_stream_flush"), SuppressGCTransition]
    public static partial int Flush(void* stream, Page* page);

    [LibraryImport(Library, EntryPoint = "ogg_stream_pagein"), SuppressGCTransition]
    public static partial int PageIn(void* stream, Page* page);

    [LibraryImport(Library, EntryPoint = "ogg_stream_packetout"), SuppressGCTransition]
    public static partial int PacketOut(void* stream, Packet* packet);

    [LibraryImport(Library, EntryPoint = "ogg_sync_buffer"), SuppressGCTransition]
    public static partial byte* SyncBuffer(void* sync, nint size);

    [LibraryImport(Library, EntryPoint = "ogg_sync_wrote"), SuppressGCTransition]
    public static partial int SyncWrote(void* sync, nint size);

    [LibraryImport(Library, EntryPoint = "ogg_sync_pageout"), SuppressGCTransition]
    public static partial int SyncPageOut(void* sync, Page* page);

    [LibraryImport(Library, EntryPoint = "ogg_stream_init")]
    private static partial int StreamInit(void* stream, int serial);

    [LibraryImport(Library, EntryPoint = "ogg_stream_clear")]
    private static partial int StreamClear(void* stream);

    [LibraryImport(Library, EntryPoint = "ogg_sync_init")]
    private static partial int SyncInit(void* sync);

    [LibraryImport(Library, EntryPoint = "ogg_sync_clear")]
    private static partial int SyncClear(void* sync);

    /// <summary>ogg_page.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Page
    {
        public byte* Header;
        public nint HeaderSize;
        public byte* Body;
        public nint BodySize;
    }

    /// <summary>ogg_packet.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Packet
    {
        public byte* Data;
        public nint Size;
        public nint IsFirst;
        public nint IsLast;
        public long Granule;
        public long Number;
    }
}
