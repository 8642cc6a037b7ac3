using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

/// <summary>Files of ffmpeg and SoX are read to the samples that ffmpeg decodes.</summary>
public class AiffOracleTests
{
    private const int Frames = 5004; // Even, since what is open at its end has no telling of a padding byte.

    [Theory]
    [InlineData("pcm_s8", 1)]
    [InlineData("pcm_s16be", 2)]
    [InlineData("pcm_s16le", 1)]
    [InlineData("pcm_s24be", 6)]
    [InlineData("pcm_s32be", 2)]
    [InlineData("pcm_f32be", 2)]
    [InlineData("pcm_f64be", 1)]
    [InlineData("pcm_alaw", 2)]
    [InlineData("pcm_mulaw", 1)]
    public void Files_and_pipes_of_ffmpeg_are_read(string codec, int channels)
    {
        using var folder = new WavTempFolder();
        string[] input = ["-f", "f32le", "-ar", "22050", "-ac", $"{channels}", "-i", "-"];
        string[] encode = ["-c:a", codec, "-f", "aiff"];
        var source = WavTools.ToBytes(WavTools.Noise(Frames * channels, channels));
        File.WriteAllBytes(
            folder["pipe.aiff"], WavTools.Ffmpeg(source, [.. input, .. encode, "-", .. encode, folder["file.aiff"]]));

        var expected = WavTools.DecodeWithFfmpeg(folder["file.aiff"]);
        AssertReads(expected, folder["file.aiff"], new AudioFormat(22_050, channels), Frames);
        AssertReads(expected, folder["pipe.aiff"], new AudioFormat(22_050, channels), null);
    }

    [Theory]
    [InlineData("aiff", "signed", 8, 1)]
    [InlineData("aiff", "signed", 16, 4)]
    [InlineData("aiff", "signed", 24, 2)]
    [InlineData("aiff", "signed", 32, 1)]
    [InlineData("aifc", "signed", 16, 2)]
    [InlineData("aifc", "float", 32, 2)]
    [InlineData("aifc", "float", 64, 1)]
    public void Files_and_pipes_of_SoX_are_read(string type, string encoding, int bits, int channels)
    {
        using var folder = new WavTempFolder();
        var source = WavTools.ToBytes(WavTools.Noise(Frames * channels, channels));
        string[] encode =
        [
            "-t", "raw", "-e", "float", "-b", "32", "-r", "11025", "-c", $"{channels}", "-",
            "-e", encoding, "-b", $"{bits}", "-t", type,
        ];
        WavTools.Sox(source, [.. encode, folder["file.aiff"]]);
        File.WriteAllBytes(folder["pipe.aiff"], WavTools.Sox(source, [.. encode, "-"]));

        var expected = WavTools.DecodeWithFfmpeg(folder["file.aiff"]);
        AssertReads(expected, folder["file.aiff"], new AudioFormat(11_025, channels), Frames);
        AssertReads(expected, folder["pipe.aiff"], new AudioFormat(11_025, channels), null);
    }

    // Seekable bytes tell their length even where the header doesn't.
    private static void AssertReads(float[] expected, string path, AudioFormat format, long? stated)
    {
        using var file = AiffReader.Open(path);
        Assert.Equal((format, Frames, false), (file.Format, (int?)file.FrameCount, file.IsTruncated));
        WavTools.AssertSame(expected, WavTools.ReadAll(file));

        using var stream = new AiffReader(new WavTrickleStream(File.OpenRead(path), 777));
        Assert.Equal(stated, stream.FrameCount);
        WavTools.AssertSame(expected, WavTools.ReadAll(stream, 1000));
        Assert.Equal((Frames, false), ((int?)stream.FrameCount, stream.IsTruncated));
    }
}
