using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using VoiceKit.Diagnostics;

namespace VoiceKit.Tests.Diagnostics;

/// <summary>Takes down what VoiceKit measures and traces.</summary>
internal sealed class Watch : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ConcurrentQueue<Activity> _traced = new();
    private readonly SemaphoreSlim _written = new(0);

    public Watch()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == VoiceKitDiagnostics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == VoiceKitDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _traced.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public Activity[] Traced => [.. _traced];

    public Measured[] Of(string name) => [.. _measured.Where(measured => measured.Name == name)];

    /// <summary>The only measurement of a name.</summary>
    public Measured One(string name) => Assert.Single(Of(name));

    /// <summary>The only measurement of a name, when it comes.</summary>
    public async Task<Measured> OneAsync(string name)
    {
        while (Of(name).Length == 0)
            Assert.True(await _written.WaitAsync(TimeSpan.FromMinutes(1)), $"There is no {name}.");
        return One(name);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _measured.Enqueue(new Measured(
            instrument.Name,
            instrument.GetType().GetGenericTypeDefinition(),
            instrument.Unit,
            value,
            string.Join(' ', tags.ToArray())));
        _written.Release();
    }

    /// <param name="Tags">As <c>[name, value]</c>, with spaces between them.</param>
    public sealed record Measured(string Name, Type Kind, string? Unit, double Value, string Tags);
}
