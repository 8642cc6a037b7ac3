using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests.Support;

/// <summary>A stream by libopus of which every setting changes at random while it encodes.</summary>
internal sealed class RandomStream : IDisposable
{
    private const int PacketsPerSetting = 25;
    private static readonly int[] Applications = [2048, 2049, 2051];
    private static readonly int[] FrameSizes = [120, 240, 480, 960, 960, 960, 1920, 2880];
    private readonly Random _random;
    private readonly ReferenceEncoder _encoder;
    private readonly RandomSound _sound;
    private readonly byte[] _packet = new byte[1500];
    private readonly float[] _pcm;
    private int _frameSize;
    private int _count;

    public RandomStream(Random random)
    {
        _random = random;
        var channels = random.Next(1, 3);
        _encoder = new ReferenceEncoder(channels, Applications[random.Next(3)]);
        _sound = new RandomSound(random, channels);
        _pcm = new float[2880 * channels];
    }

    public ReadOnlySpan<byte> Next()
    {
        if (_count++ % PacketsPerSetting == 0)
            ChangeSettings();
        var pcm = _pcm.AsSpan(0, _frameSize * _encoder.Channels);
        _sound.Fill(pcm);
        return _packet.AsSpan(0, _encoder.Encode(pcm, _packet));
    }

    public void Dispose() => _encoder.Dispose();

    private void ChangeSettings()
    {
        _frameSize = FrameSizes[_random.Next(FrameSizes.Length)];
        _encoder.Set(EncoderRequest.Bitrate, _random.Next(3) == 0 ? _random.Next(6000, 510_000) : _random.Next(6000, 64_000));
        _encoder.Set(EncoderRequest.MaxBandwidth, _random.Next(1101, 1106));
        _encoder.Set(EncoderRequest.Vbr, _random.Next(2));
        _encoder.Set(EncoderRequest.Complexity, _random.Next(0, 6));
        _encoder.Set(EncoderRequest.InBandFec, _random.Next(2));
        _encoder.Set(EncoderRequest.PacketLoss, _random.Next(0, 40));
        _encoder.Set(EncoderRequest.Dtx, _random.Next(2));
        _encoder.Set(EncoderRequest.PredictionDisabled, _random.Next(4) == 0 ? 1 : 0);
        _encoder.Set(EncoderRequest.Signal, _random.Next(3) switch { 0 => ReferenceEncoder.Automatic, 1 => 3001, _ => 3002 });
        var channels = _random.Next(3) == 0 ? _random.Next(1, _encoder.Channels + 1) : ReferenceEncoder.Automatic;
        _encoder.Set(EncoderRequest.ForceChannels, channels);
        _encoder.Set(EncoderRequest.ForceMode, _random.Next(2) == 0 ? ReferenceEncoder.Automatic : _random.Next(1000, 1003));
    }
}
