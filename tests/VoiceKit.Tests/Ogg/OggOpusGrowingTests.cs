using System.IO.Pipelines;
using VoiceKit.Containers;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Ogg;

/// <summary>Inputs that are not whole yet, and inputs other than streams.</summary>
public class OggOpusGrowingTests
{
    private static readonly byte[] Whole = NumberedPackets.File(
        500, new OpusWriterOptions { MaxPageDuration = TimeSpan.FromMilliseconds(200) });

    [Fact]
    public async Task A_file_is_read_to_its_end_while_it_is_written()
    {
        using var folder = new TemporaryFolder();
        var isGrowing = true;
        var write = Task.Run(async () =>
        {
            await using var file = new FileStream(folder["x.opus"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 1);
            for (var at = 0; at < Whole.Length; at += 700)
            {
                await file.WriteAsync(Whole.AsMemory(at, Math.Min(700, Whole.Length - at)));
                await Task.Yield();
            }

            Volatile.Write(ref isGrowing, false);
        });
        while (!File.Exists(folder["x.opus"]))
            await Task.Yield();
        var options = new OpusReaderOptions
        {
            IsGrowing = () => Volatile.Read(ref isGrowing),
            PollInterval = TimeSpan.FromMilliseconds(1),
        };
        var stream = new FileStream(folder["x.opus"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using var reader = await OggOpusReader.OpenAsync(stream, options);
        var count = 0;
        while (await reader.ReadAsync())
            Assert.Equal(count++, NumberedPackets.NumberOf(reader.Packet));
        await write;
        Assert.Equal(500, count);
        Assert.Empty(reader.Defects);
    }

    [Fact]
    public void A_growing_input_is_waited_for_without_async_too()
    {
        var polls = 0;
        var stream = new GrowingStream(Whole, 3000);
        var options = new OpusReaderOptions
        {
            IsGrowing = () => ++polls > 0 && !stream.IsWhole,
            PollInterval = TimeSpan.FromMilliseconds(1),
        };
        using var reader = OggOpusReader.Open(stream, options);
        var count = 0;
        while (reader.Read())
            count++;
        Assert.Equal(500, count);
        Assert.True(polls > 5);
    }

    [Fact]
    public async Task Waiting_for_more_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var options = new OpusReaderOptions { IsGrowing = () => true };
        await using var reader = await OggOpusReader.OpenAsync(new MemoryStream(Whole[..(Whole.Length / 2)]), options);
        var read = Task.Run(async () =>
        {
            while (await reader.ReadAsync(cancel.Token))
            {
            }
        });
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task A_pipe_is_read()
    {
        var pipe = new Pipe();
        var write = Task.Run(async () =>
        {
            for (var at = 0; at < Whole.Length; at += 333)
                await pipe.Writer.WriteAsync(Whole.AsMemory(at, Math.Min(333, Whole.Length - at)));
            await pipe.Writer.CompleteAsync();
        });
        await using var reader = await OggOpusReader.OpenAsync(pipe.Reader);
        var count = 0;
        while (await reader.ReadAsync())
            Assert.Equal(count++, NumberedPackets.NumberOf(reader.Packet));
        await write;
        Assert.Equal(500, count);
    }

    [Fact]
    public void Memory_is_read_and_can_seek()
    {
        using var reader = OggOpusReader.Open(Whole.AsMemory());
        Assert.True(reader.CanSeek);
        reader.Seek(480_000);
        Assert.True(reader.Read());
    }

    /// <summary>Shows some more of its bytes each time its end was reached.</summary>
    private sealed class GrowingStream(byte[] bytes, int step) : ForwardOnlyStream
    {
        private int _position;
        private int _end;

        public bool IsWhole => _end == bytes.Length;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(buffer.Length, _end - _position);
            bytes.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            if (count == 0)
                _end = Math.Min(bytes.Length, _end + step);
            return count;
        }
    }
}
