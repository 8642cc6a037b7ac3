using VoiceKit.PulseAudio.Tests;
using VoiceKit.Windows.Tests.Support;

namespace VoiceKit.Windows.Tests;

[Collection(Wine.Collection)]
public sealed class WasapiDevicesTests(Wine wine) : IDisposable
{
    private readonly VirtualSoundCard _card = new();

    public void Dispose() => _card.Dispose();

    [Fact]
    public async Task Microphones_speakers_and_loopbacks_are_listed_with_the_default_of_each_role()
    {
        using var program = wine.Run(_card, "actor.exe", "list");
        await program.SucceedsAsync();
        var devices = program.Lines.Select(line => line.Split('|')).ToList();
        foreach (var role in new[] { "Console", "Multimedia", "Communications" })
        {
            var ofRole = devices.FindAll(device => device[0] == role);
            Assert.Contains(ofRole, device => device[1] == "Input" && device[3] == "TestMicrophone"
                && device[5].Contains("48000", StringComparison.Ordinal));
            Assert.Contains(ofRole, device => device[1] == "Output" && device[3] == "TestSpeakers");
            Assert.Contains(ofRole, device => device[1] == "Loopback" && device[3] == "TestSpeakers");
            foreach (var kind in new[] { "Input", "Output", "Loopback" })
                Assert.Single(ofRole, device => device[1] == kind && device[4] == "True");
        }
    }

    [Fact]
    public async Task Another_default_device_is_told_and_calls_have_one_of_their_own()
    {
        using var before = wine.Run(_card, "actor.exe", "list");
        await before.SucceedsAsync();
        var id = before.Lines.Select(line => line.Split('|')).First(device => device[1] == "Input"
            && device[3] == "TestMicrophone")[2];
        using var program = wine.Run(_card, "actor.exe", "watch", Wine.PathOf(_card.Folder));
        await program.SaysAsync("watching");
        try
        {
            wine.SetDefault("DefaultInput", id);
            Assert.Contains("Input=TestMicrophone", await program.SaysAsync("changed"), StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(_card.Folder, "stop"), "");
            await program.SucceedsAsync();

            wine.SetDefault("DefaultInput", null);
            wine.SetDefault("DefaultVoiceInput", id);
            using var after = wine.Run(_card, "actor.exe", "list");
            await after.SucceedsAsync();
            var usual = after.Lines.Select(line => line.Split('|')).Where(device => device[1] == "Input" && device[4] == "True");
            Assert.Equal(
                [("Console", "PulseAudio"), ("Multimedia", "PulseAudio"), ("Communications", "TestMicrophone")],
                usual.Select(device => (device[0], device[3])));
        }
        finally
        {
            wine.SetDefault("DefaultInput", null);
            wine.SetDefault("DefaultVoiceInput", null);
        }
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_not_found()
    {
        using var program = wine.Run(_card, "actor.exe", "start", "{0.0.1.00000000}.{00000000-0000-0000-0000-000000000000}");
        await program.SucceedsAsync();
        Assert.StartsWith("refused NotFound", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_devices_the_default_one_is_not_found()
    {
        using var program = wine.Run(null, "actor.exe", "record", Wine.PathOf(_card.Folder), "input", "default");
        Assert.Equal(1, await program.EndsAsync());
        Assert.Contains("AudioDeviceException: The system has no microphone.", program.Output, StringComparison.Ordinal);
    }
}
