using VoiceKit.Conformance;
using VoiceKit.Containers;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// The check of Ogg Opus: it throws nothing at all; findings stand within the input; input in pieces gives the same; and what it
/// finds nothing wrong with can be read without a defect.
/// </summary>
public sealed class OggCheckTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Ogg;

    protected override void Read(byte[] input) => OggOpusCheck.Run(new ReadOnlyMemoryStream(input));

    protected override void Check(byte[] input)
    {
        OggOpusCheckReport report, inPieces;
        try
        {
            report = OggOpusCheck.Run(new MemoryStream(input));
            inPieces = OggOpusCheck.Run(new PieceStream(input, 1 + input.Length % 97 * 3, canSeek: false));
        }
        catch (VoiceFormatException exception)
        {
            Assert.Fail(exception.ToString());
            return;
        }

        Assert.Equal(input.Length, report.Length);
        Same.Check(report.Findings, inPieces.Findings);
        Assert.Equal((report.ErrorCount, report.WarningCount), (inPieces.ErrorCount, inPieces.WarningCount));
        Assert.DoesNotContain(report.Findings, finding => finding.Offset < 0 || finding.Offset > input.Length);
        if (report.ErrorCount + report.WarningCount == 0)
            Assert.Null(PacketRecord.Of(() => OggOpusReader.Open(input, new OpusReaderOptions { Strict = true })).Fault);
    }
}
