using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Recordings of several parts in one file.</summary>
public class SeveralPartsTests
{
    [Fact]
    public void What_an_edit_list_cuts_out_stays_out()
    {
        var file = Fixture.Load("edit-list-two-parts.mp4");
        Assert.Equal(96_000, OpusInfo.Read(new MemoryStream(file)).Samples);
        Assert.Equal(96_000, Decode(file).Length);
        var ogg = new MemoryStream();
        var report = OpusEditor.Remux(new MemoryStream(file), ogg, OpusContainer.Ogg);
        Assert.Equal((96_000, 0), (report.Samples, report.UntrimmedSamples));
        Assert.Equal(96_000, OpusInfo.Read(new MemoryStream(ogg.ToArray())).Samples);
        Assert.Equal(0, OpusInfo.Read(new MemoryStream(ogg.ToArray())).DefectCount);
    }

    [Fact]
    public void Recordings_of_a_browser_put_together_are_links()
    {
        var file = Fixture.Load("two-recordings.webm");
        var info = OpusInfo.Read(new MemoryStream(file));
        Assert.Equal(2, info.LinkCount);
        Assert.Equal(info.Samples, info.Links.Sum(link => link.Samples));
        var pcm = Decode(file);
        Assert.Equal(info.Samples, pcm.Length);
        Assert.InRange(pcm.Max(Math.Abs), 0.45f, 0.55f);
        var ogg = new MemoryStream();
        Assert.Equal(2, OpusEditor.Remux(new MemoryStream(file), ogg, OpusContainer.Ogg).LinkCount);
        Assert.Equal(pcm, Decode(ogg.ToArray()));
    }

    private static float[] Decode(byte[] file)
    {
        using var reader = new OpusAudioReader(new MemoryStream(file), LibOpusCodec.Default, channels: 1);
        var all = new List<float>();
        var buffer = new float[4800];
        int count;
        while ((count = reader.Read(buffer)) > 0)
            all.AddRange(buffer.AsSpan(0, count));
        return [.. all];
    }
}
