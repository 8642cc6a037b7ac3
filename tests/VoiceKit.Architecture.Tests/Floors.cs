using Mono.Cecil;

namespace VoiceKit.Architecture.Tests;

/// <summary>The rooms of VoiceKit.Core and the floor that each stands on: docs/architecture.md draws them.</summary>
public static class Floors
{
    private const string Root = "VoiceKit";
    private const string Exceptions = "VoiceKit (exceptions)";

    private static readonly string[][] FromTheGround =
    [
        [Exceptions],
        ["VoiceKit.IO", "VoiceKit.Diagnostics"],
        ["VoiceKit.Audio"],
        ["VoiceKit.Opus"],
        ["VoiceKit.Ogg", "VoiceKit.WebM", "VoiceKit.Mp4", "VoiceKit.Caf"],
        ["VoiceKit.Containers"],
        ["VoiceKit.Editing"],
        ["VoiceKit.Waveforms"],
        [Root],
        ["VoiceKit.Profiles"],
        ["VoiceKit.Recording", "VoiceKit.Playback", "VoiceKit.Importing", "VoiceKit.Storage"],
    ];

    /// <summary>The room of a type: its namespace, or a part of the root.</summary>
    public static string RoomOf(TypeReference type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        var room = string.Join('.', type.Namespace.Split('.').Take(2));
        return room == Root && IsOfExceptions(type.Name) ? Exceptions : room;
    }

    /// <summary>Counted from 0, the ground.</summary>
    /// <returns>Null for what is no room of the library.</returns>
    public static int? FloorOf(string room) =>
        Array.FindIndex(FromTheGround, rooms => rooms.Contains(room)) is var floor and >= 0 ? floor : null;

    /// <summary>Whether a room may use another: one below, or itself.</summary>
    public static bool Allows(string user, string used) => user == used || FloorOf(user) > FloorOf(used);

    private static bool IsOfExceptions(string name) =>
        name.EndsWith("Exception", StringComparison.Ordinal) || name == nameof(AudioDeviceFault);
}
