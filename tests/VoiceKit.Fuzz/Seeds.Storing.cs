using System.Text;
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
        new AiffBytes { Channels = 2, Bits = 24, Data = new byte[60], BeforeCommon = AiffBytes.Chunk("NAME", "a name"u8.ToArray()) }.Build(),
        new AiffBytes { Form = "AIFC", Compression = "sowt", Data = new byte[40], AfterSound = AiffBytes.Chunk("ANNO", new byte[7]) }.Build(),
        new AiffBytes { Form = "AIFC", Compression = "fl32", Bits = 32, Data = new byte[40] }.Build(),
        new AiffBytes { Form = "AIFC", Compression = "ulaw", Bits = 8, Data = new byte[40], SoundOffset = 8 }.Build(),
        new AiffBytes { SoundFirst = true, Data = new byte[40] }.Build(),
        new AiffBytes { Frames = 0, SoundSize = 0, FormSize = 0, Data = new byte[40] }.Build(),
    ];

    /// <summary>What platforms send for bars, and files of audiowaveform, each behind the number of its form.</summary>
    public static IReadOnlyList<byte[]> Waveforms { get; } = MakeWaveforms();

    /// <summary>Backups of small stores.</summary>
    public static IReadOnlyList<byte[]> Backups { get; } = MakeBackups();

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
        using var store = new VoiceMessageStore(folder, new VoiceMessageStoreOptions { Durability = VoiceStoreDurability.ProcessEnd });
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
