using System.Runtime.InteropServices;
using System.Text;
using VoiceKit.Waveforms;

namespace VoiceKit.Fuzz.Targets;

/// <summary>
/// The bars that platforms send, and audiowaveform's files. What is read has bars that are numbers, can be drawn, and goes into
/// every other form. The first byte of an input chooses the form.
/// </summary>
public sealed class WaveformTarget(ITestOutputHelper output) : FuzzTarget(output)
{
    private const int Forms = 7;

    protected override int Runs => 10_000;

    protected override IReadOnlyList<byte[]> MakeSeeds() => Seeds.Waveforms;

    // A bar is two floats, and a byte of JSON or of five bits may make one; texts take two bytes a character.
    protected override long SizeOf(byte[] input) => 64L * input.Length;

    protected override void Read(byte[] input)
    {
        if (input.Length > 0)
            Decode(input[0] % Forms, input.AsSpan(1));
    }

    protected override void Check(byte[] input)
    {
        if (input.Length == 0)
            return;
        var waveform = Decode(input[0] % Forms, input.AsSpan(1));
        Assert.InRange(waveform.Count, 1, Waveform.MaxCount);
        Assert.All(waveform.ToBars(), bar => Assert.InRange(bar, 0, 1));
        Assert.Equal(TelegramWaveform.Count, TelegramWaveform.Decode(TelegramWaveform.Encode(waveform)).Count);
        Assert.Equal(WhatsAppWaveform.Count, WhatsAppWaveform.Decode(WhatsAppWaveform.Encode(waveform)).Count);
        Assert.InRange(DiscordWaveform.Decode(DiscordWaveform.Encode(waveform)).Count, 1, DiscordWaveform.MaxCount);
        foreach (var version in new[] { WaveformEncoding.Matrix, WaveformEncoding.MatrixV1 })
            Assert.NotEqual(0, MatrixWaveform.Decode(MatrixWaveform.Encode(waveform, version), version).Count);
    }

    private static Waveform Decode(int form, ReadOnlySpan<byte> data) => form switch
    {
        0 => TelegramWaveform.Decode(data),
        1 => WhatsAppWaveform.Decode(data),
        2 => DiscordWaveform.Decode(Encoding.Latin1.GetString(data)),
        3 => MatrixWaveform.Decode(MemoryMarshal.Cast<byte, int>(data), WaveformEncoding.MatrixV1),
        4 => MatrixWaveform.Decode(MemoryMarshal.Cast<byte, int>(data), WaveformEncoding.Matrix),
        5 => Same(AudioWaveformFile.ParseDat(data)).ToWaveform(),
        _ => Same(AudioWaveformFile.ParseJson(data)).ToWaveform(),
    };

    private static AudioWaveformFile Same(AudioWaveformFile file)
    {
        Assert.True(file.Data.SequenceEqual(AudioWaveformFile.ParseDat(file.ToDat()).Data));
        return file;
    }
}
