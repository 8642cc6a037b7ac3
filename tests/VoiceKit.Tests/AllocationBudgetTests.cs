using VoiceKit.Tests.Support;
using Xunit.Sdk;

namespace VoiceKit.Tests;

/// <summary>The tests of each path hold it to its budget; these are about the budgets themselves.</summary>
public class AllocationBudgetTests
{
    [Fact]
    public void Budgets_are_those_of_the_paths_that_tests_hold_to_them() =>
        Assert.Equal(["bars", "decode", "demux", "encode", "mux", "resample"], AllocationBudget.Paths.Order());

    [Fact]
    public void Allocating_more_than_the_budget_fails()
    {
        AllocationBudget.Hold("mux", packets: 1, () => { });
        Assert.ThrowsAny<XunitException>(() => AllocationBudget.Hold("mux", packets: 1, () => GC.KeepAlive(new byte[1_000_000])));
    }
}
