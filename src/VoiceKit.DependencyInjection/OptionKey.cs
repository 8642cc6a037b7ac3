using VoiceKit.Importing;
using VoiceKit.Playback;
using VoiceKit.Recording;
using VoiceKit.Storage;

namespace VoiceKit.DependencyInjection;

/// <summary>A key of a configuration, and what its value does to the options.</summary>
/// <param name="Name">The key: <c>Encoding:Bitrate</c>.</param>
/// <param name="Apply">
/// Reads the text and changes the options. What cannot be used is an <see cref="ArgumentException"/> of the library's options,
/// which know their ranges, or a <see cref="FormatException"/>.
/// </param>
internal sealed record OptionKey(string Name, Action<VoiceKitOptions, string> Apply)
{
    public static OptionKey ForEncoding(string name, Func<VoiceEncodingOptions, string, VoiceEncodingOptions> change) =>
        new($"Encoding:{name}", (options, text) => options.Encoding = change(options.Encoding, text));

    public static OptionKey ForRecording(string name, Func<VoiceRecorderOptions, string, VoiceRecorderOptions> change) =>
        new($"Recording:{name}", (options, text) => options.Recording = change(options.Recording, text));

    public static OptionKey ForPlayback(string name, Func<VoicePlayerOptions, string, VoicePlayerOptions> change) =>
        new($"Playback:{name}", (options, text) => options.Playback = change(options.Playback, text));

    public static OptionKey ForImport(string name, Func<VoiceImportOptions, string, VoiceImportOptions> change) =>
        new($"Import:{name}", (options, text) => options.Import = change(options.Import, text));

    public static OptionKey ForStore(string name, Func<VoiceMessageStoreOptions, string, VoiceMessageStoreOptions> change) =>
        new($"Store:{name}", (options, text) => options.Store = change(options.Store, text));
}
