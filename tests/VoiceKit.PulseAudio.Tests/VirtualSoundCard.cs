using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VoiceKit.PulseAudio.Tests;

/// <summary>
/// A private sound server with a virtual microphone (source "mic", which hears what is played to the sink "micfeed") and a
/// virtual speaker (sink "speakers", whose monitor hears what it plays). It is all gone when this is disposed, or the process
/// ends.
/// </summary>
internal sealed class VirtualSoundCard : IDisposable
{
    // A null sink may not rewind: it would render two seconds ahead, and what is captured comes late.
    private const string NullSink = "module-null-sink norewinds=1 rate=48000 format=float32le";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private Process _keeper = null!;
    private Task<string> _log = null!;
    private int _serverId;

    public VirtualSoundCard()
    {
        Requires.Programs("sh", "pulseaudio", "pactl", "paplay", "parec");
        Requires.Library("libpulse.so.0");
        _folder = Directory.CreateTempSubdirectory("voicekit-sound-").FullName;
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment = new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["XDG_RUNTIME_DIR"] = _folder,
            ["XDG_CONFIG_HOME"] = Path.Combine(_folder, "config"),
            ["PULSE_SERVER"] = Server,
            ["PULSE_COOKIE"] = Path.Combine(_folder, "cookie"),
            ["PULSE_RUNTIME_PATH"] = Path.Combine(_folder, "runtime"),
            ["PULSE_STATE_PATH"] = Path.Combine(_folder, "state"),
        };
        Directory.CreateDirectory(Path.Combine(_folder, "config", "pulse"));
        Directory.CreateDirectory(Path.Combine(_folder, "runtime"));
        Directory.CreateDirectory(Path.Combine(_folder, "state"));
        File.WriteAllText(Path.Combine(_folder, "config", "pulse", "client.conf"), "autospawn = no\n");
        File.WriteAllText(Path.Combine(_folder, "devices.pa"), Devices);
        StartServer();
    }

    /// <summary>A folder that is gone with the card.</summary>
    public string Folder => _folder;

    /// <summary>The server's address, as PULSE_SERVER takes it.</summary>
    public string Server => $"unix:{_folder}/native";

    /// <summary>What a child process's environment needs so that it uses this server and nothing else.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    private string Devices => $"""
        load-module module-native-protocol-unix auth-anonymous=1 socket={_folder}/native
        load-module {NullSink} sink_name=speakers channels=2 sink_properties=device.description=TestSpeakers
        load-module {NullSink} sink_name=micfeed channels=1 sink_properties=device.description=MicFeed
        load-module module-remap-source source_name=mic master=micfeed.monitor source_properties=device.description=TestMicrophone
        set-default-sink speakers
        set-default-source mic

        """;

    /// <summary>Plays a sound file into the microphone, to its end.</summary>
    public void FeedMicrophone(string wav) => Play(wav, "micfeed");

    /// <summary>Plays a sound file on the speaker, to its end.</summary>
    public void PlayOnSpeakers(string wav) => Play(wav, "speakers");

    /// <summary>Plays a sound file on a sink, to its end, with a buffer that does not run dry on a busy machine.</summary>
    public void Play(string wav, string sink) => Run("paplay", "--latency-msec=1000", "-d", sink, wav);

    /// <summary>Records what the speaker plays.</summary>
    public Recording RecordSpeakers(int channels = 2) => new(this, "speakers.monitor", channels);

    /// <summary>Records what the microphone hears.</summary>
    public Recording RecordMicrophone() => new(this, "mic", 1);

    /// <summary>Runs pactl and gives what it prints.</summary>
    public string Pactl(params string[] arguments) => Run("pactl", arguments);

    /// <summary>Loads a module and gives its number.</summary>
    public string LoadModule(params string[] arguments) => Pactl(["load-module", .. arguments]).Trim();

    /// <summary>Unplugs a device of the card.</summary>
    public void RemoveDevice(string name)
    {
        var modules = Pactl("list", "short", "modules").Split('\n');
        var module = modules.Single(
            module => module.Split(' ', '\t').Any(word => word == $"sink_name={name}" || word == $"source_name={name}"));
        Pactl("unload-module", module.Split('\t')[0]);
    }

    /// <summary>Ends the server without giving it a chance to say so.</summary>
    public void KillServer() => Signal("KILL");

    /// <summary>Stops the server's clock: it is there and says nothing.</summary>
    public void FreezeServer() => Signal("STOP");

    /// <summary>Lets a frozen server go on.</summary>
    public void ThawServer() => Signal("CONT");

    /// <summary>Runs a program that uses this server; a failure fails the test.</summary>
    public string Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var said = OtherProgram.ReadToEnd(process);
        Assert.True(said.ExitCode == 0, $"{program} {string.Join(' ', arguments)} returned {said.ExitCode}: {said.Error}");
        return said.Text;
    }

    /// <summary>Starts a program that uses this server.</summary>
    public Process Start(string program, params string[] arguments) => OtherProgram.Start(Told(program, arguments));

    private ProcessStartInfo Told(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Ends the server and starts one like it at the same address.</summary>
    public void RestartServer()
    {
        EndServer();
        File.Delete(Path.Combine(_folder, "native"));
        StartServer();
    }

    public void Dispose()
    {
        EndServer();
        Directory.Delete(_folder, recursive: true);
    }

    private void StartServer()
    {
        _keeper = StartKeeper();
        _serverId = int.Parse(_keeper.StandardOutput.ReadLine()!);
        _log = _keeper.StandardError.ReadToEndAsync();
        WaitForServer();
    }

    private void EndServer()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForEnd();
        _keeper.Dispose();
    }

    // The shell outlives the server and ends it when its own input ends, as it does when this process dies, however it does.
    private Process StartKeeper() => OtherProgram.StartUnbounded(Told(
        "sh",
        "-c",
        """
        pulseaudio -n -F "$HOME/devices.pa" --daemonize=no --use-pid-file=no --exit-idle-time=-1 \
            --realtime=no --high-priority=no --log-target=stderr --log-level=notice </dev/null >/dev/null &
        echo $!
        exec >/dev/null
        cat
        kill -KILL $!
        """));

    private void WaitForServer()
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < StartTimeout; Thread.Sleep(20))
        {
            using var asking = Start("pactl", "info");
            if (OtherProgram.ReadToEnd(asking).ExitCode == 0)
                return;
        }

        _keeper.StandardInput.Close();
        Assert.Fail($"The sound server does not start: {_log.Result}");
    }

    private void Signal(string signal) => Run("sh", "-c", $"kill -{signal} {_serverId}");

    /// <summary>What parec hears, as floats at 48 kHz. It is recording when the constructor returns.</summary>
    internal sealed class Recording : IDisposable
    {
        private readonly Process _parec;
        private readonly MemoryStream _heard = new();
        private readonly ManualResetEventSlim _hasBegun = new();
        private readonly Task _reading;

        public Recording(VirtualSoundCard card, string source, int channels)
        {
            _parec = card.Start(
                "parec", "--latency-msec=20", "-d", source, "--raw", "--format=float32le", "--rate=48000",
                $"--channels={channels}");
            _reading = Task.Run(Read);
            Assert.True(_hasBegun.Wait(StartTimeout), "parec hears nothing.");
        }

        /// <summary>What was heard up to now.</summary>
        public float[] Heard
        {
            get
            {
                lock (_heard)
                    return MemoryMarshal.Cast<byte, float>(_heard.GetBuffer().AsSpan(0, (int)_heard.Length)).ToArray();
            }
        }

        /// <summary>Ends, and gives what was heard.</summary>
        public float[] Stop()
        {
            Dispose();
            return Heard;
        }

        public void Dispose()
        {
            if (!_reading.IsCompleted)
                _parec.Kill();
            _reading.Wait(OtherProgram.Patience);
            _parec.Dispose();
        }

        private void Read()
        {
            var buffer = new byte[16_384];
            for (int count; (count = _parec.StandardOutput.BaseStream.Read(buffer)) > 0; _hasBegun.Set())
            {
                lock (_heard)
                    _heard.Write(buffer, 0, count);
            }
        }
    }
}
