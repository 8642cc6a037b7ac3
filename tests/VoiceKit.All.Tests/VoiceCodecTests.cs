using VoiceKit.Concentus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.All.Tests;

/// <summary>Which codec an app gets that names none.</summary>
public class VoiceCodecTests
{
    [Fact]
    public async Task The_default_encodes_and_decodes()
    {
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(48_000), new Audio.AudioFormat(48_000, 1), VoiceCodec.Default);
        Assert.Equal(48_000, message.Info.Samples);
        var bars = await message.GetWaveformAsync(VoiceCodec.Default, bars: 20);
        Assert.True(bars.Peak > 0.05);
    }

    [Fact]
    public void Where_the_library_loads_there_is_no_reason_for_another()
    {
        var choice = VoiceCodec.Choose(ConcentusCodec.Default, new Missing());
        Assert.Same(ConcentusCodec.Default, choice.Codec);
        Assert.Null(choice.Reason);
    }

    [Fact]
    public void Where_it_does_not_load_the_other_is_taken_and_the_reason_said()
    {
        var choice = VoiceCodec.Choose(new Missing(), ConcentusCodec.Default);
        Assert.Same(ConcentusCodec.Default, choice.Codec);
        Assert.Equal("Install it.", choice.Reason);
    }

    private sealed class Missing : IOpusCodec
    {
        public string Name => throw new OpusCodecException("Install it.", "missing");

        public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => throw new OpusCodecException("Install it.", "missing");

        public IOpusDecoder CreateDecoder(int sampleRate, int channels) => throw new OpusCodecException("Install it.", "missing");
    }
}
