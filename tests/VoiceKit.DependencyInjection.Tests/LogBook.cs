using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VoiceKit.DependencyInjection.Tests;

/// <summary>Takes down what is logged.</summary>
internal sealed class LogBook : ILoggerFactory
{
    private readonly ConcurrentQueue<Entry> _entries = new();
    private readonly SemaphoreSlim _written = new(0);

    public Entry[] Entries => [.. _entries];

    /// <summary>Waits until there are so many entries.</summary>
    public async Task<Entry[]> WaitForAsync(int count)
    {
        while (_entries.Count < count)
            Assert.True(await _written.WaitAsync(TimeSpan.FromMinutes(1)), $"There are {_entries.Count} entries, not {count}.");
        return Entries;
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public sealed record Entry(string Category, LogLevel Level, int Id, string Text, Exception? Exception);

    private sealed class Writer(LogBook book, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            book._entries.Enqueue(new Entry(category, logLevel, eventId.Id, formatter(state, exception), exception));
            book._written.Release();
        }
    }
}
