using System.Runtime.InteropServices;
using System.Text;
using VoiceKit.Opus;

namespace VoiceKit.Tests.Support;

/// <summary>libopusfile, the reference reader and seeker, called directly on bytes in memory.</summary>
internal sealed unsafe partial class LibOpusFile : IDisposable
{
    private const string Library = "libopusfile.so.0";
    private const int HeaderGain = 0;
    private const int AbsoluteGain = 3009;
    private const int Hole = -3;

    private readonly GCHandle _data;
    private nint _file;

    /// <summary>Opens a file; one that libopusfile refuses fails the test.</summary>
    public LibOpusFile(byte[] data)
    {
        Requires.Library(Library);
        _data = GCHandle.Alloc(data, GCHandleType.Pinned);
        _file = OpenMemory((byte*)_data.AddrOfPinnedObject(), (nuint)data.Length, out var error);
        if (_file != 0)
            return;
        _data.Free();
        Assert.Fail($"libopusfile refuses the file: {error}");
    }

    public int LinkCount => GetLinkCount(_file);

    /// <summary>The length of all links, in samples at 48 kHz.</summary>
    public long Samples => GetTotal(_file, -1);

    /// <summary>The position of the next sample on the time line of all links.</summary>
    public long Position => Tell(_file);

    public HeadFields Head => *GetHead(_file, -1);

    /// <summary>How many pieces of the file it found missing or broken while reading.</summary>
    public int Holes { get; private set; }

    public string Vendor => Marshal.PtrToStringUTF8(GetTags(_file, -1)->Vendor)!;

    public string[] Comments
    {
        get
        {
            var tags = GetTags(_file, -1);
            return [.. Enumerable.Range(0, tags->Count).Select(i => ReadComment(tags, i))];
        }
    }

    public long LinkSamples(int link) => GetTotal(_file, link);

    public int LinkChannels(int link) => GetHead(_file, link)->Channels;

    /// <summary>Whether the gain of the header is applied, as it is by default, or none at all.</summary>
    public void ApplyGain(bool value) => Assert.Equal(0, SetGain(_file, value ? HeaderGain : AbsoluteGain, 0));

    public void Seek(long sample) => Assert.Equal(0, SeekPcm(_file, sample));

    /// <summary>The samples up to the end, interleaved, each link in its own channels.</summary>
    public float[] ReadToEnd()
    {
        var all = new List<float>();
        for (float[] piece; (piece = ReadPiece()).Length > 0;)
            all.AddRange(piece);
        return [.. all];
    }

    public void Dispose()
    {
        if (_file == 0)
            return;
        Free(_file);
        _file = 0;
        _data.Free();
    }

    private float[] ReadPiece()
    {
        var pcm = new float[5760 * 8];
        fixed (float* start = pcm)
        {
            int count, link;
            while ((count = ReadFloat(_file, start, pcm.Length, out link)) == Hole)
                Holes++;
            Assert.True(count >= 0, $"libopusfile fails to read: {count}");
            return pcm[..(count * (count == 0 ? 0 : LinkChannels(link)))];
        }
    }

    private static string ReadComment(TagsFields* tags, int index) =>
        Encoding.UTF8.GetString((byte*)tags->Comments[index], tags->Lengths[index]);

    [LibraryImport(Library, EntryPoint = "op_open_memory")]
    private static partial nint OpenMemory(byte* data, nuint size, out int error);

    [LibraryImport(Library, EntryPoint = "op_free")]
    private static partial void Free(nint file);

    [LibraryImport(Library, EntryPoint = "op_link_count")]
    private static partial int GetLinkCount(nint file);

    [LibraryImport(Library, EntryPoint = "op_pcm_total")]
    private static partial long GetTotal(nint file, int link);

    [LibraryImport(Library, EntryPoint = "op_pcm_tell")]
    private static partial long Tell(nint file);

    [LibraryImport(Library, EntryPoint = "op_pcm_seek")]
    private static partial int SeekPcm(nint file, long sample);

    [LibraryImport(Library, EntryPoint = "op_head")]
    private static partial HeadFields* GetHead(nint file, int link);

    [LibraryImport(Library, EntryPoint = "op_tags")]
    private static partial TagsFields* GetTags(nint file, int link);

    [LibraryImport(Library, EntryPoint = "op_set_gain_offset")]
    private static partial int SetGain(nint file, int type, int offset);

    [LibraryImport(Library, EntryPoint = "op_read_float")]
    private static partial int ReadFloat(nint file, float* pcm, int size, out int link);

    /// <summary>The beginning of libopusfile's OpusHead.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct HeadFields
    {
        public readonly int Version;
        public readonly int Channels;
        public readonly uint PreSkip;
        public readonly uint InputSampleRate;
        public readonly int OutputGain;
        public readonly int MappingFamily;
        public readonly int StreamCount;
        public readonly int CoupledStreamCount;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TagsFields
    {
        public readonly nint* Comments;
        public readonly int* Lengths;
        public readonly int Count;
        public readonly nint Vendor;
    }
}
