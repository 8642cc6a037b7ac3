namespace VoiceKit.All.Tests;

/// <summary>What an app is told where there is no sound service.</summary>
public class VoiceDevicesTests
{
    [Fact]
    public async Task Where_there_is_no_sound_server_that_is_said()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The server is that of Linux.");
        var (server, runtime) = ("PULSE_SERVER", "XDG_RUNTIME_DIR");
        var before = (Environment.GetEnvironmentVariable(server), Environment.GetEnvironmentVariable(runtime));
        Environment.SetEnvironmentVariable(server, "unix:/nowhere/native");
        try
        {
            var exception = await Assert.ThrowsAsync<AudioDeviceException>(
                () => VoiceDevices.OpenAsync(TestContext.Current.CancellationToken).AsTask());
            Assert.Equal(AudioDeviceFault.ServiceUnavailable, exception.Fault);
        }
        finally
        {
            Environment.SetEnvironmentVariable(server, before.Item1);
            Environment.SetEnvironmentVariable(runtime, before.Item2);
        }
    }
}
