using VoiceKit.Containers;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

/// <summary>A container of an app's own is decoded, sought and healed as any other.</summary>
public class OwnPacketReaderTests
{
    private static byte[] File => field ??= Pcm.Encode(Signals.Voice(96_000), new(48_000, 1));

    [Fact]
    public async Task Packets_of_an_app_are_decoded_and_sought()
    {
        var expected = Pcm.Decode(File);
        var own = new ListReader(File);
        await using var reader = new OpusAudioReader(own, LibOpusCodec.Default);
        Assert.Equal(expected, Pcm.ReadAll(reader));
        Assert.True(reader.CanSeek);
        reader.Seek(50_000);
        var rest = Pcm.ReadAll(reader);
        Assert.Equal(expected.Length - 50_000, rest.Length);
        Assert.InRange(Pcm.SignalToError(expected.AsSpan(50_000), rest), 20, double.PositiveInfinity);
        await reader.SeekAsync(0);
        Assert.Equal(expected, Pcm.ReadAll(reader));
    }

    [Fact]
    public void Link_that_cannot_be_played_is_reported_to_the_reader()
    {
        var own = new ListReader(File) { IsMeaninglessFrom = 20 };
        using (var reader = new OpusAudioReader(own, LibOpusCodec.Default))
            Assert.Equal(96_000, Pcm.ReadAll(reader).Length);
        Assert.Equal(OpusDefectKind.BadLink, Assert.Single(own.Defects).Kind);
    }

    private sealed class ListReader : IOpusPacketReader
    {
        private static readonly OpusHead Meaningless = OpusHead.Parse(
            [.. "OpusHead"u8, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 255, 1, 0, 0]);

        private readonly List<(byte[] Packet, OpusPacketInfo Info)> _packets = [];
        private readonly List<OpusDefect> _defects = [];
        private readonly OpusHead _head;
        private int _next;
        private OpusSeekTarget _target;

        public ListReader(byte[] file)
        {
            using var reader = OpusContainers.Open(new MemoryStream(file));
            _head = reader.Head;
            while (reader.Read())
                _packets.Add((reader.Packet.ToArray(), reader.PacketInfo));
        }

        public int IsMeaninglessFrom { get; init; } = int.MaxValue;

        public OpusContainer Container => OpusContainer.Ogg;

        public OpusHead Head => Link == 0 ? _head : Meaningless;

        public OpusTags Tags { get; } = new("");

        public int Link => _next > IsMeaninglessFrom ? 1 : 0;

        public ReadOnlySpan<byte> Packet => _next == 0 ? default : _packets[_next - 1].Packet;

        public OpusPacketInfo PacketInfo { get; private set; }

        public long Position => PacketInfo.Position + PacketInfo.Playable;

        public IReadOnlyList<OpusDefect> Defects => _defects;

        public long DefectCount => _defects.Count;

        public bool CanSeek => true;

        public bool Read()
        {
            while (_next < _packets.Count)
            {
                var info = _packets[_next++].Info;
                if (!_target.TryCut(ref info))
                    continue;
                PacketInfo = info;
                return true;
            }

            return false;
        }

        public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Read());

        public void Seek(long position, int preRoll = 3840)
        {
            _target = new OpusSeekTarget(position, preRoll);
            _next = 0;
        }

        public ValueTask SeekAsync(long position, int preRoll = 3840, CancellationToken cancellationToken = default)
        {
            Seek(position, preRoll);
            return ValueTask.CompletedTask;
        }

        public void ReportDefect(OpusDefectKind kind, string message) => _defects.Add(new OpusDefect(0, kind, message));

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
