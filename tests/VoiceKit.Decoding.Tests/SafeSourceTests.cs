using System.Text.RegularExpressions;

namespace VoiceKit.Decoding.Tests;

/// <summary>Untrusted packets meet no code that could touch memory that is not its own.</summary>
public partial class SafeSourceTests
{
    [Fact]
    public void The_decoder_has_no_unsafe_code()
    {
        var folder = Path.Combine(FindRoot(), "src", "VoiceKit.Core", "Opus", "Decoding");
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        Assert.InRange(files.Length, 40, 400);
        foreach (var file in files.Append(Path.Combine(folder, "..", "ManagedOpusDecoder.cs")))
            Assert.False(UnsafeCode().IsMatch(File.ReadAllText(file)), $"{file} has unsafe code.");
    }

    [Theory]
    [InlineData("unsafe void F()")]
    [InlineData("Unsafe.Add(ref x, 1)")]
    [InlineData("MemoryMarshal.Cast<byte, int>(x)")]
    [InlineData("Vector128.LoadUnsafe(ref x)")]
    [InlineData("x.StoreUnsafe(ref y)")]
    [InlineData("fixed (byte* p = x)")]
    [InlineData("[DllImport(\"opus\")]")]
    [InlineData("[SkipLocalsInit]")]
    public void The_guard_sees_unsafe_code(string code) => Assert.Matches(UnsafeCode(), code);

    [GeneratedRegex(
        @"\bunsafe\b|\bUnsafe\b|LoadUnsafe|StoreUnsafe|MemoryMarshal|\bfixed\s*\(|DllImport|LibraryImport|SkipLocalsInit|NativeMemory")]
    private static partial Regex UnsafeCode();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VoiceKit.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run in the repository.");
        return folder.FullName;
    }
}
