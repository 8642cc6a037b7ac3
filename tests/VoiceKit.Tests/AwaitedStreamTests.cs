using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Tests;

/// <summary>What is named Async never blocks on a stream: each call that would throws.</summary>
public class AwaitedStreamTests
{
    private static byte[] Voice => field ??= Pcm.Encode(Signals.Voice(200_000), new(48_000, 1));

    public static TheoryData<string, bool> Files
    {
        get
        {
            var data = new TheoryData<string, bool>();
            string[] names =
            [
                "opusenc (mono)", "chromium-mono.webm (short)", "ffmpeg Mp4 (stereo)", "chromium-mono.mp4 (short)",
                "ffmpeg Caf (stereo)",
            ];
            foreach (var name in names)
            {
                data.Add(name, true);
                data.Add(name, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Any_container_is_opened_described_drawn_and_decoded(string name, bool canSeek)
    {
        var data = Corpus.Get(name).Data;
        var info = await OpusInfo.ReadAsync(Open(data, canSeek));
        Assert.Equal(OpusInfo.Read(new MemoryStream(data)).Samples, info.Samples);

        foreach (var degree in new[] { 1, 2 })
        {
            var bars = await Waveform.FromOpusAsync(Open(data, canSeek), 50, LibOpusCodec.Default, degree);
            Assert.Equal(Waveform.FromOpus(new MemoryStream(data), 50, LibOpusCodec.Default, degree).Peaks, bars.Peaks);
        }

        await using var reader = new OpusAudioReader(await OpusContainers.OpenAsync(Open(data, canSeek)), LibOpusCodec.Default);
        var pcm = new List<float>();
        var buffer = new float[1000];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
            pcm.AddRange(buffer.AsSpan(0, count));
        using var blocking = new OpusAudioReader(new MemoryStream(data), LibOpusCodec.Default);
        Assert.Equal(Pcm.ReadAll(blocking), pcm);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Message_is_loaded_and_written(bool canSeek)
    {
        var message = await VoiceMessage.LoadAsync(Open(Voice, canSeek));
        var copy = new MemoryStream();
        await message.WriteToAsync(new AsyncOnlyStream(copy));
        Assert.Equal(Voice, copy.ToArray());
        Assert.Equal(Voice, message.ToArray());

        using var folder = new TemporaryFolder();
        await message.SaveAsync(folder["a.opus"]);
        var opened = await VoiceMessage.OpenAsync(folder["a.opus"]);
        copy.SetLength(0);
        await opened.WriteToAsync(new AsyncOnlyStream(copy));
        Assert.Equal(Voice, copy.ToArray());
        Assert.Equal(Voice, opened.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tags_are_changed_on_the_way(bool canSeek)
    {
        var (one, other) = (new MemoryStream(), new MemoryStream());
        static OpusTags Change(OpusTags tags) =>
            new("other", [.. tags.Comments, new OpusComment("TITLE", new string('x', 70_000))]);
        OggOpusTagEdit.Copy(new MemoryStream(Voice), one, Change);
        var result = await OggOpusTagEdit.CopyAsync(Open(Voice, canSeek), new AsyncOnlyStream(other), Change);
        Assert.Equal(one.ToArray(), other.ToArray());
        Assert.Equal("other", result.After.Vendor);
    }

    [Fact]
    public async Task Outline_of_a_file_is_awaited()
    {
        var outline = await OggOpusOutline.ReadAsync(Open(Voice, canSeek: true));
        Assert.Equal(200_000, outline.Samples);
    }

    private static AsyncOnlyStream Open(byte[] data, bool canSeek) =>
        new(canSeek ? new MemoryStream(data) : new TrickleStream(data, 3000));
}
