using System.Globalization;
using VoiceKit.Windows.Tests.Actor;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

/// <summary>The libopus that the package brings for Windows.</summary>
[Collection(Wine.Collection)]
public sealed class NativeLibraryTests(Wine wine)
{
    [Theory]
    [InlineData("win-x64", "X64")]
    [InlineData("win-x86", "X86")]
    public async Task It_is_loaded_and_takes_a_tone_there_and_back(string rid, string architecture)
    {
        using var program = wine.RunOn(rid, null, "actor.exe", "codec");
        await program.SucceedsAsync();
        Assert.Equal(architecture, await program.SaysAsync("architecture"));
        var here = await Coder.TakeThereAndBackAsync();
        Assert.InRange(double.Parse(await program.SaysAsync("decibels"), CultureInfo.InvariantCulture), here - 0.5, here + 0.5);
    }
}
