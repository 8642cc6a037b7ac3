using VoiceKit.Opus;
using VoiceKit.Tests.Codecs;

namespace VoiceKit.Concentus.Tests;

public class ConcentusCodecTests() : OpusCodecTests(ConcentusCodec.Default)
{
    [Fact]
    public void Name_is_that_of_the_package() => Assert.Matches(@"^Concentus \d+\.\d+\.\d+$", Codec.Name);
}
