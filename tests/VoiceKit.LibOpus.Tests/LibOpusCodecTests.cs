using VoiceKit.LibOpus.Interop;
using VoiceKit.Opus;
using VoiceKit.Tests.Codecs;

namespace VoiceKit.LibOpus.Tests;

public class LibOpusCodecTests() : OpusCodecTests(LibOpusCodec.Default)
{
    [Fact]
    public void Use_guard_admits_one_at_a_time()
    {
        var use = new ExclusiveUse();
        use.Enter(this, isDisposed: false);
        Assert.Throws<InvalidOperationException>(() => use.Enter(this, isDisposed: false));
        use.Leave();
        use.Enter(this, isDisposed: false);
        Assert.Throws<ObjectDisposedException>(() => use.Enter(this, isDisposed: true));
    }

    [Fact]
    public void Missing_library_says_what_to_install()
    {
        string[] names = ["libnosuchopus.so.0"];
        Assert.Equal(0, LibOpusLibrary.TryLoad(names).Handle);
        var exception = LibOpusLibrary.NotFound(names);
        Assert.Contains("libnosuchopus.so.0", exception.Message);
        Assert.Contains(LibOpusLibrary.InstallHint, exception.Message);
        Assert.Contains("install", LibOpusLibrary.InstallHint, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Encoding_and_decoding_allocate_nothing_per_packet()
    {
        using var encoder = Codec.CreateEncoder(new OpusEncoderOptions());
        using var decoder = Codec.CreateDecoder(48_000, 1);
        var pcm = Tone(48_000, 1, encoder.FrameSize);
        var packet = new byte[OpusPacket.MaxEncodedSize];
        Run(20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var length = encoder.Encode(pcm, packet);
                decoder.Decode(packet.AsSpan(0, length), pcm);
            }
        }
    }
}
