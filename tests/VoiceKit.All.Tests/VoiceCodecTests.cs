using VoiceKit.Audio;
using VoiceKit.Concentus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.All.Tests;

/// <summary>Which codec an app gets that names none.</summary>
public class VoiceCodecTests
{
    [Fact]
    public async Task The_default_encodes_and_what_it_made_is_decoded_without_it()
    {
        var message = await VoiceMessage.EncodeAsync(Signals.Voice(48_000), new AudioFormat(48_000, 1), VoiceCodec.Default);
        Assert.Equal(TimeSpan.FromSeconds(1), message.Duration);
        var bars = await message.GetWaveformAsync(bars: 20);
        Assert.True(bars.Peak > 0.05);
        using var decoder = VoiceCodec.Default.CreateDecoder(48_000, 1);
        using var managed = ManagedOpusCodec.Default.CreateDecoder(48_000, 1);
        Assert.IsType(managed.GetType(), decoder);
    }

    [Fact]
    public void Where_the_library_loads_there_is_no_reason_for_another()
    {
        var choice = ChosenCodec.Choose(ConcentusCodec.Default, new Missing());
        Assert.Same(ConcentusCodec.Default, choice.Encoders);
        Assert.Null(choice.FallbackReason);
    }

    [Fact]
    public void Where_it_does_not_load_the_other_is_taken_and_the_reason_said()
    {
        var choice = ChosenCodec.Choose(new Missing(), ConcentusCodec.Default);
        Assert.Same(ConcentusCodec.Default, choice.Encoders);
        Assert.Equal("Install it.", choice.FallbackReason);
    }

    private sealed class Missing : IOpusEncoderFactory
    {
        public string Name => throw new OpusCodecException("Install it.", "missing");

        public IOpusEncoder CreateEncoder(OpusEncoderOptions options) => throw new OpusCodecException("Install it.", "missing");
    }
}
