using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace VoiceKit.Decoding.Tests;

/// <summary>The decoder gives the same samples on every processor, whatever SIMD it has.</summary>
public class SameSamplesTests(ITestOutputHelper output)
{
    private const string Lanes = "Lanes: ";

    /// <summary>What the vectors decode to, each with its hash. A change of these numbers is a change of the sound.</summary>
    public static TheoryData<string, string> Known => new()
    {
        { "testvector02", "1726af6a260e4bcb2b85099cd65c3b2e" },
        { "testvector05", "72c031cf0c2153f978a52ac9c10a1714" },
        { "testvector08", "4d43960909d250fe504b1c56e03fdc89" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Samples_are_the_known_ones(string vector, string hash)
    {
        output.WriteLine($"{Lanes}{Vector128.IsHardwareAccelerated} {Vector256.IsHardwareAccelerated}");
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", vector + ".bit"));
        Assert.Equal(hash, DecodedSamples.HashOf(bytes));
    }

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", "False False")]
    [InlineData("DOTNET_EnableAVX", "True False")]
    [InlineData("DOTNET_EnableAVX2", "True False")]
    public void Samples_are_the_known_ones_with_less_of_a_processor(string variable, string lanes)
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "The processor has no AVX2 that could be left out.");
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(SameSamplesTests).Assembly.Location, "-noLogo", "-noColor", "-showLiveOutput",
            "-method", $"*.{nameof(SameSamplesTests)}.{nameof(Samples_are_the_known_ones)}",
        ]);
        start.Environment[variable] = "0";
        var result = OtherProgram.Run(start);
        Assert.True(result.ExitCode == 0, result.Text + result.Error);
        Assert.Contains(Lanes + lanes, result.Text, StringComparison.Ordinal);
    }
}
