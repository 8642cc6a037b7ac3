using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Ogg;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>Chains with a link that cannot be played, since its channel mapping has no meaning (RFC 7845 §5.1.1.3).</summary>
public class OpusAudioReaderLinkTests
{
    private static readonly VoiceKit.Audio.AudioFormat Mono = new(48_000, 1);
    private static byte[] First => field ??= Pcm.Encode(Signals.Voice(48_000), Mono);
    private static byte[] Middle => field ??= Meaningless(Pcm.Encode(Signals.Voice(24_000, channels: 2), new(48_000, 2)));
    private static byte[] Last => field ??= Pcm.Encode(Signals.Voice(30_000), Mono);
    private static byte[] Chain => field ??= [.. First, .. Middle, .. Last];

    [Fact]
    public void Link_without_a_meaning_is_silence_of_its_length_and_a_defect()
    {
        using var reader = new OpusAudioReader(new MemoryStream(Chain), LibOpusCodec.Default);
        var pcm = Pcm.ReadAll(reader);
        Assert.Equal([.. Pcm.Decode(First), .. new float[24_000], .. Pcm.Decode(Last)], pcm);
        var defect = Assert.Single(reader.Defects);
        Assert.Equal((OpusDefectKind.BadLink, (long)First.Length), (defect.Kind, defect.Offset));
        Assert.Equal(OpusInfo.Read(new MemoryStream(Chain)).Samples, pcm.Length);
    }

    [Fact]
    public void Seeking_into_and_around_it_keeps_all_positions_and_lists_it_once()
    {
        using var reader = new OpusAudioReader(new MemoryStream(Chain), LibOpusCodec.Default);
        var whole = Pcm.Decode(Chain);
        foreach (var target in new[] { 60_000, 0, 50_000, 75_000, 47_000, 71_990, 60_000 })
        {
            reader.Seek(target);
            var rest = Pcm.ReadAll(reader);
            Assert.Equal(whole.Length - target, rest.Length);
            Assert.InRange(Pcm.SignalToError(whole.AsSpan(target), rest), 20, double.PositiveInfinity);
        }

        Assert.Single(reader.Defects);
    }

    [Fact]
    public void Strict_reader_throws_each_time_until_it_is_sent_elsewhere()
    {
        using var reader = new OpusAudioReader(
            new MemoryStream(Chain), LibOpusCodec.Default, options: new OpusReaderOptions { Strict = true });
        var buffer = new float[4800];
        var heard = 0;
        while (heard < 48_000)
            heard += reader.Read(buffer);
        for (var i = 0; i < 60; i++)
            Assert.Contains("family 255", Assert.Throws<VoiceFormatException>(() => reader.Read(buffer)).Message);
        reader.Seek(72_000);
        Assert.Equal(Pcm.Decode(Last), Pcm.ReadAll(reader));
        reader.Seek(0);
        Assert.True(reader.Read(buffer) > 0);
    }

    [Fact]
    public void Several_decoders_treat_it_as_one_does()
    {
        using var one = new OpusAudioReader(new MemoryStream(Chain), LibOpusCodec.Default);
        using var many = new ParallelOpusAudioReader(new MemoryStream(Chain), LibOpusCodec.Default, maxDegreeOfParallelism: 2)
        {
            StretchLength = 9600,
        };
        Pcm.AssertClose("chain", Pcm.ReadAll(one), Pcm.ReadAll(many), 1e-4f);
        Assert.Equal(one.Defects, many.Defects);

        using var strict = new ParallelOpusAudioReader(
            new MemoryStream(Chain), LibOpusCodec.Default, maxDegreeOfParallelism: 2, options: new OpusReaderOptions
            {
                Strict = true,
            });
        var buffer = new float[48_000];
        Assert.Equal(48_000, strict.Read(buffer));
        Assert.Contains("family 255", Assert.Throws<VoiceFormatException>(() => strict.Read(buffer)).Message);
    }

    [Fact]
    public void First_link_without_a_meaning_is_refused_at_once() =>
        Assert.Throws<VoiceFormatException>(
            () => new OpusAudioReader(new MemoryStream([.. Middle, .. Last]), LibOpusCodec.Default));

    // Family 255, and the mapping of a stereo stream.
    private static byte[] Meaningless(byte[] file) => OggBytes.Rewrite(file, (page, index) =>
    {
        if (index > 0)
            return [page];
        byte[] longer = [.. page, 1, 1, 0, 1];
        var head = new OggPage(page).BodyAt;
        longer[head + 18] = 255;
        longer[OggPage.HeaderSize] += 4;
        return [longer];
    });
}
