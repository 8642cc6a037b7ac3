using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

public class HoldToRecordTests
{
    public static TheoryData<string> ScriptNames => [.. HoldToRecordScript.LoadAll().Select(script => script.Name)];

    [Theory]
    [MemberData(nameof(ScriptNames))]
    public void Every_step_of_a_script_is_answered_as_it_says(string name) => Script(name).Run(isMirrored: false);

    [Theory]
    [MemberData(nameof(ScriptNames))]
    public void A_script_has_the_same_answers_in_a_mirror(string name) => Script(name).Run(isMirrored: true);

    [Fact]
    public void The_scripts_have_every_input_action_and_state()
    {
        var steps = HoldToRecordScript.LoadAll().SelectMany(script => script.Steps).ToArray();
        Assert.Empty(Enum.GetValues<HoldToRecordScript.Input>().Except(steps.Select(step => step.Do)));
        Assert.Empty(Enum.GetValues<HoldToRecordAction>().Except(steps.Select(step => step.Action)));

        var answers = steps.Select(step => (step.Do, step.State)).ToHashSet();
        foreach (var state in Enum.GetValues<HoldToRecordState>())
            Assert.Contains(answers, answer => answer.State == state);
    }

    [Fact]
    public void Without_options_and_clock_it_has_the_defaults_and_the_time()
    {
        var button = new HoldToRecord();
        Assert.Equal(HoldToRecordAction.Start, button.Press());
        Assert.Equal(HoldToRecordAction.None, button.Move(-64, 0));
        Assert.Equal(0.5, button.SlideToCancel);
        var before = button.Elapsed;
        Assert.True(SpinWait.SpinUntil(() => button.Elapsed > before, TimeSpan.FromSeconds(30)));
        Assert.Equal(HoldToRecordAction.Discard, button.Move(-120, 0));
    }

    [Theory]
    [InlineData(23.9)]
    [InlineData(10_001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Distances_out_of_range_are_refused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { CancelDistance = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { LockDistance = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { Slop = value });
    }

    [Fact]
    public void Times_and_answers_out_of_range_are_refused()
    {
        var tick = TimeSpan.FromTicks(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { MinDuration = -tick });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new HoldToRecordOptions { MinDuration = TimeSpan.FromMinutes(1) + tick });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { HoldDelay = -tick });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { HoldDelay = TimeSpan.FromSeconds(1) + tick });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { OnCancel = (HoldToRecordCancel)3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HoldToRecordOptions { Slop = -0.1 });
    }

    [Fact]
    public void Inputs_allocate_nothing()
    {
        var button = new HoldToRecord(clock: new ManualTimeProvider());
        Use(button);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Use(button);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Use(HoldToRecord button)
        {
            button.Press();
            button.Move(-50, -10);
            button.Move(-4, -4);
            button.Move(0, -70);
            button.Pause();
            button.Resume();
            button.Send();
        }
    }

    private static HoldToRecordScript Script(string name) =>
        HoldToRecordScript.LoadAll().Single(script => script.Name == name);
}
