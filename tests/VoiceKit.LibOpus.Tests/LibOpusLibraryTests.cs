using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using VoiceKit.LibOpus.Interop;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.LibOpus.Tests;

/// <summary>Which libopus is taken, seen by the files that the process has mapped.</summary>
public sealed class LibOpusLibraryTests : IDisposable
{
    private readonly string _app = Directory.CreateTempSubdirectory("voicekit-").FullName;

    private string Own => Path.Combine(_app, "libopus.so.0");

    private string Packaged => Path.Combine(
        _app,
        "runtimes",
        $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
        "native",
        "libopus.so.0");

    public void Dispose() => Directory.Delete(_app, recursive: true);

    [Fact]
    public void The_app_s_own_library_comes_first()
    {
        CopyLibraryTo(Own);
        CopyLibraryTo(Packaged);
        Assert.Equal([Own], Loaded());
    }

    [Fact]
    public void The_package_s_library_comes_before_the_system_s()
    {
        CopyLibraryTo(Packaged);
        Assert.Equal([Packaged], Loaded());
    }

    [Fact]
    public void The_app_s_own_library_may_have_the_name_without_a_number()
    {
        var own = Path.Combine(_app, "libopus.so");
        CopyLibraryTo(own);
        CopyLibraryTo(Packaged);
        Assert.Equal([own], Loaded());
    }

    [Fact]
    public void The_system_s_library_comes_last()
    {
        Requires.Library("libopus.so.0");
        var handle = LibOpusLibrary.TryLoad(LibOpusLibrary.Candidates(_app)).Handle;
        var system = NativeLibrary.Load("libopus.so.0");
        Assert.Equal(system, handle);
        NativeLibrary.Free(system);
        NativeLibrary.Free(handle);
    }

    [Fact]
    public void A_file_that_is_no_library_for_this_machine_is_passed_over()
    {
        File.WriteAllText(Own, "This is for another machine.");
        CopyLibraryTo(Packaged);
        Assert.Equal([Packaged], Loaded());
    }

    [Fact]
    public void An_app_that_has_set_a_resolver_decides_alone()
    {
        CopyLibraryTo(Own);
        var copy = LoadAnotherCopyOfTheAssembly();
        var asked = new List<string>();
        NativeLibrary.SetDllImportResolver(copy, (name, _, _) =>
        {
            asked.Add(name);
            return NativeLibrary.Load(Own);
        });

        Assert.StartsWith("libopus", CodecOf(copy).Name);
        Assert.Equal("opus", asked.Distinct().Single());
        Assert.Contains(Own, MappedFiles());
    }

    [Fact]
    public void A_resolver_that_finds_nothing_is_told_of()
    {
        var copy = LoadAnotherCopyOfTheAssembly();
        NativeLibrary.SetDllImportResolver(copy, (_, _, _) => throw new DllNotFoundException("Nowhere."));
        var exception = Assert.Throws<OpusCodecException>(() => CodecOf(copy).CreateDecoder(48_000, 1));
        Assert.Contains("VoiceKit.LibOpus.Native", exception.Message);
    }

    [Fact]
    public void What_a_thread_frees_is_its_own()
    {
        using var decoder = LibOpusCodec.Default.CreateDecoder(48_000, 1);
        var files = MappedFiles();
        // More often than the tests of this process have loaded it.
        for (var i = 0; i < 1000; i++)
            NativeLibrary.Free(LibOpusLibrary.Resolve(LibOpusLibrary.Name));
        Assert.Superset(files.Where(IsLibOpus).ToHashSet(), MappedFiles().Where(IsLibOpus).ToHashSet());
        Assert.Equal(960, decoder.Decode([0xFC, 0xFF, 0xFE], new float[5760]));

        static bool IsLibOpus(string file) => file.Contains("libopus.so", StringComparison.Ordinal);
    }

    // One assembly has one resolver, so that a test needs an assembly of its own. The interfaces stay those of the first.
    private static Assembly LoadAnotherCopyOfTheAssembly() =>
        new AssemblyLoadContext("another copy").LoadFromAssemblyPath(typeof(LibOpusCodec).Assembly.Location);

    private static IOpusCodec CodecOf(Assembly assembly) => (IOpusCodec)assembly
        .GetType(typeof(LibOpusCodec).FullName!, throwOnError: true)!
        .GetProperty(nameof(LibOpusCodec.Default))!
        .GetValue(null)!;

    private static void CopyLibraryTo(string path)
    {
        _ = LibOpusCodec.Default.Name;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(
            MappedFiles().First(file => Path.GetFileName(file).StartsWith("libopus.so.0", StringComparison.Ordinal)
                && File.Exists(file)), path);
    }

    // What of the app's folder is mapped when the library is loaded, and was not before.
    private string[] Loaded()
    {
        var handle = LibOpusLibrary.TryLoad(LibOpusLibrary.Candidates(_app)).Handle;
        Assert.NotEqual(0, handle);
        Assert.True(NativeLibrary.TryGetExport(handle, "opus_encode_float", out _));
        string[] files = [.. MappedFiles().Where(file => file.StartsWith(_app, StringComparison.Ordinal))];
        NativeLibrary.Free(handle);
        return files;
    }

    private static string[] MappedFiles() => [.. File.ReadLines("/proc/self/maps")
        .Select(line => line.IndexOf('/') is var at and >= 0 ? line[at..] : "")
        .Where(file => file.Length > 0)
        .Distinct()];

    [Theory]
    [InlineData("linux-x64", "linux")]
    [InlineData("debian.12-x64", "linux")]
    [InlineData("linux-musl-x64", "linux-musl")]
    [InlineData("alpine.3.22-x64", "linux-musl")]
    public void A_system_with_musl_has_a_library_of_its_own(string runtime, string system)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The names are those of Linux.");
        Assert.Equal(
            $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
            LibOpusLibrary.RuntimeIdentifier(runtime));
    }
}
