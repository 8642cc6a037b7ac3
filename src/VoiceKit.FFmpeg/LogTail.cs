using System.Text;

namespace VoiceKit.FFmpeg;

/// <summary>Keeps the last of what a program writes: whole lines, where there are any.</summary>
internal sealed class LogTail
{
    public const int Capacity = 8192;

    private readonly object _gate = new();
    private readonly byte[] _bytes = new byte[Capacity];
    private long _count;

    /// <summary>The last text.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                var length = (int)Math.Min(_count, Capacity);
                var ordered = new byte[length];
                for (var i = 0; i < length; i++)
                    ordered[i] = _bytes[(_count - length + i) % Capacity];
                var text = Encoding.UTF8.GetString(ordered);
                var cut = _count > Capacity ? text.IndexOf('\n', StringComparison.Ordinal) : -1;
                return text[(cut + 1)..].Trim();
            }
        }
    }

    /// <summary>Reads a stream to its end, or until the token says so.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                Add(buffer.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The program was ended, and its output with it.
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (var value in bytes)
                _bytes[_count++ % Capacity] = value;
        }
    }
}
