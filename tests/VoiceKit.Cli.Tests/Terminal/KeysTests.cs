using System.Collections.Concurrent;
using VoiceKit.Cli.Terminal;

namespace VoiceKit.Cli.Tests.Terminal;

public class KeysTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(' ', ConsoleKey.Spacebar, RecordCommand.PauseOrResume)]
    [InlineData('p', ConsoleKey.P, RecordCommand.Listen)]
    [InlineData('P', ConsoleKey.P, RecordCommand.Listen)]
    [InlineData('\r', ConsoleKey.Enter, RecordCommand.Send)]
    [InlineData('\n', ConsoleKey.Enter, RecordCommand.Send)]
    [InlineData('\n', ConsoleKey.J, RecordCommand.Send)]
    [InlineData('d', ConsoleKey.D, RecordCommand.Delete)]
    [InlineData('d', ConsoleKey.E, RecordCommand.Delete)]
    [InlineData('x', ConsoleKey.X, RecordCommand.None)]
    [InlineData('\u001b', ConsoleKey.Escape, RecordCommand.None)]
    [InlineData('\0', ConsoleKey.UpArrow, RecordCommand.None)]
    internal void Keys_ask_of_a_recording(char c, ConsoleKey key, RecordCommand command) =>
        Assert.Equal(command, Keys.ToRecordCommand(new ConsoleKeyInfo(c, key, false, false, false)));

    [Theory]
    [InlineData(' ', ConsoleKey.Spacebar, PlayCommand.PauseOrResume)]
    [InlineData('\0', ConsoleKey.LeftArrow, PlayCommand.Back)]
    [InlineData('\0', ConsoleKey.RightArrow, PlayCommand.Forward)]
    [InlineData('\0', ConsoleKey.Home, PlayCommand.ToStart)]
    [InlineData('s', ConsoleKey.S, PlayCommand.NextSpeed)]
    [InlineData('n', ConsoleKey.N, PlayCommand.NextMessage)]
    [InlineData('b', ConsoleKey.B, PlayCommand.PreviousMessage)]
    [InlineData('q', ConsoleKey.Q, PlayCommand.Quit)]
    [InlineData('Q', ConsoleKey.Q, PlayCommand.Quit)]
    [InlineData('\u001b', ConsoleKey.Escape, PlayCommand.Quit)]
    [InlineData('\r', ConsoleKey.Enter, PlayCommand.None)]
    internal void Keys_ask_of_a_player(char c, ConsoleKey key, PlayCommand command) =>
        Assert.Equal(command, Keys.ToPlayCommand(new ConsoleKeyInfo(c, key, false, false, false)));

    [Fact]
    public void Letters_with_control_or_alt_ask_nothing()
    {
        Assert.Equal(RecordCommand.None, Keys.ToRecordCommand(new ConsoleKeyInfo('d', ConsoleKey.D, false, true, false)));
        Assert.Equal(RecordCommand.None, Keys.ToRecordCommand(new ConsoleKeyInfo('d', ConsoleKey.D, false, false, true)));
        Assert.Equal(PlayCommand.None, Keys.ToPlayCommand(new ConsoleKeyInfo('q', ConsoleKey.Q, false, true, false)));
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
