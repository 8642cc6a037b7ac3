using VoiceKit.FFmpeg;
using VoiceKit.Importing;
using VoiceKit.LibOpus;

namespace VoiceKit.Docs.Tests.Pages;

public class ImportPage : DocsPage
{
    [Fact]
    public async Task Examples_work()
    {
        WritePhoneRecording("recording.m4a");
        var importer = new VoiceImporter(LibOpusCodec.Default, FFmpegDecoder.Default);
        var message = await importer.ImportAsync("recording.m4a");

        Assert.Equal(SpokenSeconds, message.Duration.TotalSeconds, 0.1);

        var options = new VoiceImportOptions
        {
            TargetLoudness = VoiceImportOptions.DefaultTargetLoudness,  // by the gain in the header: nothing is encoded for it
            TrimSilence = true,
            MaxDuration = TimeSpan.FromMinutes(15),
        };
        var loud = await importer.ImportAsync("recording.wav", options);

        Assert.NotEqual(0, loud.Info.Head.OutputGain);

        var preview = await importer.PreviewAsync("recording.m4a", options);
        Console.WriteLine($"{preview.Content}: {preview.Action}, {preview.Duration}, about {preview.EstimatedSize} bytes");
        Console.WriteLine(preview.Waveform.ToBlocks());

        Assert.Equal(VoiceImportAction.Encode, preview.Action);

        var told = new VoiceImportOptions
        {
            StripTags = true,                                           // no location, artist, comment or picture
            Warned = warning => Console.WriteLine(warning),
        };
        await importer.ImportAsync("recording.wav", told);
    }

    [Fact]
    public async Task Example_of_a_refusal_works()
    {
        var importer = new VoiceImporter(LibOpusCodec.Default);
        await File.WriteAllTextAsync("notes.txt", "Not a word of it is sound.");
        try
        {
            await importer.ImportAsync("notes.txt");
        }
        catch (VoiceFormatException exception)
        {
            Console.WriteLine(exception.Message);                       // says what it is, and at which byte
        }

        Assert.NotEmpty(Told.Trim());
    }
}
