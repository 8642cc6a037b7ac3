using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

public class AmplifyTests
{
    private static readonly AudioFormat Mono = new(48_000, 1);

    [Theory]
    [InlineData(6.5)]
    [InlineData(-11.25)]
    public void The_sound_changes_by_so_much_and_the_packets_not_at_all(double decibels)
    {
        var file = Pcm.Encode(Signals.Voice(50_000), Mono);
        var louder = Amplify(file, decibels);
        Assert.Equal(Pcm.PacketsOf(file), Pcm.PacketsOf(louder));
        var factor = (float)Math.Pow(10, decibels / 20);
        float[] expected = [.. Pcm.Decode(file).Select(sample => sample * factor)];
        Pcm.AssertClose("amplified", expected, Pcm.Decode(louder), 4 * Pcm.Lsb);
        Assert.Equal(decibels, Info(louder).Head.OutputGainDecibels);
    }

    [Fact]
    public void R128_gains_change_the_other_way_or_go_where_there_is_no_room()
    {
        var options = new VoiceEncodingOptions
        {
            Comments = [new("R128_TRACK_GAIN", "-512"), new("R128_ALBUM_GAIN", "32700"), new("TITLE", "x")],
        };
        var file = Pcm.Encode(Signals.Voice(9600), Mono, options);
        var tags = Info(Amplify(file, -2)).Tags;
        Assert.Equal(((short?)0, (short?)null, "x"), (tags.TrackGain, tags.AlbumGain, tags.GetValue("TITLE")));
        Assert.Equal((short?)-512, Info(Amplify(file, 0)).Tags.TrackGain);
        Assert.Equal((short?)-1024, Info(Amplify(file, 2)).Tags.TrackGain);
    }

    [Fact]
    public void The_gain_is_held_where_the_field_ends()
    {
        var file = Pcm.Encode(Signals.Voice(9600), Mono);
        Assert.Equal(short.MaxValue, Info(Amplify(Amplify(file, 100), 100)).Head.OutputGain);
        Assert.Equal(short.MinValue, Info(Amplify(file, -1e9)).Head.OutputGain);
        Assert.Throws<ArgumentOutOfRangeException>(() => Amplify(file, double.NaN));
    }

    [Fact]
    public void Every_link_of_a_chain_changes()
    {
        var file = Pcm.Encode(Signals.Voice(9600), Mono);
        using var joined = new MemoryStream();
        OpusEditor.Join([new MemoryStream(file), new MemoryStream(Amplify(file, 3))], joined);
        Assert.Equal([1.0, 4.0], Info(Amplify(joined.ToArray(), 1)).Links.Select(link => link.Head.OutputGainDecibels));
    }

    private static OpusInfo Info(byte[] file) => OpusInfo.Read(new MemoryStream(file));

    private static byte[] Amplify(byte[] file, double decibels)
    {
        using var output = new MemoryStream();
        OpusEditor.Amplify(new MemoryStream(file), output, decibels);
        return output.ToArray();
    }
}
