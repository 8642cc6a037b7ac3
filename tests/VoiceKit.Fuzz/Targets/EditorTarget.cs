using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.IO;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// Repair, trim and remux of every container. What is written reads without a defect and is as long as the report says; a remux
/// to WebM or CAF and back has the length of the first. What is written may be allocated too: packet tables and cues.
/// </summary>
public sealed class EditorTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private static readonly OpusWriterOptions Options = new() { Serial = 7 };

    protected override IReadOnlyList<byte[]> MakeSeeds() => [.. Seeds.Ogg, .. Seeds.WebM, .. Seeds.Mp4, .. Seeds.Caf];

    protected override long SizeOf(byte[] input)
    {
        var output = new DiscardStream();
        Allocation.Measure(() => OpusEditor.Repair(new ReadOnlyMemoryStream(input), output, Options));
        return input.Length + output.Length;
    }

    protected override void Read(byte[] input) =>
        OpusEditor.Repair(new ReadOnlyMemoryStream(input), new DiscardStream(), Options);

    protected override void Check(byte[] input)
    {
        CheckEdit(output => OpusEditor.Repair(new MemoryStream(input), output, Options));
        var from = TimeSpan.FromMilliseconds(input.Length % 300);
        CheckEdit(
            output => OpusEditor.Trim(new MemoryStream(input), output, from, from * 2 + TimeSpan.FromMilliseconds(30), Options));
        foreach (var container in new[] { OpusContainer.WebM, OpusContainer.Caf })
            CheckEdit(output => OpusEditor.Remux(new MemoryStream(input), output, container));
    }

    private static void CheckEdit(Func<Stream, OpusCopyReport> edit)
    {
        var output = new MemoryStream();
        OpusCopyReport report;
        try
        {
            report = edit(output);
        }
        catch (VoiceFormatException)
        {
            return;
        }
        catch (ArgumentOutOfRangeException exception) when (exception.ParamName == "from")
        {
            return; // The message ends before.
        }

        var strict = new OpusReaderOptions { Strict = true };
        var record = PacketRecord.Of(() => OpusContainers.Open(new MemoryStream(output.ToArray()), strict));
        Assert.Null(record.Fault);
        Assert.Equal(report.Samples, record.Samples);
        Assert.Equal(report.PacketCount, record.Packets.Count);
        record.CheckRanges(output.Length);
    }
}
