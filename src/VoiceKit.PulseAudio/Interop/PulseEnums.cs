namespace VoiceKit.PulseAudio.Interop;

/// <summary>The states of pa_context_state_t that matter here.</summary>
internal enum PulseContextState
{
    Ready = 4,
    Failed = 5,
    Terminated = 6,
}

/// <summary>The states of pa_stream_state_t that matter here.</summary>
internal enum PulseStreamState
{
    Ready = 2,
    Failed = 3,
    Terminated = 4,
}

/// <summary>The flags of pa_stream_flags_t that are used here.</summary>
[Flags]
internal enum PulseStreamFlags
{
    None = 0,
    InterpolateTiming = 0x0002,
    AutoTimingUpdate = 0x0008,
    DoNotMove = 0x0200,
    AdjustLatency = 0x2000,
}

/// <summary>The bits of pa_subscription_mask_t that are used here.</summary>
[Flags]
internal enum PulseSubscription
{
    Sinks = 1,
    Sources = 2,
    Server = 0x80,
}

/// <summary>The codes of pa_error_code_t that are told apart here.</summary>
internal enum PulseError
{
    None = 0,
    Access = 1,
    NoEntity = 5,
    ConnectionRefused = 6,
    Timeout = 8,
    AuthenticationKey = 9,
    ConnectionTerminated = 11,
    Killed = 12,
    InvalidServer = 13,
}
