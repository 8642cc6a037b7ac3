using VoiceKit.Conformance;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Rtp;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Rtp;

/// <summary>What came over the network is a file in which time is true.</summary>
public class RtpOpusRecorderTests
{
    [Fact]
    public void Packets_are_written_in_order_as_they_were_sent()
    {
        using var folder = new TemporaryFolder();
        var sent = RtpBytes.Stream(200);
        (sent[5], sent[7]) = (sent[7], sent[5]);
        var bytes = Record(sent, 0, out var recorder);
        Assert.Equal(Enumerable.Range(0, 200).Select(RtpBytes.Opus), Pcm.PacketsOf(bytes));
        Assert.Equal((TimeSpan.FromSeconds(4), TimeSpan.Zero), (recorder.Duration, recorder.Filled));
        Assert.True(OggOpusCheck.Run(new MemoryStream(bytes)).IsConforming);
        File.WriteAllBytes(folder["x.opus"], bytes);
        Assert.Equal(200 * 960, Oracle.OpusDec(folder["x.opus"]).Length);
    }

    [Fact]
    public void Lost_packets_leave_their_time()
    {
        var sent = RtpBytes.Stream(100);
        byte[][] arrived = [.. sent.Where((_, i) => i is not (20 or 50 or 51))];
        var bytes = Record(arrived, 312, out var recorder);
        Assert.Equal(TimeSpan.FromMilliseconds(60), recorder.Filled);
        Assert.Equal(3, recorder.Statistics.Lost);
        Assert.Equal(OpusRates.ToTime(100 * 960 - 312), recorder.Duration);
        var packets = Pcm.PacketsOf(bytes);
        Assert.Equal(100, packets.Length);
        Assert.Equal([0x48], packets[20]);
        Assert.Equal(RtpBytes.Opus(21), packets[21]);
        Assert.Equal(312, OggOpusReader.Open(bytes).Head.PreSkip);
        Assert.True(OggOpusCheck.Run(new MemoryStream(bytes)).IsConforming);
    }

    [Fact]
    public void A_pre_skip_may_be_longer_than_a_packet()
    {
        var bytes = Record(RtpBytes.Stream(100), 3840, out var recorder);
        Assert.Equal(3840, OggOpusReader.Open(bytes).Head.PreSkip);
        Assert.Equal(OpusRates.ToTime(100 * 960 - 3840), recorder.Duration);
    }

    [Fact]
    public void Nothing_taken_is_nothing_written()
    {
        var bytes = new MemoryStream();
        using var recorder = new RtpOpusRecorder(bytes);
        Assert.False(recorder.Push([1, 2, 3]));
        Assert.Throws<InvalidOperationException>(recorder.Finish);
        Assert.Equal(0, bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RtpOpusRecorder(bytes, channels: 3));
    }

    [Fact]
    public void An_output_that_fails_fails_every_later_call_the_same()
    {
        using var recorder = new RtpOpusRecorder(
            new FailingStream(500), options: new OpusWriterOptions { MaxPageDuration = TimeSpan.Zero });
        var packets = RtpBytes.Stream(100);
        (packets[20], packets[21]) = (packets[21], packets[20]);
        var message = "";
        var failed = 0;
        foreach (var packet in packets)
        {
            if (Xunit.Record.Exception(() => recorder.Push(packet)) is { } exception)
            {
                message = Assert.IsType<IOException>(exception).Message;
                failed++;
            }
        }

        Assert.InRange(failed, 10, 99);
        Assert.Equal(message, Assert.Throws<IOException>(recorder.Finish).Message);
    }

    private static byte[] Record(byte[][] packets, int preSkip, out RtpOpusRecorder recorder)
    {
        var bytes = new MemoryStream();
        recorder = new RtpOpusRecorder(bytes, preSkip: preSkip);
        foreach (var packet in packets)
            recorder.Push(packet);
        recorder.Finish();
        Assert.Throws<InvalidOperationException>(recorder.Finish);
        recorder.Dispose();
        return bytes.ToArray();
    }
}
