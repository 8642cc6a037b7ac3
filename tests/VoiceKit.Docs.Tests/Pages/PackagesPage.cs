using VoiceKit.LibOpus;
using VoiceKit.Opus;

namespace VoiceKit.Docs.Tests.Pages;

public class PackagesPage : DocsPage
{
    [Fact]
    public async Task Example_works()
    {
        try
        {
            Console.WriteLine(LibOpusCodec.Default.Name);               // libopus 1.3.1
        }
        catch (OpusCodecException exception)
        {
            Console.WriteLine(exception.Message);                       // what was looked for, and where it can be had
        }

        Assert.StartsWith("libopus ", LibOpusCodec.Default.Name, StringComparison.Ordinal);
        await Task.CompletedTask;
    }
}
