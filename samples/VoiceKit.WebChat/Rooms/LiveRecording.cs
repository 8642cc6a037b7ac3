using VoiceKit.Containers;
using VoiceKit.Opus;
using VoiceKit.WebChat.Messages;

namespace VoiceKit.WebChat.Rooms;

/// <summary>A recording that is uploaded while it is made. Its bytes are in a file that others may read as it grows.</summary>
internal sealed class LiveRecording : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ScratchFile _file;
    private readonly IDisposable _place;
    private readonly FileStream _stream;
    private readonly ChatOptions _options;
    private readonly TimeProvider _clock;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _start = new byte[OpusLook.Size];
    private long _length;
    private long _lastSign;
    private int _next;
    private int _pieces;
    private int _listeners;
    private volatile object? _container;
    private volatile bool _isEnded;
    private volatile bool _isDropped;

    public LiveRecording(ScratchFile file, string person, IDisposable place, ChatOptions options, TimeProvider clock)
    {
        _file = file;
        _place = place;
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

    /// <summary>Whether others can listen while it goes on; null before its first bytes.</summary>
    public bool? CanBeHeard => _container is OpusContainer container ? container == OpusContainer.WebM : null;

    public long Length => Interlocked.Read(ref _length);

    /// <summary>How many listen to it.</summary>
    public int Listeners => Volatile.Read(ref _listeners);

    /// <summary>Whether a piece is being read.</summary>
    public bool IsExpecting => Volatile.Read(ref _pieces) > 0;

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

    /// <summary>Judges a piece before its bytes are read; none other is read meanwhile.</summary>
    /// <param name="number">Its number, counted from 0.</param>
    /// <returns>To be disposed when it is appended.</returns>
    /// <exception cref="ChatException">It is not the next piece, or another one is being read.</exception>
    public IDisposable Expect(int number)
    {
        CheckNext(number);
        return Place.Take(ref _pieces, 1, () => Interlocked.Decrement(ref _pieces))
            ?? throw new ChatException(409, "A piece is on its way", "Pieces come one after the other.");
    }

    /// <summary>Lets one more listen.</summary>
    /// <returns>To be disposed when that ends.</returns>
    /// <exception cref="ChatException">Too many do already.</exception>
    public IDisposable Listen() => Place.Take(ref _listeners, _options.MaxListeners, () => Interlocked.Decrement(ref _listeners))
        ?? throw new ChatException(503, "Too many listen", $"{_options.MaxListeners} listen to this recording already.");

    /// <summary>
    /// Appends a piece, whole or not at all. A piece that is there already is passed over: its answer got lost.
    /// </summary>
    /// <param name="number">Its number, counted from 0.</param>
    /// <param name="bytes">The piece.</param>
    /// <param name="cancellationToken">Ends the wait for the piece before.</param>
    /// <exception cref="ChatException">It is not the next piece, the start of no recording, or too much.</exception>
    public async Task AppendAsync(int number, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            CheckNext(number);
            NoteSign();
            if (number < _next)
                return;
            if (_length + bytes.Length > _options.MaxRecordingBytes)
                throw new ChatException(413, "The recording is too large",
                    $"It has more than {_options.MaxRecordingBytes} bytes.");
            if (_container is null)
                Identify(bytes.Span);
            _file.Reserve(bytes.Length);
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

    // A browser whose microphone opens late hands out the first bytes one by one: they are waited for.
    private void Identify(ReadOnlySpan<byte> bytes)
    {
        var known = (int)_length;
        var taken = Math.Min(_start.Length - known, bytes.Length);
        bytes[..taken].CopyTo(_start.AsSpan(known));
        _container = OpusContainers.Identify(_start.AsSpan(0, known + taken));
        if (_container is null && known + taken == _start.Length)
            throw new ChatException(415, "This is no recording", "The first bytes are not those of WebM, MP4, Ogg or CAF.");
    }

    /// <summary>The person is there, and records or pauses.</summary>
    public void KeepAlive(bool isPaused)
    {
        IsPaused = isPaused;
        NoteSign();
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
        _place.Dispose();
    }

    private void CheckNext(int number)
    {
        if (_isEnded)
            throw new ChatException(409, "The recording has ended", "Nothing can be added to it.");
        var next = Volatile.Read(ref _next);
        if (number > next)
            throw new ChatException(409, "A piece is missing", $"Piece {next} is next, not {number}.");
    }

    private void Tell() =>
        Interlocked.Exchange(ref _changed,
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private void NoteSign() => Interlocked.Exchange(ref _lastSign, _clock.GetTimestamp());
}
