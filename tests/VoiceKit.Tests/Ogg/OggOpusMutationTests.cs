using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>Files broken at random, always the same ones.</summary>
public class OggOpusMutationTests
{
    private static byte[] Whole => field ??= MakeFile();

    [Fact]
    public void Broken_files_give_audio_or_a_format_error_and_length_is_what_is_decoded()
    {
        var random = new Random(7845);
        var readable = 0;
        for (var i = 0; i < 500; i++)
        {
            var data = Mutation.Of(Whole, random);
            try
            {
                var info = OpusInfo.Read(new MemoryStream(data));
                using var reader = new OpusAudioReader(new MemoryStream(data), LibOpusCodec.Default);
                Assert.Equal(info.Samples, CountFrames(reader));
                Assert.InRange(info.Samples, 0, 48_000L * 3 + OggOpusTimeline.MaxLoss + 48_000L * 3);
                Assert.All(info.Defects, defect => Assert.InRange(defect.Offset, 0, data.Length));
                readable++;
            }
            catch (VoiceFormatException exception)
            {
                Assert.InRange(exception.Offset, -1, data.Length);
            }
        }

        Assert.InRange(readable, 333, 499);
    }

    [Fact]
    public void Strict_reading_of_broken_files_throws_nothing_but_the_format_error()
    {
        var random = new Random(3533);
        var refused = 0;
        for (var i = 0; i < 1500; i++)
        {
            try
            {
                OpusInfo.Read(new MemoryStream(Mutation.Of(Whole, random)), new OpusReaderOptions { Strict = true });
            }
            catch (VoiceFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 1500);
    }

    [Fact]
    public void Chunking_of_broken_files_changes_nothing()
    {
        var random = new Random(6716);
        for (var i = 0; i < 150; i++)
        {
            var data = Mutation.Of(Whole, random);
            Assert.Equal(Describe(new MemoryStream(data)), Describe(new TrickleStream(data, random.Next(1, 700))));
        }
    }

    private static string Describe(Stream stream)
    {
        try
        {
            var info = OpusInfo.Read(stream);
            return $"{info.Samples} {info.LostSamples} {info.PacketCount} {info.PageCount} {string.Join('|', info.Defects)}";
        }
        catch (VoiceFormatException exception)
        {
            return $"{exception.Message} {exception.Offset}";
        }
    }

    private static long CountFrames(OpusAudioReader reader)
    {
        var buffer = new float[8192];
        long count = 0;
        int read;
        while ((read = reader.Read(buffer)) > 0)
            count += read;
        return count / reader.Format.Channels;
    }

    private static byte[] MakeFile()
    {
        var bytes = new MemoryStream();
        var options = new OpusWriterOptions { Serial = 99, MaxPageDuration = TimeSpan.FromMilliseconds(200) };
        using var writer = new OpusAudioWriter(bytes, LibOpusCodec.Default, null, [new("TITLE", "whole")], options);
        writer.Write(Signals.Voice(48_000 * 3));
        writer.Finish();
        return bytes.ToArray();
    }
}
