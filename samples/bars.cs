#:project ../src/VoiceKit.Core/VoiceKit.Core.csproj
// Draws the bars of a voice message: on the terminal and as a picture.

using VoiceKit;
using VoiceKit.Waveforms;

if (args is not [var input, var output])
{
    Console.Error.WriteLine("usage: dotnet run samples/bars.cs -- IN.opus OUT.svg|OUT.png");
    return 2;
}

var message = await VoiceMessage.OpenAsync(input);
var bars = await message.GetWaveformAsync(bars: 64);
Console.WriteLine(bars.ToBlocks());
if (output.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
    await File.WriteAllBytesAsync(output, bars.ToPng(new WaveformPictureOptions { PixelDensity = 2 }));
else
    await File.WriteAllTextAsync(output, bars.ToSvg());
return 0;
