using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Docs.Tests.Pages;

public class ContainerPage : DocsPage
{
    [Fact]
    public async Task Examples_of_packets_work()
    {
        using (var stream = File.OpenRead("message.opus"))
        {
            var info = OpusInfo.Read(stream);
            Console.WriteLine($"{info.Container}, {info.Duration}, {info.PacketCount} packets, {info.Mode}, {info.Bitrate:F0} bit/s");
            foreach (var defect in info.Defects)
                Console.WriteLine($"{defect.Offset}: {defect.Message}");
        }

        var packets = new List<byte[]>();
        using (var reader = OpusContainers.Open(File.OpenRead("message.opus")))
        {
            while (reader.Read())
            {
                Console.WriteLine($"{reader.PacketInfo.Position}: {reader.Packet.Length} bytes, {reader.PacketInfo.Playable} samples");
                packets.Add(reader.Packet.ToArray());
            }
        }

        using (var writer = new OggOpusWriter(File.Create("written.opus"), new OpusHead(1, 312, 48_000), new OpusTags("my app")))
        {
            foreach (var packet in packets)
                writer.WritePacket(packet);
            writer.Finish();
        }

        Assert.Empty(Oracle.Warnings("written.opus"));
        var written = await VoiceMessage.OpenAsync("written.opus");
        Assert.Equal(("my app", (long)packets.Count), (written.Tags.Vendor, written.Info.PacketCount));
        Assert.Equal((await VoiceMessage.OpenAsync("message.opus")).Info.PacketCount, written.Info.PacketCount);
    }

    [Fact]
    public async Task Examples_of_files_work()
    {
        using (var input = File.OpenRead("message.opus"))
        using (var output = File.Create("message.webm"))
            OpusEditor.Remux(input, output, OpusContainer.WebM);

        var (name, _) = Oracle.Run("ffprobe", "-v", "error", "-show_entries", "format=format_name", "-of", "csv=p=0", "message.webm");
        Assert.Contains("webm", name, StringComparison.Ordinal);

        var message = await VoiceMessage.OpenAsync("message.opus");
        var parts = await message.SplitAsync(TimeSpan.FromSeconds(0.75));
        var whole = await VoiceMessage.JoinAsync(parts);

        Assert.Equal(TimeSpan.FromSeconds(0.75), parts[0].Duration);
        Assert.Equal(message.Duration, whole.Duration);

        var one = await VoiceMessage.JoinAsync(parts, LibOpusCodec.Default);

        Assert.Equal(1, one.Info.LinkCount);
        Assert.InRange((one.Duration - message.Duration).TotalSeconds, -0.01, 0.01);

        OggOpusTagEditor.Edit("message.opus", tags => tags.With("TITLE", "On my way").Without("ENCODER"));

        Assert.Equal("On my way", (await VoiceMessage.OpenAsync("message.opus")).Tags.GetValue("TITLE"));
        using (var stream = File.OpenRead("message.opus"))
        {
            var report = OggOpusCheck.Run(stream);
            Console.WriteLine(report.IsConforming ? "conforming" : string.Join('\n', report.Findings));
        }

        Assert.Empty(Oracle.Warnings("message.opus"));
    }
}
