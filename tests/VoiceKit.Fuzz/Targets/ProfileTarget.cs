using VoiceKit.Profiles;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// What platforms would say of a message. Every profile judges it, and fits it without a codec as far as that goes: what comes
/// out is a message, and what is told of it is so.
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
            var fit = profile.FitAsync(message).GetAwaiter().GetResult();
            Same.Check(profile.Check(message), fit.Findings);
            Same.Check(profile.Check(fit.Message), fit.Remaining);
        }
    }
}
