using System.Runtime.InteropServices;
using VoiceKit.LibOpus.Interop;
using VoiceKit.Opus;

namespace VoiceKit.LibOpus;

/// <summary>The reference codec, libopus 1.3 or newer.</summary>
/// <remarks>
/// <para>
/// The library is looked for when the first encoder or decoder is made: beside the app, in what the package
/// VoiceKit.LibOpus.Native brings, then in the system. Its name is libopus.so.0, libopus.0.dylib or opus.dll.
/// </para>
/// <para>
/// An app that keeps it elsewhere sets a resolver for this assembly with <see cref="NativeLibrary.SetDllImportResolver"/> before
/// that, which then alone decides; the name that it is asked for is "opus".
/// </para>
/// </remarks>
public sealed class LibOpusCodec : IOpusCodec
{
    private static readonly Lazy<string> Version = new(ReadVersion);

    /// <summary>The codec: it has no state of its own.</summary>
    public static LibOpusCodec Default { get; } = new();

    /// <inheritdoc/>
    public string Name => Version.Value;

    /// <inheritdoc/>
    public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        LibOpusLibrary.EnsureLoaded();
        return new LibOpusEncoder(options);
    }

    /// <inheritdoc/>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        if (!OpusRates.IsSupported(sampleRate))
            throw new ArgumentOutOfRangeException(
                nameof(sampleRate), sampleRate, "Opus gives 8000, 12000, 16000, 24000 or 48000 Hz.");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 2);
        LibOpusLibrary.EnsureLoaded();
        return new LibOpusDecoder(sampleRate, channels);
    }

    private static unsafe string ReadVersion()
    {
        LibOpusLibrary.EnsureLoaded();
        return Marshal.PtrToStringUTF8((nint)NativeMethods.GetVersionString()) ?? "libopus";
    }
}
