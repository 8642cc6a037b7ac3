using VoiceKit.Audio;
using VoiceKit.Caf;
using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;
using VoiceKit.WebM;

namespace VoiceKit.Tests.Containers;

public class OpusAudioWriterTests
{
    private static readonly float[] Voice = Signals.Voice(60_001);

    [Fact]
    public void Audio_behind_the_end_is_refused_and_not_swallowed()
    {
        using var writer = new OpusAudioWriter(new MemoryStream(), LibOpusCodec.Default);
        writer.Write(Voice);
        writer.Finish();
        Assert.Throws<InvalidOperationException>(() => writer.Write(new float[1]));
        Assert.Throws<InvalidOperationException>(() => writer.Finish());
        Assert.Equal(Voice.Length, writer.FrameCount);
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Write(new float[1]));
    }

    [Theory]
    [InlineData(OpusContainer.Ogg)]
    [InlineData(OpusContainer.WebM)]
    [InlineData(OpusContainer.Caf)]
    public async Task Any_container_keeps_the_audio_to_the_frame_written_either_way(OpusContainer container)
    {
        var bytes = new MemoryStream();
        using (var writer = Create(container, bytes))
        {
            writer.Write(Voice.AsSpan(0, 7));
            writer.Write(Voice.AsSpan(7));
            writer.Finish();
        }

        var others = new MemoryStream();
        await using (var writer = Create(container, new AsyncOnlyStream(others)))
        {
            await writer.WriteAsync(Voice.AsMemory(0, 12_345));
            await writer.FlushAsync();
            await writer.WriteAsync(Voice.AsMemory(12_345));
            await writer.FinishAsync();
        }

        using var reader = new OpusAudioReader(new MemoryStream(bytes.ToArray()), LibOpusCodec.Default);
        var pcm = Pcm.ReadAll(reader);
        Assert.Equal(Voice.Length, pcm.Length);
        using var other = new OpusAudioReader(new MemoryStream(others.ToArray()), LibOpusCodec.Default);
        Assert.Equal(pcm, Pcm.ReadAll(other));
    }

    [Fact]
    public async Task Writer_of_an_app_takes_the_packets()
    {
        var encoder = LibOpusCodec.Default.CreateEncoder(new OpusEncoderOptions());
        var packets = new ListWriter();
        await using (var writer = new OpusAudioWriter(packets, encoder))
        {
            await writer.WriteAsync(Voice);
            await writer.FinishAsync();
        }

        Assert.Equal((Voice.Length + 312 + 959) / 960, packets.Packets.Count);
        Assert.Equal(packets.Packets.Count * 960 - Voice.Length - 312, packets.Trim);
        Assert.True(packets.IsDisposed);
    }

    private static OpusAudioWriter Create(OpusContainer container, Stream stream)
    {
        var encoder = LibOpusCodec.Default.CreateEncoder(new OpusEncoderOptions());
        var (head, tags) = (OpusHead.Of(encoder), new OpusTags("test"));
        return new OpusAudioWriter(
            container switch
            {
                OpusContainer.Ogg => new OggOpusWriter(stream, head, tags, leaveOpen: true),
                OpusContainer.WebM => new WebMOpusWriter(stream, head, tags, leaveOpen: true),
                _ => (IOpusPacketWriter)new CafOpusWriter(stream, head, tags, leaveOpen: true),
            },
            encoder);
    }

    private sealed class ListWriter : IOpusPacketWriter
    {
        public List<byte[]> Packets { get; } = [];

        public int Trim { get; private set; } = -1;

        public bool IsDisposed { get; private set; }

        public long Duration => Packets.Count * 960;

        public void WritePacket(ReadOnlySpan<byte> packet) => Packets.Add(packet.ToArray());

        public ValueTask WritePacketAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken = default)
        {
            WritePacket(packet.Span);
            return ValueTask.CompletedTask;
        }

        public void Flush()
        {
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public void Finish(int trimEnd = 0) => Trim = trimEnd;

        public ValueTask FinishAsync(int trimEnd = 0, CancellationToken cancellationToken = default)
        {
            Finish(trimEnd);
            return ValueTask.CompletedTask;
        }

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
