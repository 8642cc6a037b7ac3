using System.Diagnostics;

namespace VoiceKit.Fuzz;

/// <summary>
/// Runs one way into the library with inputs broken at random. Whatever the input is: nothing but
/// <see cref="VoiceFormatException"/> comes out; <see cref="Read"/> allocates no more than 1 MiB and the input's size; and what a
/// target checks of its own in <see cref="Check"/> holds.
/// </summary>
public abstract class FuzzTarget(ITestOutputHelper output)
{
    /// <summary>What may be allocated beside the input's size.</summary>
    internal const long FreeBytes = 1 << 20;

    private const int MessageBytes = 400;
    private const int MaxFailures = 3;

    private readonly List<string> _failures = [];

    /// <summary>
    /// The inputs that a fuzzer begins with that finds its own: the seeds, and the corpus of what was found before.
    /// </summary>
    internal IEnumerable<byte[]> Beginnings => MakeSeeds().Concat(Corpus.Of(GetType().Name));

    /// <summary>How many inputs a run of all tests takes.</summary>
    protected virtual int Runs => 1000;

    [Fact]
    public void No_input_breaks_it()
    {
        if (FuzzOptions.File is { } path)
        {
            RunOne(File.ReadAllBytes(path));
            return;
        }

        var seeds = Beginnings.ToList();
        foreach (var seed in seeds)
            Guard(seed, "seed");
        var mutator = new Mutator(GetType().Name, FuzzOptions.Seed, seeds);
        var clock = Stopwatch.StartNew();
        var index = 0;
        var runs = FuzzOptions.Runs ?? Runs;
        for (; index < runs && clock.Elapsed < FuzzOptions.Limit && _failures.Count < MaxFailures; index++)
            Guard(mutator.Make(index), $"{FuzzOptions.Seed}-{index}");
        var told = $"{GetType().Name}: {index} mutations, seed {FuzzOptions.Seed}{Details}";
        output.WriteLine(told);
        FuzzOptions.Tell(told);
        Assert.True(_failures.Count == 0, string.Join("\n\n", _failures));
    }

    /// <summary>What the figures tell beside the number of inputs.</summary>
    protected virtual string Details => "";

    /// <summary>The whole inputs that are broken.</summary>
    protected abstract IReadOnlyList<byte[]> MakeSeeds();

    /// <summary>
    /// Reads an input to its end; what this allocates is measured. May throw <see cref="VoiceFormatException"/>.
    /// </summary>
    protected abstract void Read(byte[] input);

    /// <summary>Checks what must hold for an input. May throw <see cref="VoiceFormatException"/>.</summary>
    protected virtual void Check(byte[] input)
    {
    }

    /// <summary>What <see cref="Read"/> may allocate for the input: its size, and that of what is made of it.</summary>
    protected virtual long SizeOf(byte[] input) => input.Length;

    private void Guard(byte[] input, string label)
    {
        try
        {
            RunOne(input);
        }
        catch (Exception exception)
        {
            _failures.Add($"{Describe(input, label)}\n{exception}");
        }
    }

    /// <summary>Runs an input; throws when it breaks something.</summary>
    internal void RunOne(byte[] input)
    {
        CheckAllocation(input);
        try
        {
            Check(input);
        }
        catch (VoiceFormatException)
        {
        }
    }

    // Buffers that the pool lends count when they are new to it, which they are not the second time.
    private void CheckAllocation(byte[] input)
    {
        var limit = FreeBytes + SizeOf(input);
        long allocated = 0;
        for (var attempt = 0; attempt < 4; attempt++)
        {
            allocated = Allocation.Measure(() => Read(input));
            if (allocated <= limit)
                return;
        }

        Assert.Fail($"{allocated} bytes are allocated where {limit} may be.");
    }

    private string Describe(byte[] input, string label)
    {
        var saved = "";
        if (FuzzOptions.SaveFolder is { } folder)
        {
            saved = Path.Combine(folder, $"{GetType().Name}-{label}.bin");
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(saved, input);
            saved = $"; again with: eng/fuzz {GetType().Name} {saved}";
        }

        var bytes = input.Length <= MessageBytes ? Convert.ToBase64String(input) : "too long to show";
        return $"{GetType().Name}, input {label}, {input.Length} bytes ({bytes}){saved}";
    }
}
