using Xunit.Abstractions;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// What platforms would say of a message. Every profile judges it, and fits it without a codec as far as that goes: what comes out is
/// a message that has no more findings.
/// </summary>
public sealed class ProfileTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    protected override int Runs => 300;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Ogg;

    // Tags are texts, of two bytes a character, and the file is read by each profile.
    protected override long SizeOf(byte[] input) => VoiceProfile.All.Count * 6L * input.Length;

    protected override void Read(byte[] input)
    {
        var message = VoiceMessage.FromBytes(input);
        foreach (var profile in VoiceProfile.All)
            profile.Check(message);
    }

    protected override void Check(byte[] input)
    {
        var message = VoiceMessage.FromBytes(input);
        foreach (var profile in VoiceProfile.All)
        {
            var before = profile.Check(message);
            var fit = profile.FitAsync(message).GetAwaiter().GetResult();
            var after = profile.Check(fit.Message);
            Assert.True(after.Count <= before.Count, $"{profile.Name}: {string.Join(' ', before)} became {string.Join(' ', after)}");
        }
    }
}
