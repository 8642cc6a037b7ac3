using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace VoiceKit.Benchmarks;

/// <summary>The audio of an operation over the time that it took.</summary>
internal sealed class RealTimeColumn : IColumn
{
    public string Id => nameof(RealTimeColumn);

    public string ColumnName => "× real time";

    public string Legend => "Seconds of audio per second of one core";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        var seconds = benchmarkCase.Descriptor.Type.GetCustomAttribute<RealTimeAttribute>()?.Seconds;
        var nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Mean;
        var times = seconds * 1e9 / nanoseconds;
        return times?.ToString("N0", CultureInfo.InvariantCulture) ?? "?";
    }
}
