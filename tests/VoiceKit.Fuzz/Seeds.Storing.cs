using System.Text;
using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.Storage;
using VoiceKit.Tests.Audio;
using VoiceKit.Tests.Support;
using VoiceKit.Waveforms;

namespace VoiceKit.Fuzz;

/// <summary>What is imported, sent and kept.</summary>
internal static partial class Seeds
{
    public static IReadOnlyList<byte[]> Aiff { get; } =
    [
        new AiffBytes().Build(),
        new AiffBytes
        {
            Channels = 2,
            Bits = 24,
            Data = new byte[60],
            BeforeCommon = AiffBytes.Chunk("NAME", "a name"u8.ToArray()),
        }.Build(),
        new AiffBytes
        {
            Form = "AIFC",
            Compression = "sowt",
            Data = new byte[40],
            AfterSound = AiffBytes.Chunk("ANNO", new byte[7]),
        }.Build(),
        new AiffBytes { Form = "AIFC", Compression = "fl32", Bits = 32, Data = new byte[40] }.Build(),
        new AiffBytes { Form = "AIFC", Compression = "ulaw", Bits = 8, Data = new byte[40], SoundOffset = 8 }.Build(),
        new AiffBytes { SoundFirst = true, Data = new byte[40] }.Build(),
        new AiffBytes { Frames = 0, SoundSize = 0, FormSize = 0, Data = new byte[40] }.Build(),
    ];

    /// <summary>What platforms send for bars, and files of audiowaveform, each behind the number of its form.</summary>
    public static IReadOnlyList<byte[]> Waveforms { get; } = MakeWaveforms();

    /// <summary>Backups of small stores.</summary>
    public static IReadOnlyList<byte[]> Backups { get; } = MakeBackups();

    /// <summary>Indexes of small stores.</summary>
    public static IReadOnlyList<byte[]> Indexes { get; } = [MakeIndex(0, 0), MakeIndex(1, 0), MakeIndex(5, 2), MakeIndex(70, 3)];

    /// <summary>Files that ffmpeg decodes, as far as they are looked at before.</summary>
    public static IReadOnlyList<byte[]> ForFFmpeg { get; } = MakeForFFmpeg();

    private static byte[] MakeIndex(int sorted, int changes)
    {
        var folder = Memory.NewFolder();
        try
        {
            var options = new VoiceMessageStoreOptions { Durability = VoiceStoreDurability.ProcessEnd };
            using (var store = new VoiceMessageStore(folder.FullName, options))
            {
                Add(store, sorted);
                _ = store.ListAsync().ToBlockingEnumerable().Count();
                Add(store, changes);
                _ = store.ListAsync().ToBlockingEnumerable().Count();
            }

            var index = folder.GetFiles("index*", SearchOption.AllDirectories).Single();
            return File.ReadAllBytes(index.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Add(VoiceMessageStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var file = NumberedPackets.File(2, new OpusWriterOptions { Serial = i }, first: i * 1000);
            store.AddAsync(VoiceMessage.FromBytes(file), new VoiceMessageInfo { Sender = $"{i % 3}" }).GetAwaiter().GetResult();
        }
    }

    private static byte[][] MakeForFFmpeg()
    {
        var aac = new byte[300];
        (aac[0], aac[1], aac[2]) = (0xFF, 0xF1, 0x50);
        var mp3 = new byte[600];
        (mp3[0], mp3[1], mp3[2], mp3[3]) = (0xFF, 0xFB, 0x90, 0xC0);
        var tagged = (byte[])mp3.Clone();
        "Xing\0\0\0\u0007"u8.CopyTo(tagged.AsSpan(4 + 17));
        "LAME3.100"u8.CopyTo(tagged.AsSpan(4 + 17 + 8 + 4 + 4 + 100));
        return
        [
            [.. "#!AMR\n"u8, .. Enumerable.Range(0, 8).SelectMany(_ => (byte[])[0x3C, .. new byte[31]])],
            [.. "#!AMR-WB\n"u8, .. Enumerable.Range(0, 8).SelectMany(_ => (byte[])[0x24, .. new byte[40]])],
            aac, mp3, tagged, [.. "ID3\u0004\0\0\0\0\0\u0010"u8, .. new byte[16], .. mp3],
        ];
    }

    private static byte[][] MakeWaveforms()
    {
        var waveform = Waveform.FromLevels([.. Enumerable.Range(0, 100).Select(i => i / 100f)], TimeSpan.FromSeconds(9));
        var file = new AudioWaveformFile(48_000, 256, 8, 2, [-1, 2, -128, 127, 0, 0, -4, 5]);
        return
        [
            [0, .. TelegramWaveform.Encode(waveform)],
            [1, .. WhatsAppWaveform.Encode(waveform)],
            [2, .. Encoding.ASCII.GetBytes(DiscordWaveform.Encode(waveform))],
            [3, .. MatrixWaveform.Encode(waveform, WaveformEncoding.MatrixV1).SelectMany(BitConverter.GetBytes)],
            [4, .. MatrixWaveform.Encode(waveform, WaveformEncoding.Matrix).SelectMany(BitConverter.GetBytes)],
            [5, .. AudioWaveformFile.FromWaveform(waveform).ToDat()],
            [5, .. AudioWaveformFile.FromWaveform(waveform).ToDat(1)],
            [5, .. file.ToDat()],
            [6, .. file.ToJson()],
            [6, .. AudioWaveformFile.FromWaveform(waveform).ToJson()],
        ];
    }

    private static byte[][] MakeBackups()
    {
        var folder = Directory.CreateTempSubdirectory("voicekit-fuzz-").FullName;
        try
        {
            return [.. new[] { 0, 1, 3 }.Select(count => MakeBackup(Path.Combine(folder, $"{count}"), count))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] MakeBackup(string folder, int count)
    {
        using var store = new VoiceMessageStore(
            folder, new VoiceMessageStoreOptions { Durability = VoiceStoreDurability.ProcessEnd });
        for (var i = 0; i < count; i++)
        {
            var file = NumberedPackets.File(4, new OpusWriterOptions { Serial = i }, first: i * 1000);
            store.AddAsync(VoiceMessage.FromBytes(file)).GetAwaiter().GetResult();
        }

        using var zip = new MemoryStream();
        store.BackupAsync(zip).GetAwaiter().GetResult();
        return zip.ToArray();
    }
}
