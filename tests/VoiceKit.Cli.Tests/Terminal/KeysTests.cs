using System.Collections.Concurrent;
using VoiceKit.Cli.Terminal;

namespace VoiceKit.Cli.Tests.Terminal;

public class KeysTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(' ', ConsoleKey.Spacebar, RecordAction.PauseOrResume)]
    [InlineData('p', ConsoleKey.P, RecordAction.Listen)]
    [InlineData('P', ConsoleKey.P, RecordAction.Listen)]
    [InlineData('\r', ConsoleKey.Enter, RecordAction.Send)]
    [InlineData('\n', ConsoleKey.Enter, RecordAction.Send)]
    [InlineData('\n', ConsoleKey.J, RecordAction.Send)]
    [InlineData('d', ConsoleKey.D, RecordAction.Delete)]
    [InlineData('d', ConsoleKey.E, RecordAction.Delete)]
    [InlineData('x', ConsoleKey.X, RecordAction.None)]
    [InlineData('q', ConsoleKey.Q, RecordAction.Quit)]
    [InlineData('\u001b', ConsoleKey.Escape, RecordAction.Quit)]
    [InlineData('\0', ConsoleKey.UpArrow, RecordAction.None)]
    internal void Keys_ask_of_a_recording(char c, ConsoleKey key, RecordAction command) =>
        Assert.Equal(command, Keys.ToRecordAction(new ConsoleKeyInfo(c, key, false, false, false)));

    [Theory]
    [InlineData(' ', ConsoleKey.Spacebar, PlayAction.PauseOrResume)]
    [InlineData('\0', ConsoleKey.LeftArrow, PlayAction.Back)]
    [InlineData('\0', ConsoleKey.RightArrow, PlayAction.Forward)]
    [InlineData('\0', ConsoleKey.Home, PlayAction.ToStart)]
    [InlineData('s', ConsoleKey.S, PlayAction.NextSpeed)]
    [InlineData('n', ConsoleKey.N, PlayAction.NextMessage)]
    [InlineData('b', ConsoleKey.B, PlayAction.PreviousMessage)]
    [InlineData('q', ConsoleKey.Q, PlayAction.Quit)]
    [InlineData('Q', ConsoleKey.Q, PlayAction.Quit)]
    [InlineData('\u001b', ConsoleKey.Escape, PlayAction.Quit)]
    [InlineData('\r', ConsoleKey.Enter, PlayAction.None)]
    internal void Keys_ask_of_a_player(char c, ConsoleKey key, PlayAction command) =>
        Assert.Equal(command, Keys.ToPlayAction(new ConsoleKeyInfo(c, key, false, false, false)));

    [Fact]
    public void Letters_with_control_or_alt_ask_nothing()
    {
        Assert.Equal(RecordAction.None, Keys.ToRecordAction(new ConsoleKeyInfo('d', ConsoleKey.D, false, true, false)));
        Assert.Equal(RecordAction.None, Keys.ToRecordAction(new ConsoleKeyInfo('d', ConsoleKey.D, false, false, true)));
        Assert.Equal(PlayAction.None, Keys.ToPlayAction(new ConsoleKeyInfo('q', ConsoleKey.Q, false, true, false)));
    }

    [Fact]
    public async Task Keys_come_in_order_as_they_are_pressed()
    {
        using var pressed = new BlockingCollection<ConsoleKeyInfo>();
        var reader = new KeyReader(pressed.Take);
        Assert.False(reader.Keys.TryRead(out _));
        foreach (var c in "abc")
            pressed.Add(Key(c));
        foreach (var c in "abc")
            Assert.Equal(c, (await reader.Keys.ReadAsync().AsTask().WaitAsync(Patience)).KeyChar);

        pressed.CompleteAdding();
        Assert.False(await reader.Keys.WaitToReadAsync().AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_terminal_that_is_gone_ends_the_keys()
    {
        var keys = new Queue<ConsoleKeyInfo>([Key('a'), default, Key('b')]);
        var reader = new KeyReader(keys.Dequeue);
        Assert.Equal('a', (await reader.Keys.ReadAsync().AsTask().WaitAsync(Patience)).KeyChar);
        Assert.False(await reader.Keys.WaitToReadAsync().AsTask().WaitAsync(Patience));

        var broken = new KeyReader(() => throw new IOException());
        Assert.False(await broken.Keys.WaitToReadAsync().AsTask().WaitAsync(Patience));
    }

    private static ConsoleKeyInfo Key(char c) =>
        new(c, Enum.Parse<ConsoleKey>(c.ToString().ToUpperInvariant()), false, false, false);
}
