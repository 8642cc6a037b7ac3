using VoiceKit.Containers;

namespace VoiceKit.WebChat.Rooms;

/// <summary>A recording that is uploaded while it is made. Its bytes are in a file that others may read as it grows.</summary>
internal sealed class LiveRecording : IDisposable
{
    private const int LookSize = 12;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ScratchFile _file;
    private readonly FileStream _stream;
    private readonly ChatOptions _options;
    private readonly TimeProvider _clock;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _length;
    private long _lastSign;
    private int _next;
    private volatile bool _isEnded;
    private volatile bool _isDropped;

    public LiveRecording(ScratchFile file, string person, ChatOptions options, TimeProvider clock)
    {
        _file = file;
        _stream = file.Create();
        _options = options;
        _clock = clock;
        Person = person;
        Started = clock.GetUtcNow();
        _lastSign = clock.GetTimestamp();
    }

    public string Id { get; } = Ids.New();

    public string Person { get; }

    public DateTimeOffset Started { get; }

    public bool IsPaused { get; private set; }

    public ScratchFile File => _file;

    public long Length => Interlocked.Read(ref _length);

    /// <summary>Whether no more bytes come.</summary>
    public bool IsEnded => _isEnded;

    /// <summary>Whether it will not become a message.</summary>
    public bool IsDropped => _isDropped;

    /// <summary>Completes when a recording that has ended is a message, or cannot become one.</summary>
    public Task Done => _done.Task;

    /// <summary>Since when the person has given no sign of life.</summary>
    public TimeSpan Silence => _clock.GetElapsedTime(Interlocked.Read(ref _lastSign));

    /// <summary>Completes when there are more bytes, or no more will come. Take it before looking at either.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>
    /// Appends a piece, whole or not at all. A piece that is there already is passed over: its answer got lost.
    /// </summary>
    /// <param name="number">Its number, counted from 0.</param>
    /// <param name="bytes">The piece.</param>
    /// <param name="cancellationToken">Ends the wait for the piece before.</param>
    /// <exception cref="ChatException">It is not the next piece, no recording, or too much.</exception>
    public async Task AppendAsync(int number, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_isEnded)
                throw new ChatException(409, "The recording has ended", "Nothing can be added to it.");
            if (number > _next)
                throw new ChatException(409, "A piece is missing", $"Piece {_next} is next, not {number}.");
            KeepAlive(IsPaused);
            if (number < _next)
                return;
            if (_length + bytes.Length > _options.MaxRecordingBytes)
                throw new ChatException(413, "The recording is too large",
                    $"It has more than {_options.MaxRecordingBytes} bytes.");
            if (number == 0 && OpusContainers.Identify(bytes.Span[..Math.Min(LookSize, bytes.Length)]) is null)
                throw new ChatException(415, "This is no recording", "The first bytes are not those of WebM, MP4, Ogg or CAF.");
            _stream.Position = _length; // A write before may have failed half-way.
            await _stream.WriteAsync(bytes, CancellationToken.None);
            await _stream.FlushAsync(CancellationToken.None);
            _next++;
            Interlocked.Add(ref _length, bytes.Length);
            Tell();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The person is there, and records or pauses.</summary>
    public void KeepAlive(bool isPaused)
    {
        IsPaused = isPaused;
        Interlocked.Exchange(ref _lastSign, _clock.GetTimestamp());
    }

    /// <summary>Says that what was to become of it has.</summary>
    public void SayDone() => _done.TrySetResult();

    /// <summary>Says that no more bytes come.</summary>
    /// <param name="isDropped">Whether it will not become a message.</param>
    /// <returns>False when its end was told before.</returns>
    public async Task<bool> EndAsync(bool isDropped)
    {
        await _turn.WaitAsync();
        try
        {
            if (_isEnded)
                return false;
            _isDropped = isDropped;
            _isEnded = true;
            await _stream.DisposeAsync();
            Tell();
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private void Tell() =>
        Interlocked.Exchange(ref _changed,
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
