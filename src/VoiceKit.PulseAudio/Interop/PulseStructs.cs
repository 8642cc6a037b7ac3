using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>A pa_sample_spec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PulseSampleSpec
{
    public int Format;
    public uint Rate;
    public byte Channels;

    /// <summary>PA_SAMPLE_FLOAT32NE.</summary>
    public static int NativeFloat => BitConverter.IsLittleEndian ? 5 : 6;
}

/// <summary>A pa_channel_map.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PulseChannelMap
{
    public byte Channels;
    public ChannelPositions Positions;

    [InlineArray(32)]
    public struct ChannelPositions
    {
        private int _first;
    }
}

/// <summary>A pa_cvolume.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PulseVolume
{
    public byte Channels;
    public ChannelVolumes Values;

    [InlineArray(32)]
    public struct ChannelVolumes
    {
        private uint _first;
    }
}

/// <summary>A pa_buffer_attr, in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PulseBufferAttributes
{
    /// <summary>Leaves a value to the server.</summary>
    public const uint ServerDecides = uint.MaxValue;

    public uint MaxLength;
    public uint TargetLength;
    public uint Prebuffer;
    public uint MinRequest;
    public uint FragmentSize;
}

/// <summary>The beginning that pa_sink_info and pa_source_info have in common; the rest is not read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PulseDeviceInfo
{
    public nint Name;
    public uint Index;
    public nint Description;
    public PulseSampleSpec SampleSpec;
    public PulseChannelMap ChannelMap;
    public uint OwnerModule;
    public PulseVolume Volume;
    public int Mute;

    /// <summary>A sink's monitor source, or the sink that a source is the monitor of.</summary>
    public uint MonitorIndex;
    public nint MonitorName;
}

/// <summary>The beginning of pa_server_info; the rest is not read.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PulseServerInfo
{
    public nint UserName;
    public nint HostName;
    public nint ServerVersion;
    public nint ServerName;
    public PulseSampleSpec SampleSpec;
    public nint DefaultSinkName;
    public nint DefaultSourceName;
}
