using System.Text.Json;
using System.Text.Json.Serialization;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

/// <summary>A script of Fixtures/hold-to-record.json, whose own description says what the fields are.</summary>
internal sealed record HoldToRecordScript(string Name, HoldToRecordScript.Settings? Options, HoldToRecordScript.Step[] Steps)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public enum Input
    {
        Look,
        Press,
        Move,
        Tick,
        Release,
        Cancel,
        Send,
        Discard,
        Pause,
        Resume,
    }

    public static HoldToRecordScript[] LoadAll()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "hold-to-record.json");
        return JsonSerializer.Deserialize<File>(System.IO.File.ReadAllBytes(path), Format)!.Scripts;
    }

    public static HoldToRecordAction Do(HoldToRecord button, Step step) => step.Do switch
    {
        Input.Look => HoldToRecordAction.None,
        Input.Press => button.Press(step.Pointer ?? 0),
        Input.Move => button.Move(step.Dx, step.Dy, step.Pointer ?? 0),
        Input.Tick => button.Tick(),
        Input.Release => button.Release(step.Pointer ?? 0),
        Input.Cancel => button.Cancel(step.Pointer),
        Input.Send => button.Send(),
        Input.Discard => button.Discard(),
        Input.Pause => button.Pause(),
        Input.Resume => button.Resume(),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>Runs the script, as it stands or as in a mirror, and checks every answer.</summary>
    public void Run(bool isMirrored)
    {
        var clock = new ManualTimeProvider();
        var button = new HoldToRecord((Options ?? new Settings()).ToOptions(isMirrored), clock);
        var now = 0.0;
        for (var i = 0; i < Steps.Length; i++)
        {
            var step = Steps[i];
            clock.Advance(TimeSpan.FromMilliseconds((step.At ?? now) - now));
            now = step.At ?? now;
            var action = Do(button, isMirrored ? step with { Dx = -step.Dx } : step);

            var place = $"step {i} ({step.Do} at {now} ms)";
            Assert.Equal((place, step.Action, step.State), (place, action, button.State));
            Assert.Equal(step.Cancel, button.SlideToCancel, 1e-9);
            Assert.Equal(step.Lock, button.SlideToLock, 1e-9);
            if (step.Elapsed is { } elapsed)
                Assert.Equal((place, elapsed), (place, button.Elapsed.TotalMilliseconds));
        }
    }

    internal sealed record Settings
    {
        public double? CancelDistance { get; init; }

        public double? LockDistance { get; init; }

        public double? Slop { get; init; }

        public bool RightToLeft { get; init; }

        public double? MinimumMs { get; init; }

        public double? HoldDelayMs { get; init; }

        public HoldToRecordCancel? OnCancel { get; init; }

        public HoldToRecordOptions ToOptions(bool isMirrored)
        {
            var defaults = new HoldToRecordOptions();
            return new HoldToRecordOptions
            {
                CancelDistance = CancelDistance ?? defaults.CancelDistance,
                LockDistance = LockDistance ?? defaults.LockDistance,
                Slop = Slop ?? defaults.Slop,
                IsRightToLeft = RightToLeft != isMirrored,
                MinDuration = MinimumMs is { } minimum ? TimeSpan.FromMilliseconds(minimum) : defaults.MinDuration,
                HoldDelay = HoldDelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : defaults.HoldDelay,
                OnCancel = OnCancel ?? defaults.OnCancel,
            };
        }
    }

    internal sealed record Step
    {
        public double? At { get; init; }

        public required Input Do { get; init; }

        public double Dx { get; init; }

        public double Dy { get; init; }

        public int? Pointer { get; init; }

        public HoldToRecordAction Action { get; init; }

        public required HoldToRecordState State { get; init; }

        public double Cancel { get; init; }

        public double Lock { get; init; }

        public double? Elapsed { get; init; }
    }

    private sealed record File(string[] Description, HoldToRecordScript[] Scripts);
}
