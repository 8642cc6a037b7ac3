namespace VoiceKit.Decoding.Tests.Support;

/// <summary>The ctl requests of libopus' encoder that the tests make.</summary>
internal enum EncoderRequest
{
    Bitrate = 4002,
    MaxBandwidth = 4004,
    Vbr = 4006,
    Complexity = 4010,
    InBandFec = 4012,
    PacketLoss = 4014,
    Dtx = 4016,
    ForceChannels = 4022,
    Signal = 4024,
    PredictionDisabled = 4042,
    ForceMode = 11_002,
}
