using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class VoiceDraftsTests
{
    private static readonly AudioFormat Mono = Recorders.Mono;

    [Theory]
    [InlineData(2.5)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(120)]
    public async Task The_draft_is_a_valid_file_at_any_moment_and_close_behind_the_voice(double packet)
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        var encoding = new VoiceEncodingOptions { Encoder = new() { PacketDuration = TimeSpan.FromMilliseconds(packet) } };
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = drafts,
            Encoding = encoding,
        });
        await recorder.StartAsync();
        var draft = Assert.Single(drafts.List());
        Assert.True(draft.IsInUse);
        var pcm = Signals.Voice(3 * 48_000);
        for (var at = 0; at < pcm.Length; at += 7_680)
        {
            input.Hear(pcm.AsSpan(at, Math.Min(7_680, pcm.Length - at)), 960);
            await recorder.TakesAsync(Mono.DurationOf(Math.Min(at + 7_680, pcm.Length)));
            Thread.Sleep(20); // What was taken is on its way to the disk.
            Oracle.Run("cp", draft.Path, folder["copy.opus"]);
            var info = VoiceMessage.Open(folder["copy.opus"]).Info;
            var behind = recorder.Elapsed - info.Duration;
            Assert.InRange(behind, TimeSpan.Zero, TimeSpan.FromMilliseconds(480));
            Assert.All(info.Defects, defect => Assert.Equal(OpusDefectKind.MissingEnd, defect.Kind));
            Assert.DoesNotContain(
                Oracle.Warnings(folder["copy.opus"]),
                warning => !warning.Contains("EOS") && !(info.Samples == 0 && warning.Contains("is empty")));
        }
    }

    [Fact]
    public async Task A_draft_in_use_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using (var recorder = Recorders.New(input, drafts))
        {
            await recorder.StartAsync();
            input.Hear(Signals.Voice(100_000), 960);
            var draft = Assert.Single(drafts.List());
            await Assert.ThrowsAnyAsync<IOException>(() => drafts.RecoverAsync(draft));
            Assert.ThrowsAny<IOException>(() => drafts.Delete(draft));
            await recorder.PauseAsync();
            Assert.True(Assert.Single(drafts.List()).IsInUse);
        }

        var left = Assert.Single(drafts.List());
        Assert.False(left.IsInUse);
        Assert.Equal(100_000, (await drafts.RecoverAsync(left)).Info.Samples);
        Assert.Empty(Oracle.Warnings(left.Path));
        drafts.Delete(left);
        drafts.Delete(left);
        Assert.Empty(drafts.List());
    }

    [Fact]
    public async Task A_finished_message_stays_as_a_draft_until_it_is_deleted()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using var recorder = Recorders.New(input, new VoiceRecorderOptions
        {
            DeviceTimeout = Recorders.Patience,
            Drafts = drafts,
        });
        await recorder.StartAsync();
        input.Hear(Signals.Voice(100_000), 960);
        Assert.Throws<InvalidOperationException>(recorder.DeleteDraft);
        await recorder.FinishAsync();
        Assert.Single(drafts.List());
        recorder.DeleteDraft();
        recorder.DeleteDraft();
        Assert.Empty(drafts.List());
    }

    [Fact]
    public void Drafts_are_listed_newest_first_and_nothing_else_is()
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));
        var drafts = new VoiceDrafts(folder["drafts"], clock);
        Assert.Empty(drafts.List());
        drafts.Create().Dispose();
        clock.Advance(TimeSpan.FromMinutes(1));
        drafts.Create().Dispose();
        File.WriteAllText(Path.Combine(drafts.Folder, "draft-note.opus"), "");
        File.WriteAllText(Path.Combine(drafts.Folder, "draft-20261121T100000000Z-1.txt"), "");

        var starts = drafts.List().Select(draft => draft.StartedAt.ToString("HH:mm")).ToArray();
        Assert.Equal(["09:01", "09:00"], starts);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(drafts.List()[0].Path));
    }

    [Fact]
    public async Task The_folder_of_the_drafts_is_no_place_to_recover_them_to()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        var input = new FakeAudioInput(Mono);
        await using (var recorder = Recorders.New(input, drafts))
        {
            await recorder.StartAsync();
            input.Hear(Signals.Voice(100_000), 960);
        }

        var draft = Assert.Single(drafts.List());
        Directory.CreateSymbolicLink(folder["link"], drafts.Folder);

        // Another case is the same folder on Windows; Wine makes no links.
        var places = new List<string> { drafts.Folder };
        if (OperatingSystem.IsWindows())
            places.Add(drafts.Folder.ToUpperInvariant());
        if (Directory.Exists(folder["link"]))
            places.Add(folder["link"]);
        foreach (var place in places)
            await Assert.ThrowsAsync<ArgumentException>(
                () => drafts.RecoverToFileAsync(draft, Path.Combine(place, draft.Id + ".opus")));
        Assert.Equal(100_000, (await drafts.RecoverAsync(draft)).Info.Samples);
    }

    [Fact]
    public async Task A_draft_without_audio_says_so()
    {
        using var folder = new TemporaryFolder();
        var drafts = new VoiceDrafts(folder["drafts"]);
        await using (var recorder = Recorders.New(new FakeAudioInput(Mono), drafts))
            await recorder.StartAsync();
        drafts.Create().Dispose();
        foreach (var draft in drafts.List().Where(draft => draft.Size == 0))
            await Assert.ThrowsAsync<VoiceFormatException>(() => drafts.RecoverAsync(draft));
        Assert.Equal(2, drafts.List().Count);
    }
}
