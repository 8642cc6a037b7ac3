namespace VoiceKit.Fuzz;

/// <summary>
/// Compares rows as Assert.Equal does, which goes through them in so general a way that it would take most of a run's time: it is
/// asked only once they differ.
/// </summary>
internal static class Same
{
    public static void Check<T>(IEnumerable<T> expected, IEnumerable<T> actual)
    {
        if (!expected.SequenceEqual(actual))
            Assert.Equal(expected, actual);
    }

    public static void Check(IReadOnlyList<byte[]> expected, IReadOnlyList<byte[]> actual)
    {
        var isSame = expected.Count == actual.Count;
        for (var i = 0; isSame && i < expected.Count; i++)
            isSame = expected[i].AsSpan().SequenceEqual(actual[i]);
        if (!isSame)
            Assert.Equal(expected, actual);
    }
}
