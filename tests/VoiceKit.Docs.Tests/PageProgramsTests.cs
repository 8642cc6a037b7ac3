namespace VoiceKit.Docs.Tests;

/// <summary>What stands on a page compiles when a reader pastes it.</summary>
public class PageProgramsTests
{
    [Fact]
    public void Every_page_is_a_program_up_to_each_of_its_blocks()
    {
        var errors = CSharpCompiler.ErrorsOf(Repository.Pages.SelectMany(PageProgram.AllOf));
        Assert.True(errors.Length == 0, string.Join('\n', errors));
    }

    [Fact]
    public void What_a_block_lacks_is_told_with_its_place()
    {
        const string Page = """
            ```csharp
            using VoiceKit;

            var message = await VoiceMessage.OpenAsync("message.opus");
            string title = message.Tags.GetValue("TITLE");
            ```

            ```csharp
            var bars = await message.GetWaveformAsync(bars: count);
            bars.ToBytes(WaveformEncoding.Telegram);
            ```

            ```csharp
            using VoiceKit.Waveforms;

            var message = new Note();
            ```

            ```csharp
            public sealed class Note;
            ```
            """;
        var errors = CSharpCompiler.ErrorsOf(PageProgram.UpToEach(PageBlock.AllOf("a.md", Page), isWeb: false));

        string[] expected =
        [
            "a.md, block 1(5,16): error CS8600",
            "a.md, block 2(9,49): error CS0103",
            "a.md, block 2(10,14): error CS0103",
            "a.md, block 3(16,5): error CS0128",
            "a.md, block 3(16,19): error CS0246",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), errors.Select(Place).Order(StringComparer.Ordinal));
    }

    private static string Place(string error) => string.Join(':', error.Split(':')[..2]);
}
