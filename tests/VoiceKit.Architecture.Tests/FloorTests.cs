using Mono.Cecil;

namespace VoiceKit.Architecture.Tests;

/// <summary>A room uses rooms below it and never one above or beside it.</summary>
public class FloorTests
{
    private static readonly ModuleDefinition Core = ModuleDefinition.ReadModule(typeof(VoiceMessage).Assembly.Location);

    [Fact]
    public void No_type_refers_upward_or_sideways()
    {
        var wrong = References.Of(Core).Where(use => !Floors.Allows(Floors.RoomOf(use.User), Floors.RoomOf(use.Used)))
            .Select(use => $"{use.User.FullName}.{use.Member} uses {use.Used.FullName}").Distinct().Order().ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Each_type_stands_in_a_room()
    {
        var homeless = Core.Types.Where(type => type.Namespace.StartsWith("VoiceKit", StringComparison.Ordinal))
            .Where(type => Floors.FloorOf(Floors.RoomOf(type)) is null).Select(type => type.FullName).ToList();
        Assert.True(homeless.Count == 0, string.Join('\n', homeless));
    }

    /// <summary>The rule would not be worth much if it did not see into bodies, signatures and nested types.</summary>
    [Fact]
    public void References_are_found_in_bodies_and_in_signatures()
    {
        var uses = References.Of(Core).ToList();
        Assert.Contains(uses, use => use.User.Name == nameof(VoiceMessage) && use.Used.Name == "OpusTags");
        Assert.Contains(uses, use => use.User.DeclaringType?.Name == nameof(VoiceMessage) && use.Used.Namespace == "VoiceKit.IO");
        Assert.True(Floors.Allows("VoiceKit.Containers", "VoiceKit.Ogg"));
        Assert.False(Floors.Allows("VoiceKit.Ogg", "VoiceKit.Containers"));
        Assert.False(Floors.Allows("VoiceKit.Ogg", "VoiceKit.WebM"));
    }
}
