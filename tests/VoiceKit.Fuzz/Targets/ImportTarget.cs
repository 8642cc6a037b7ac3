using VoiceKit.Containers;
using VoiceKit.Importing;
using VoiceKit.Opus;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// Files of all formats that VoiceKit reads itself, as an app imports them. A preview and an import refuse the same; what is made
/// is a message without a defect, as long as the preview says and no longer than it may be.
/// </summary>
public sealed class ImportTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(30);
    private static readonly VoiceImporter Importer = new(new SilentCodec());
    private static readonly VoiceImportOptions Options = new() { MaxDuration = MaxDuration, TargetLoudness = null };
    private static readonly OpusReaderOptions Strict = new() { Strict = true };

    protected override int Runs => 500;

    protected override IReadOnlyList<byte[]> MakeSeeds() =>
        [.. Seeds.Ogg, .. Seeds.WebM, .. Seeds.Mp4, .. Seeds.Caf, .. Seeds.Wav, .. Seeds.Aiff];

    protected override void Read(byte[] input) => Preview(input);

    protected override void Check(byte[] input)
    {
        var preview = Try(() => Preview(input));
        var message = Try(() => Importer.ImportAsync(new MemoryStream(input), Options).GetAwaiter().GetResult());
        if (message is null)
        {
            // What may be looked at and not taken has nothing to hear.
            Assert.Equal(TimeSpan.Zero, preview?.Duration ?? TimeSpan.Zero);
            return;
        }

        Assert.NotNull(preview);
        using var bytes = new MemoryStream();
        using (var stream = message.OpenRead())
            stream.CopyTo(bytes);
        var record = PacketRecord.Of(() => OpusContainers.Open(new MemoryStream(bytes.ToArray()), Strict));
        Assert.Null(record.Fault);
        record.CheckRanges(bytes.Length);
        Assert.InRange(message.Duration, TimeSpan.Zero, MaxDuration);
    }

    private static VoiceImportPreview Preview(byte[] input) =>
        Importer.PreviewAsync(new MemoryStream(input), Options).GetAwaiter().GetResult();

    private static T? Try<T>(Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (VoiceFormatException)
        {
            return null;
        }
    }
}
