using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Storage;
using VoiceKit.Tests.Storage;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests;

/// <summary>
/// Files that somebody reads while another changes, replaces or deletes them, which Windows allows only where both say so. The
/// same is so on every system.
/// </summary>
public sealed class SharingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Message => _folder["message.opus"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Tags_are_changed_while_the_message_plays(int length)
    {
        await Spoken().SaveAsync(Message);
        using (var playing = (await VoiceMessage.OpenAsync(Message)).OpenAudio(LibOpusCodec.Default))
        {
            var buffer = new float[960];
            Assert.True(playing.Read(buffer) > 0);
            OggOpusTagEdit.Edit(Message, tags => tags.With("TITLE", new string('x', length)));
            while (playing.Read(buffer) > 0)
            {
            }
        }

        Assert.Equal(length, OggOpusTagEdit.Read(Message).Comments.Single(comment => comment.Name == "TITLE").Value.Length);
        Assert.Single(_folder.Files);
    }

    [Fact]
    public async Task A_file_that_is_read_is_replaced_and_its_reader_reads_on()
    {
        await Stores.Message(1).SaveAsync(Message);
        var old = File.ReadAllBytes(Message);
        using var read = new MemoryStream();
        using (var reading = (await VoiceMessage.OpenAsync(Message)).OpenRead())
        {
            read.WriteByte((byte)reading.ReadByte());
            await Stores.Message(2, 50).SaveAsync(Message);
            reading.CopyTo(read);
        }

        Assert.Equal(old, read.ToArray());
        Assert.Equal(Stores.Message(2, 50).Duration, (await VoiceMessage.OpenAsync(Message)).Duration);
        Assert.Single(_folder.Files);
    }

    [Fact]
    public async Task A_file_that_is_read_is_deleted()
    {
        await Stores.Message(1).SaveAsync(Message);
        var size = new FileInfo(Message).Length;
        using (var reading = (await VoiceMessage.OpenAsync(Message)).OpenRead())
        {
            File.Delete(Message);
            using var all = new MemoryStream();
            reading.CopyTo(all);
            Assert.Equal(size, all.Length);
        }

        Assert.False(File.Exists(Message));
    }

    [Fact]
    public async Task A_message_is_marked_played_exported_backed_up_and_deleted_while_it_plays()
    {
        using var store = new VoiceMessageStore(_folder["voices"], Stores.Fast);
        var id = (await store.AddAsync(Spoken())).Id;
        using var playing = (await store.OpenAsync(id))!.OpenAudio(LibOpusCodec.Default);
        var buffer = new float[960];
        Assert.True(playing.Read(buffer) > 0);

        Assert.True((await store.MarkPlayedAsync(id))!.IsPlayed);
        Assert.True(await store.ExportAsync(id, Message));
        using (var backup = new MemoryStream())
            Assert.Empty((await store.BackupAsync(backup)).Faults);
        Assert.True(await store.DeleteAsync(id));
        Assert.Empty(await store.ListAsync().ToListAsync());
        while (playing.Read(buffer) > 0)
        {
        }
    }

    [Fact]
    public async Task A_file_that_somebody_has_for_himself_stays_as_it_is()
    {
        await Stores.Message(1).SaveAsync(Message);
        var old = File.ReadAllBytes(Message);
        using (var held = new FileStream(Message, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // Unix lets a name be given to another file all the same.
            if (OperatingSystem.IsWindows())
            {
                await Assert.ThrowsAnyAsync<SystemException>(() => Stores.Message(2).SaveAsync(Message));
                Assert.Throws<IOException>(() => OggOpusTagEdit.Edit(Message, tags => tags.With("TITLE", "x")));
            }
        }

        Assert.Equal(old, File.ReadAllBytes(Message));
        Assert.Single(_folder.Files);
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_is_not_replaced_on_Windows()
    {
        await Stores.Message(1).SaveAsync(Message);
        var old = File.ReadAllBytes(Message);
        File.SetAttributes(Message, FileAttributes.ReadOnly);
        if (OperatingSystem.IsWindows())
        {
            await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Stores.Message(2).SaveAsync(Message));
            Assert.Equal(old, File.ReadAllBytes(Message));
        }

        File.SetAttributes(Message, FileAttributes.Normal);
        Assert.Single(_folder.Files);
    }

    // Where they mean a device, or another name, on Windows: whatever becomes of them, nothing is left half done.
    [Theory]
    [InlineData("con.opus")]
    [InlineData("NUL")]
    [InlineData("lpt1.opus")]
    [InlineData("message.opus.")]
    [InlineData("message.opus ")]
    [InlineData("a:b.opus")]
    [InlineData("what?.opus")]
    public async Task A_name_that_Windows_takes_otherwise_is_saved_or_refused(string name)
    {
        var isSaved = false;
        try
        {
            await Stores.Message(1).SaveAsync(_folder[name]);
            isSaved = true;
            Assert.Equal(Stores.Message(1).Duration, (await VoiceMessage.OpenAsync(_folder[name])).Duration);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && OperatingSystem.IsWindows())
        {
            Assert.False(isSaved, exception.ToString());
        }

        Assert.DoesNotContain(_folder.Files, file => Path.GetFileName(file).StartsWith(".voicekit-", StringComparison.Ordinal));
        Assert.True(_folder.Files.Length == (isSaved ? 1 : 0), string.Join(' ', _folder.Files));
    }

    [Fact]
    public async Task A_long_path_and_a_name_in_another_case_are_the_file_that_they_name()
    {
        var folder = _folder.Path;
        for (var i = 0; i < 6; i++)
            folder = Path.Combine(folder, new string((char)('a' + i), 60));
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "message.opus");
        Assert.True(path.Length > 300);
        await Stores.Message(1).SaveAsync(path);
        await Stores.Message(2, 50).SaveAsync(path);
        Assert.Equal(Stores.Message(2, 50).Duration, (await VoiceMessage.OpenAsync(path)).Duration);
        if (OperatingSystem.IsWindows())
            await Stores.Message(1).SaveAsync(Path.Combine(folder, "MESSAGE.OPUS"));
        Assert.Single(Directory.GetFiles(folder));
    }

    private static VoiceMessage Spoken() =>
        VoiceMessage.FromBytes(Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1)));
}
