using VoiceKit.Opus.Decoding.Celt;

namespace VoiceKit.Decoding.Tests.Celt;

/// <summary>The codebooks of pulse vectors against counting.</summary>
public class PulseVectorTests
{
    [Fact]
    public void Codebooks_have_the_sizes_of_the_recurrence()
    {
        for (var dimensions = 2; dimensions <= 176; dimensions++)
        {
            for (var pulses = 1; pulses <= 128; pulses++)
            {
                var size = Size(dimensions, pulses);
                if (size <= uint.MaxValue)
                    Assert.Equal((uint)size, Codebooks.Size(dimensions, pulses));
                else
                    break;
            }
        }
    }

    [Theory]
    [InlineData(2, 9)]
    [InlineData(3, 1)]
    [InlineData(3, 7)]
    [InlineData(4, 4)]
    [InlineData(5, 3)]
    [InlineData(8, 3)]
    [InlineData(12, 2)]
    public void Each_index_is_another_vector_of_that_many_pulses(int dimensions, int pulses)
    {
        var seen = new HashSet<string>();
        var vector = new float[dimensions];
        var size = Codebooks.Size(dimensions, pulses);
        for (uint index = 0; index < size; index++)
        {
            var energy = PulseVector.Unrank(vector, pulses, index);
            Assert.Equal(pulses, vector.Sum(Math.Abs));
            Assert.Equal(energy, vector.Sum(x => x * x));
            Assert.All(vector, x => Assert.Equal(MathF.Round(x), x));
            Assert.True(seen.Add(string.Join(' ', vector)));
        }
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(6, 5)]
    [InlineData(3, 20)]
    public void Indices_are_ordered_as_the_standard_describes(int dimensions, int pulses)
    {
        var vector = new float[dimensions];
        for (uint index = 0; index < Codebooks.Size(dimensions, pulses); index++)
        {
            PulseVector.Unrank(vector, pulses, index);
            Assert.Equal(ByTheStandard(dimensions, pulses, index), vector);
        }
    }

    /// <summary>RFC 6716 §4.3.4.2, word by word.</summary>
    private static float[] ByTheStandard(int dimensions, int pulses, long index)
    {
        var vector = new float[dimensions];
        var k = pulses;
        for (var j = 0; j < dimensions; j++)
        {
            var rest = dimensions - j - 1;
            var p = (long)((Size(rest, k) + Size(rest + 1, k)) / 2);
            var sign = 1;
            if (index >= p)
            {
                sign = -1;
                index -= p;
            }

            var before = k;
            p -= (long)Size(rest, k);
            while (p > index)
            {
                k--;
                p -= (long)Size(rest, k);
            }

            vector[j] = sign * (before - k);
            index -= p;
        }

        return Array.ConvertAll(vector, x => x + 0f);
    }

    private static readonly Dictionary<(int, int), Int128> Sizes = [];

    /// <summary>V(N, K) = V(N - 1, K) + V(N, K - 1) + V(N - 1, K - 1).</summary>
    private static Int128 Size(int dimensions, int pulses)
    {
        if (pulses == 0)
            return 1;
        if (dimensions == 0)
            return 0;
        lock (Sizes)
        {
            if (Sizes.TryGetValue((dimensions, pulses), out var known))
                return known;
            var size = Size(dimensions - 1, pulses) + Size(dimensions, pulses - 1) + Size(dimensions - 1, pulses - 1);
            return Sizes[(dimensions, pulses)] = Int128.Min(size, (Int128)1 << 100);
        }
    }
}
