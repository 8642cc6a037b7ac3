using System.Runtime.InteropServices;

namespace VoiceKit.Tests.Opus;

/// <summary>The parts of libopus that VoiceKit does itself, called directly to compare with.</summary>
internal static unsafe partial class LibOpus
{
    public const string Library = "libopus.so.0";

    /// <summary>Joins packets with opus_repacketizer; null when libopus refuses.</summary>
    public static byte[]? Join(IEnumerable<byte[]> packets, int first = 0, int? count = null)
    {
        var repacketizer = RepacketizerCreate();
        var pinned = new List<GCHandle>();
        try
        {
            foreach (var packet in packets)
            {
                // libopus keeps the pointer, not the bytes.
                pinned.Add(GCHandle.Alloc(packet, GCHandleType.Pinned));
                if (RepacketizerCat(repacketizer, (byte*)pinned[^1].AddrOfPinnedObject(), packet.Length) != 0)
                    return null;
            }

            var output = new byte[70_000];
            var end = count is { } some ? first + some : RepacketizerFrames(repacketizer);
            fixed (byte* data = output)
            {
                var size = RepacketizerOutRange(repacketizer, first, end, data, output.Length);
                return size < 0 ? null : output[..size];
            }
        }
        finally
        {
            pinned.ForEach(handle => handle.Free());
            RepacketizerDestroy(repacketizer);
        }
    }

    public static byte[]? Pad(byte[] packet, int newLength)
    {
        var buffer = new byte[newLength];
        packet.CopyTo(buffer, 0);
        fixed (byte* data = buffer)
            return PacketPad(data, packet.Length, newLength) == 0 ? buffer : null;
    }

    public static byte[]? Unpad(byte[] packet)
    {
        var buffer = packet.ToArray();
        fixed (byte* data = buffer)
        {
            var size = PacketUnpad(data, buffer.Length);
            return size < 0 ? null : buffer[..size];
        }
    }

    /// <summary>Encodes interleaved PCM at 48 kHz as packets of several streams (mapping family 1).</summary>
    public static (byte[][] Packets, int Streams, int Coupled, byte[] Mapping) EncodeSurround(
        float[] pcm, int channels, int frameSize, int bitrate)
    {
        var mapping = new byte[channels];
        int streams, coupled, error;
        nint encoder;
        fixed (byte* map = mapping)
            encoder = SurroundEncoderCreate(48_000, channels, 1, &streams, &coupled, map, 2049, &error);
        Assert.Equal(0, error);
        Assert.Equal(0, MultistreamEncoderCtl(encoder, 4002, bitrate));
        var packets = new List<byte[]>();
        var buffer = new byte[100_000];
        for (var at = 0; at + frameSize * channels <= pcm.Length; at += frameSize * channels)
        {
            fixed (float* samples = &pcm[at])
            fixed (byte* data = buffer)
                packets.Add(buffer[..MultistreamEncodeFloat(encoder, samples, frameSize, data, buffer.Length)]);
        }

        MultistreamEncoderDestroy(encoder);
        return ([.. packets], streams, coupled, mapping);
    }

    /// <summary>
    /// Decodes packets of several streams at 48 kHz to interleaved channels; null for each packet that libopus refuses.
    /// </summary>
    public static float[]?[] DecodeMultistream(
        IEnumerable<byte[]> packets, int channels, int streams, int coupled, byte[] mapping)
    {
        int error;
        nint decoder;
        fixed (byte* map = mapping)
            decoder = MultistreamDecoderCreate(48_000, channels, streams, coupled, map, &error);
        Assert.Equal(0, error);
        var output = new float[5760 * channels];
        var result = new List<float[]?>();
        foreach (var packet in packets)
        {
            fixed (byte* data = packet)
            fixed (float* pcm = output)
            {
                var frames = MultistreamDecodeFloat(decoder, data, packet.Length, pcm, 5760, 0);
                result.Add(frames < 0 ? null : output[..(frames * channels)]);
            }
        }

        MultistreamDecoderDestroy(decoder);
        return [.. result];
    }

    [LibraryImport(Library, EntryPoint = "opus_repacketizer_create")]
    private static partial nint RepacketizerCreate();

    [LibraryImport(Library, EntryPoint = "opus_repacketizer_destroy")]
    private static partial void RepacketizerDestroy(nint repacketizer);

    [LibraryImport(Library, EntryPoint = "opus_repacketizer_cat")]
    private static partial int RepacketizerCat(nint repacketizer, byte* data, int length);

    [LibraryImport(Library, EntryPoint = "opus_repacketizer_get_nb_frames")]
    private static partial int RepacketizerFrames(nint repacketizer);

    [LibraryImport(Library, EntryPoint = "opus_repacketizer_out_range")]
    private static partial int RepacketizerOutRange(nint repacketizer, int begin, int end, byte* data, int maxLength);

    [LibraryImport(Library, EntryPoint = "opus_packet_pad")]
    private static partial int PacketPad(byte* data, int length, int newLength);

    [LibraryImport(Library, EntryPoint = "opus_packet_unpad")]
    private static partial int PacketUnpad(byte* data, int length);

    [LibraryImport(Library, EntryPoint = "opus_multistream_surround_encoder_create")]
    private static partial nint SurroundEncoderCreate(
        int rate, int channels, int family, int* streams, int* coupled, byte* mapping, int application, int* error);

    [LibraryImport(Library, EntryPoint = "opus_multistream_encoder_ctl")]
    private static partial int MultistreamEncoderCtl(nint encoder, int request, int value);

    [LibraryImport(Library, EntryPoint = "opus_multistream_encode_float")]
    private static partial int MultistreamEncodeFloat(nint encoder, float* pcm, int frameSize, byte* data, int maxBytes);

    [LibraryImport(Library, EntryPoint = "opus_multistream_encoder_destroy")]
    private static partial void MultistreamEncoderDestroy(nint encoder);

    [LibraryImport(Library, EntryPoint = "opus_multistream_decoder_create")]
    private static partial nint MultistreamDecoderCreate(
        int rate, int channels, int streams, int coupled, byte* mapping, int* error);

    [LibraryImport(Library, EntryPoint = "opus_multistream_decode_float")]
    private static partial int MultistreamDecodeFloat(nint decoder, byte* data, int length, float* pcm, int frameSize, int fec);

    [LibraryImport(Library, EntryPoint = "opus_multistream_decoder_destroy")]
    private static partial void MultistreamDecoderDestroy(nint decoder);
}
