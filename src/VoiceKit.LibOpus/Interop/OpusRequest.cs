namespace VoiceKit.LibOpus.Interop;

/// <summary>The ctl requests of opus_defines.h that the codec uses.</summary>
internal enum OpusRequest
{
    SetBitrate = 4002,
    SetMaxBandwidth = 4004,
    SetVbr = 4006,
    SetComplexity = 4010,
    SetInBandFec = 4012,
    SetPacketLossPercentage = 4014,
    SetDtx = 4016,
    SetVbrConstraint = 4020,
    SetSignal = 4024,
    GetLookahead = 4027,
    ResetState = 4028,
    SetGain = 4034,
    SetExpertFrameDuration = 4040,
    SetPredictionDisabled = 4042,
}
