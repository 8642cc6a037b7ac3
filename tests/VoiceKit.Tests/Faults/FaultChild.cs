using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Faults;

/// <summary>
/// A process whose system fails as it is told: it does all kinds of work under all faults, looks at what is left, and says what
/// is wrong.
/// </summary>
internal static class FaultChild
{
    public const string Word = "work-under-faults";

    private static Setter s_set = null!;
    private static Counter s_count = null!;

    private delegate void Setter(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string call, int error, int skip, [MarshalAs(UnmanagedType.LPUTF8Str)] string path);

    private delegate int Counter();

    public static async Task<int> RunAsync(string library, string folder, string kind)
    {
        Load(library);
        var works = FaultWork.All.Where(work => work.Name == kind).ToArray();
        var number = 0;
        foreach (var work in works)
        {
            foreach (var fault in Fault.All)
            {
                var place = Directory.CreateDirectory(Path.Combine(folder, $"faulty-{number++}")).FullName;
                await RunAsync(work, fault, place);
                Directory.Delete(place, recursive: true);
            }
        }

        Console.WriteLine($"done {works.Length * Fault.All.Count}");
        return 0;
    }

    private static async Task RunAsync(FaultWork work, Fault fault, string place)
    {
        var look = await work.PrepareAsync(place);
        s_set(fault.Call, fault.Error, fault.Skip, place + work.Place);
        Exception? told = null;
        try
        {
            await look.DoAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or VoiceKitException)
        {
            told = exception;
        }
        catch (Exception exception)
        {
            Wrong($"it throws {exception}");
        }

        var count = s_count();
        s_set("", 0, 0, "");
        Console.WriteLine($"tried {count}");
        if (count > 0 && told is null && fault.Call == "fsync")
            Wrong("a flush has failed, and the work says that all is well");
        if (count == 0 && fault.Call == "fsync" && fault.Skip < work.Flushes)
            Wrong("there are fewer flushes than it takes to survive a loss of power");
        try
        {
            foreach (var wrong in await look.CheckAsync(told))
                Wrong(wrong);
        }
        catch (Exception exception)
        {
            Wrong($"what is left cannot be looked at: {exception}");
        }

        void Wrong(string what) =>
            Console.WriteLine($"wrong {work.Name}, {fault}: {what.ReplaceLineEndings(" ")} ({told?.Message})");
    }

    // The library's own calls go by the name of the C library: they get the failing ones by it.
    private static void Load(string library)
    {
        var handle = NativeLibrary.Load(library);
        NativeLibrary.SetDllImportResolver(
            typeof(VoiceMessage).Assembly, (name, _, _) => name == "libc" ? handle : 0);
        s_set = Marshal.GetDelegateForFunctionPointer<Setter>(NativeLibrary.GetExport(handle, "faults_set"));
        s_count = Marshal.GetDelegateForFunctionPointer<Counter>(NativeLibrary.GetExport(handle, "faults_count"));
    }
}
