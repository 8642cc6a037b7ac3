using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

public class OpusAudioReaderDisposeTests
{
    private static byte[] Voice => field ??= Pcm.Encode(Signals.Voice(48_000), new AudioFormat(48_000, 1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Decoded_audio_that_is_left_over_is_not_given_after_it_was_disposed(bool isAsync)
    {
        var reader = new OpusAudioReader(new MemoryStream(Voice));
        var few = new float[100];
        Assert.Equal(100, reader.Read(few)); // Of a packet of 960: the rest is decoded already.
        if (isAsync)
            await reader.DisposeAsync();
        else
            reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => reader.Read(few));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.ReadAsync(few));
        Assert.Throws<ObjectDisposedException>(() => reader.Seek(0));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await reader.SeekAsync(0));
        reader.Dispose();
        await reader.DisposeAsync();
    }
}
