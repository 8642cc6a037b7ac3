using FsCheck;
using FsCheck.Fluent;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;
using Input = VoiceKit.Tests.Recording.HoldToRecordScript.Input;
using Step = VoiceKit.Tests.Recording.HoldToRecordScript.Step;

namespace VoiceKit.Tests.Recording;

public class HoldToRecordPropertyTests
{
    private const int Tests = 2000;

    private static readonly Gen<double> Offset = Gen.Frequency(
        (8, Gen.Choose(-1500, 1500).Select(tenths => tenths / 10.0)),
        (2, Gen.Elements(0, 8, 9, -8, -8.0000001, 60, -60, 119.99, 120, -120, -60.0001)),
        (1, Gen.Elements(
            double.NaN,
            double.PositiveInfinity,
            double.NegativeInfinity,
            double.MaxValue,
            double.MinValue,
            double.Epsilon,
            -0.0)));

    // Each step comes this many milliseconds after the one before it.
    private static readonly Gen<int> Wait = Gen.Frequency(
        (4, Gen.Choose(0, 60)), (2, Gen.Elements(0, 149, 150, 999, 1000)), (1, Gen.Choose(0, 3_600_000)));

    private static readonly Gen<Step> AnyStep =
        from input in Gen.Frequency(
            (4, Gen.Constant(Input.Press)), (6, Gen.Constant(Input.Move)), (3, Gen.Constant(Input.Release)),
            (2, Gen.Elements(Enum.GetValues<Input>())))
        from dx in Offset
        from dy in Offset
        from pointer in Gen.Frequency<int?>((8, Gen.Constant<int?>(0)), (1, Gen.Constant<int?>(null)), (1, Gen.Constant<int?>(9)))
        from wait in Wait
        select new Step { Do = input, Dx = dx, Dy = dy, Pointer = pointer, At = wait, State = default };

    private static readonly Gen<Case> AnyCase =
        from steps in AnyStep.ArrayOf()
        from more in AnyStep.ArrayOf()
        from slop in Gen.Elements(0.0, 8, 20)
        from distances in Gen.Elements((120.0, 60.0), (24, 24), (10_000, 50))
        from delay in Gen.Elements(0, 0, 150)
        from minimum in Gen.Elements(0, 1000)
        from onCancel in Gen.Elements(Enum.GetValues<HoldToRecordCancel>())
        from isRightToLeft in Gen.Elements(false, true)
        select new Case([.. steps, .. more], slop, distances.Item1, distances.Item2, delay, minimum, onCancel, isRightToLeft);

    [Fact]
    public void Every_start_has_one_end_and_every_state_what_belongs_to_it() => Fx.Check(
        AnyCase,
        script =>
        {
            var run = new Run(script);
            foreach (var step in script.Steps)
                run.Do(step);
            run.Do(new Step { Do = Input.Look, State = default });
        },
        Tests);

    [Fact]
    public void Whatever_came_before_it_can_be_ended_and_begun_again() => Fx.Check(
        AnyCase,
        script =>
        {
            var run = new Run(script);
            foreach (var step in script.Steps)
                run.Do(step);
            run.Do(new Step { Do = Input.Discard, State = default });
            Assert.Equal(HoldToRecordState.Idle, run.Button.State);
            Assert.False(run.IsOpen);

            run.Do(new Step { Do = Input.Press, State = default });
            var started = run.Do(new Step { Do = Input.Tick, At = 150, State = default });
            Assert.True(run.IsOpen);
            Assert.Equal(script.DelayMs > 0, started == HoldToRecordAction.Start);
            Assert.Equal(HoldToRecordAction.Send, run.Do(new Step { Do = Input.Release, At = 1000, State = default }));
        },
        Tests);

    [Fact]
    public void A_recording_is_discarded_only_by_one_who_says_so() => Fx.Check(
        AnyCase,
        script =>
        {
            var run = new Run(script);
            var slid = 0.0;
            foreach (var step in script.Steps)
            {
                if (step.Do == Input.Press && run.Button.State == HoldToRecordState.Idle)
                    slid = 0;
                if (step.Do == Input.Move && (step.Pointer ?? 0) == run.Finger && double.IsFinite(step.Dx)
                    && double.IsFinite(step.Dy))
                    slid = script.IsRightToLeft ? step.Dx : -step.Dx;
                var isSlid = step.Do is Input.Move or Input.Tick or Input.Release && slid >= script.CancelDistance;
                if (run.Do(step) != HoldToRecordAction.Discard)
                    continue;
                Assert.True(
                    step.Do == Input.Discard || isSlid
                    || (step.Do == Input.Cancel && script.OnCancel == HoldToRecordCancel.Discard),
                    $"{step} discarded");
            }
        },
        Tests);

    [Fact]
    public void Right_to_left_is_the_mirror_image() => Fx.Check(
        AnyCase,
        script =>
        {
            var mirror = script with
            {
                IsRightToLeft = !script.IsRightToLeft,
                Steps = [.. script.Steps.Select(step => step with { Dx = -step.Dx })],
            };
            Assert.Equal(Answers(script), Answers(mirror));
        },
        Tests);

    [Fact]
    public void What_counts_for_nothing_changes_nothing() => Fx.Check(
        Gen.Zip(AnyCase, Gen.Choose(1, 1_000_000)),
        pair =>
        {
            var (script, seed) = pair;
            var random = new Random(seed);
            var (plain, disturbed) = (new Run(script), new Run(script));
            foreach (var step in script.Steps)
            {
                plain.Do(step);
                Disturb(disturbed, step.Pointer == 9 ? null : 9, random);
                disturbed.Do(step);
                Assert.Equal(plain.Answer, disturbed.Answer);
            }
        },
        Tests);

    [Fact]
    public void The_slides_never_jump_while_the_finger_does_not() => Fx.Check(
        Gen.Zip(Gen.Choose(-10, 10).Two(), Gen.Choose(1, 1_000_000)),
        start =>
        {
            var random = new Random(start.Item2);
            var button = new HoldToRecord(clock: new ManualTimeProvider());
            button.Press();
            var (dx, dy) = (0.0, 0.0);
            var (toCancel, toLock) = (0.0, 0.0);
            for (var i = 0; i < 500; i++)
            {
                // Now and then the finger goes another way; each move is a unit at most.
                var turn = random.NextDouble() < 0.05 ? random.NextDouble() * 6.28 : start.Item1.Item1 + start.Item1.Item2 * 0.3;
                dx += Math.Cos(turn);
                dy += Math.Sin(turn);
                if (button.Move(dx, dy) != HoldToRecordAction.None)
                {
                    Assert.True(toCancel > 0.99 || toLock > 0.98, $"ended at {toCancel} and {toLock}");
                    return;
                }

                Assert.InRange(button.SlideToCancel - toCancel, -1.01 / 112, 1.01 / 112);
                Assert.InRange(button.SlideToLock - toLock, -1.01 / 52, 1.01 / 52);
                (toCancel, toLock) = (button.SlideToCancel, button.SlideToLock);
            }
        },
        Tests);

    // What another finger does while one is down, and moves to nowhere; never a press, which would be the first one's.
    private static void Disturb(Run run, int? other, Random random)
    {
        var button = run.Button;
        if (other is { } pointer && random.Next(2) == 0)
        {
            Assert.Equal(
                HoldToRecordAction.None, button.Move(random.Next(-300, 300), random.Next(-300, 300), pointer + run.Finger));
            Assert.Equal(HoldToRecordAction.None, button.Cancel(pointer + run.Finger));
            Assert.Equal(HoldToRecordAction.None, button.Release(pointer + run.Finger));
        }

        Assert.Equal(HoldToRecordAction.None, button.Move(double.NaN, random.Next(-300, 300), run.Finger));
        Assert.Equal(HoldToRecordAction.None, button.Move(random.Next(-300, 300), double.NegativeInfinity, run.Finger));
        if (button.State != HoldToRecordState.Idle)
            Assert.Equal(HoldToRecordAction.None, button.Press(random.Next()));
    }

    private static List<object> Answers(Case script)
    {
        var run = new Run(script);
        return script.Steps.ConvertAll(step =>
        {
            run.Do(step);
            return (object)run.Answer;
        });
    }

    internal sealed record Case(
        List<Step> Steps,
        double Slop,
        double CancelDistance,
        double LockDistance,
        int DelayMs,
        int MinimumMs,
        HoldToRecordCancel OnCancel,
        bool IsRightToLeft);

    /// <summary>A button and the little that is known of it from outside; checks each answer against that.</summary>
    private sealed class Run
    {
        private readonly ManualTimeProvider _clock = new();
        private readonly Case _script;
        private HoldToRecordAction _action;
        private TimeSpan _length;

        public Run(Case script)
        {
            _script = script;
            Button = new HoldToRecord(
                new HoldToRecordOptions
                {
                    Slop = script.Slop,
                    CancelDistance = script.CancelDistance,
                    LockDistance = script.LockDistance,
                    HoldDelay = TimeSpan.FromMilliseconds(script.DelayMs),
                    MinDuration = TimeSpan.FromMilliseconds(script.MinimumMs),
                    OnCancel = script.OnCancel,
                    IsRightToLeft = script.IsRightToLeft,
                },
                _clock);
        }

        public HoldToRecord Button { get; }

        public bool IsOpen { get; private set; }

        public int Finger { get; private set; }

        public (HoldToRecordAction Action, HoldToRecordState State, double ToCancel, double ToLock, TimeSpan Elapsed) Answer =>
            (_action, Button.State, Button.SlideToCancel, Button.SlideToLock, Button.Elapsed);

        public HoldToRecordAction Do(Step step)
        {
            var wait = TimeSpan.FromMilliseconds(step.At ?? 0);
            if (IsOpen && Button.State != HoldToRecordState.Paused)
                _length += wait;
            _clock.Advance(wait);

            var before = Button.State;
            _action = HoldToRecordScript.Do(Button, step);
            if (step.Do == Input.Press && before == HoldToRecordState.Idle)
                Finger = step.Pointer ?? 0;
            Follow(before);
            Check(before);
            return _action;
        }

        private void Follow(HoldToRecordState before)
        {
            switch (_action)
            {
                case HoldToRecordAction.Start:
                    Assert.False(IsOpen);
                    Assert.Contains(before, new[] { HoldToRecordState.Idle, HoldToRecordState.Pressed });
                    (IsOpen, _length) = (true, TimeSpan.Zero);
                    break;
                case HoldToRecordAction.Lock:
                    Assert.Equal((HoldToRecordState.Recording, HoldToRecordState.Locked), (before, Button.State));
                    break;
                case HoldToRecordAction.Pause:
                    Assert.True(before is HoldToRecordState.Recording or HoldToRecordState.Locked);
                    Assert.Equal(HoldToRecordState.Paused, Button.State);
                    break;
                case HoldToRecordAction.Resume:
                    Assert.Equal((HoldToRecordState.Paused, HoldToRecordState.Locked), (before, Button.State));
                    break;
                case HoldToRecordAction.Send or HoldToRecordAction.TooShort or HoldToRecordAction.Discard:
                    Assert.True(IsOpen);
                    Assert.Equal(HoldToRecordState.Idle, Button.State);
                    IsOpen = false;
                    break;
                case HoldToRecordAction.Hint:
                    Assert.Equal((HoldToRecordState.Pressed, HoldToRecordState.Idle), (before, Button.State));
                    break;
                default:
                    Assert.Equal(HoldToRecordAction.None, _action);
                    AssertNothingBegunOrEnded(before);
                    break;
            }
        }

        // Without an action only a press with a delay, or the end of one, changes the state.
        private void AssertNothingBegunOrEnded(HoldToRecordState before)
        {
            if (IsOpen || _script.DelayMs == 0)
                Assert.Equal(before, Button.State);
            else
                Assert.True(Button.State is HoldToRecordState.Idle or HoldToRecordState.Pressed);
        }

        private void Check(HoldToRecordState before)
        {
            Assert.True(Enum.IsDefined(Button.State));
            Assert.Equal(IsOpen, Button.State is not (HoldToRecordState.Idle or HoldToRecordState.Pressed));
            Assert.InRange(Button.SlideToCancel, 0, 1);
            Assert.InRange(Button.SlideToLock, 0, 1);
            Assert.Equal(0, Math.Min(Button.SlideToCancel, Button.SlideToLock));
            if (Button.State != HoldToRecordState.Recording)
                Assert.Equal(0, Math.Max(Button.SlideToCancel, Button.SlideToLock));
            if (IsOpen || _action is HoldToRecordAction.Send or HoldToRecordAction.TooShort or HoldToRecordAction.Discard)
                Assert.Equal(_length, Button.Elapsed);
            if (_action is HoldToRecordAction.Send or HoldToRecordAction.TooShort)
                Assert.Equal(_length.TotalMilliseconds < _script.MinimumMs, _action == HoldToRecordAction.TooShort);
            if (before == HoldToRecordState.Idle)
                Assert.True(Button.State is HoldToRecordState.Idle or HoldToRecordState.Pressed or HoldToRecordState.Recording);
        }
    }
}
