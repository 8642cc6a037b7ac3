using System.Runtime.InteropServices;

namespace VoiceKit.LibOpus.Interop;

/// <summary>What differs between platforms in calling the library.</summary>
internal static class LibOpusPlatform
{
    /// <summary>Apple's Arm64 ABI passes variadic arguments on the stack, never in registers.</summary>
    public static bool PassesVariadicArgumentsOnTheStack { get; } =
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        && (OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsMacCatalyst());
}
