using BenchmarkDotNet.Configs;

namespace VoiceKit.Benchmarks;

/// <summary>Says how much audio each operation works on, and adds a column of how many times real time that is.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RealTimeAttribute(double seconds) : Attribute, IConfigSource
{
    public double Seconds => seconds;

    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddColumn(new RealTimeColumn());
}
