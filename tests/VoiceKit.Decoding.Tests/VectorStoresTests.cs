using System.Runtime.Intrinsics;
using VoiceKit.Opus;

namespace VoiceKit.Decoding.Tests;

/// <summary>The stores of vectors look at the bounds, as the decoder's other code does.</summary>
public class VectorStoresTests
{
    [Fact]
    public void All_lanes_are_written_and_nothing_beside_them()
    {
        var floats = new float[10];
        Vector256.Create(1f, 2, 3, 4, 5, 6, 7, 8).StoreTo(floats.AsSpan(1));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 0], floats);
        Vector128.Create(9f).StoreTo(floats.AsSpan(6));
        Assert.Equal([0, 1, 2, 3, 4, 5, 9, 9, 9, 9], floats);
        var integers = new int[9];
        Vector256.Create(7).StoreTo(integers);
        Assert.Equal([7, 7, 7, 7, 7, 7, 7, 7, 0], integers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void A_span_that_is_too_short_is_refused(int length)
    {
        var floats = new float[length];
        var integers = new int[length];
        Assert.Throws<ArgumentOutOfRangeException>(() => Vector256.Create(1f).StoreTo(floats));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vector256.Create(1).StoreTo(integers));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vector128.Create(1f).StoreTo(floats.AsSpan(0, Math.Min(length, 3))));
        Assert.All(floats, sample => Assert.Equal(0, sample));
    }
}
