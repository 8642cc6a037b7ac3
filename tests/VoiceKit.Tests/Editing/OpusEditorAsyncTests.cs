using VoiceKit.Editing;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Editing;

/// <summary>Each edit gives the same bytes on streams that refuse to be read or written synchronously.</summary>
public class OpusEditorAsyncTests
{
    private static readonly OpusWriterOptions Options = new() { Serial = 1 };

    private static byte[] Voice => field ??= Pcm.Encode(Signals.Voice(150_000), new(48_000, 1));

    public static TheoryData<string> Edits => [.. All.Keys];

    private static Dictionary<string, Edit> All { get; } = new()
    {
        ["trim"] = new(
            (input, output) => OpusEditor.Trim(input, output, Seconds(0.61), Seconds(2.2), Options),
            (input, output, token) => OpusEditor.TrimAsync(input, output, Seconds(0.61), Seconds(2.2), Options, token)),
        ["trim of a stream that cannot seek"] = new(
            (input, output) => OpusEditor.Trim(input, output, Seconds(0.61), null, Options),
            (input, output, token) => OpusEditor.TrimAsync(input, output, Seconds(0.61), null, Options, token),
            CanSeek: false),
        ["repair"] = new(
            (input, output) => OpusEditor.Repair(input, output, Options),
            (input, output, token) => OpusEditor.RepairAsync(input, output, Options, token),
            Change: Damage),
        ["repair of a piece of WebM"] = new(
            (input, output) => OpusEditor.Repair(input, output, Options),
            (input, output, token) => OpusEditor.RepairAsync(input, output, Options, token),
            Change: voice => ToWebM(voice)[400..]),
        ["amplify"] = new(
            (input, output) => OpusEditor.Amplify(input, output, -6, Options),
            (input, output, token) => OpusEditor.AmplifyAsync(input, output, -6, Options, token)),
        ["regroup"] = new(
            (input, output) => OpusEditor.Regroup(input, output, Seconds(0.06), false, Options),
            (input, output, token) => OpusEditor.RegroupAsync(input, output, Seconds(0.06), false, Options, token)),
        ["Ogg"] = Remux(OpusContainer.Ogg),
        ["WebM"] = Remux(OpusContainer.WebM),
        ["MP4"] = Remux(OpusContainer.Mp4),
        ["CAF"] = Remux(OpusContainer.Caf),
        ["CAF at 24 kHz"] = new(
            (input, output) => OpusEditor.RemuxToCaf(input, output, 24_000),
            (input, output, token) => OpusEditor.RemuxToCafAsync(input, output, 24_000, token)),
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task It_gives_what_the_synchronous_one_gives(string name)
    {
        var edit = All[name];
        var data = edit.Change?.Invoke(Voice) ?? Voice;
        using var input = new MemoryStream(data);
        using var expected = new MemoryStream();
        var report = edit.Sync(edit.CanSeek ? input : new TrickleStream(data, 1000), expected);

        using var again = new MemoryStream(data);
        using var actual = new MemoryStream();
        var other = await edit.Async(
            new AsyncBody(again, edit.CanSeek), new AsyncBody(actual), TestContext.Current.CancellationToken);
        Assert.Equal(expected.ToArray(), actual.ToArray());
        Assert.Equal(
            (report.Samples, report.PacketCount, report.DefectCount), (other.Samples, other.PacketCount, other.DefectCount));
        Assert.True(report.PacketCount > 20, $"{report.PacketCount}");
    }

    [Fact]
    public async Task Messages_are_joined_and_split_as_by_the_synchronous_ones()
    {
        using var joined = new MemoryStream();
        OpusEditor.Join([new MemoryStream(Voice), new MemoryStream(Voice)], joined, Options);
        using var actual = new MemoryStream();
        var report = await OpusEditor.JoinAsync(
            [new AsyncBody(new MemoryStream(Voice)), new AsyncBody(new MemoryStream(Voice), canSeek: false)],
            new AsyncBody(actual),
            Options);
        Assert.Equal(joined.ToArray(), actual.ToArray());
        Assert.Equal((2, 300_000), (report.LinkCount, report.Samples));

        using var first = new MemoryStream();
        using var second = new MemoryStream();
        joined.Position = 0;
        var parts = await OpusEditor.SplitAsync(
            new AsyncBody(joined), Seconds(4), new AsyncBody(first), new AsyncBody(second), Options);
        Assert.Equal([Seconds(4), Seconds(2.25)], parts.Select(part => part.Duration));
        await Assert.ThrowsAsync<ArgumentException>(() => OpusEditor.JoinAsync([], new MemoryStream()));
    }

    [Fact]
    public async Task Messages_are_joined_as_one_stream_as_by_the_synchronous_one()
    {
        var stereo = Pcm.Encode(Signals.Voice(96_000, channels: 2), new(48_000, 2));
        using var joined = new MemoryStream();
        OpusEditor.JoinAsOne(
            [new MemoryStream(Voice), new MemoryStream(Voice), new MemoryStream(stereo)], joined, LibOpusCodec.Default, Options);
        using var actual = new MemoryStream();
        var report = await OpusEditor.JoinAsOneAsync(
            [
                new AsyncBody(new MemoryStream(Voice)),
                new AsyncBody(new MemoryStream(Voice), canSeek: false),
                new AsyncBody(new MemoryStream(stereo)),
            ],
            new AsyncBody(actual),
            LibOpusCodec.Default,
            Options,
            TestContext.Current.CancellationToken);
        Assert.Equal(joined.ToArray(), actual.ToArray());
        Assert.Equal(2, report.LinkCount);
        await Assert.ThrowsAsync<ArgumentException>(
            () => OpusEditor.JoinAsOneAsync([], new MemoryStream(), LibOpusCodec.Default));
    }

    [Fact]
    public async Task A_write_that_fails_and_a_token_that_is_cancelled_end_it()
    {
        await Assert.ThrowsAsync<IOException>(() => OpusEditor.RepairAsync(new MemoryStream(Voice), new FailingStream(1000)));
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () =>
                OpusEditor.AmplifyAsync(new AsyncBody(new MemoryStream(Voice)), new MemoryStream(), 3, null, cancellation.Token));
    }

    private static Edit Remux(OpusContainer container) => new(
        (input, output) => OpusEditor.Remux(input, output, container, Options),
        (input, output, token) => OpusEditor.RemuxAsync(input, output, container, Options, token));

    private static byte[] Damage(byte[] voice)
    {
        byte[] damaged = [.. voice];
        damaged[voice.Length / 2] ^= 0x55;
        return damaged;
    }

    private static byte[] ToWebM(byte[] voice)
    {
        using var output = new MemoryStream();
        OpusEditor.Remux(new MemoryStream(voice), output, OpusContainer.WebM);
        return output.ToArray();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private sealed record Edit(
        Func<Stream, Stream, OpusCopyReport> Sync,
        Func<Stream, Stream, CancellationToken, Task<OpusCopyReport>> Async,
        bool CanSeek = true,
        Func<byte[], byte[]>? Change = null);
}
