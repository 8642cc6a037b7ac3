using System.Threading.Channels;

namespace VoiceKit.Cli.Terminal;

/// <summary>
/// Reads keys, without showing them, on a thread of its own that does not keep the program from ending. One is made for the whole
/// program: while it waits, it takes the next key whoever else would like it.
/// </summary>
internal sealed class KeyReader
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();

    /// <summary>Begins to read.</summary>
    /// <param name="read">Waits for the next key; by default one of the terminal's.</param>
    public KeyReader(Func<ConsoleKeyInfo>? read = null)
    {
        var next = read ?? (static () => Console.ReadKey(intercept: true));
        new Thread(() => Pump(next)) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>Whether there is a keyboard: stdin is a terminal.</summary>
    public static bool IsAvailable => !Console.IsInputRedirected;

    /// <summary>The keys in order; it completes when no more can come, as when the terminal is closed.</summary>
    public ChannelReader<ConsoleKeyInfo> Keys => _keys.Reader;

    private void Pump(Func<ConsoleKeyInfo> read)
    {
        try
        {
            // A terminal that is gone gives keys that are none.
            while (read() is var key && key != default)
                _keys.Writer.TryWrite(key);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // stdin is no terminal, or no longer.
        }

        _keys.Writer.Complete();
    }
}
