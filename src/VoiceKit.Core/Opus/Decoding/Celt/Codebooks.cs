namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>
/// The sizes of the pyramid's codebooks (RFC 6716 §4.3.4.2). V(N, K) vectors of N whole numbers have magnitudes that add up to
/// K. U(N, K) of them begin with what comes after all vectors of a smaller first magnitude:
/// V(N, K) = U(N, K) + U(N, K + 1), and U obeys the RFC's recurrence for V. U(N, K) equals U(K, N).
/// </summary>
internal static class Codebooks
{
    /// <summary>
    /// The step from U(N, K) to U(N + 1, K) in <see cref="Table"/>, where N ≤ K. A codebook has at most 176 dimensions.
    /// </summary>
    public const int Stride = 180;

    /// <summary>The larger of N and K may be any, where the smaller one is below this; no codebook is larger than 2^32.</summary>
    private const int Rows = 15;

    /// <summary>U(N, K) at N × <see cref="Stride"/> + K, for N up to 14. What exceeds 32 bits is never used.</summary>
    public static readonly uint[] Table = Build();

    /// <summary>The number of vectors of some dimensions with some pulses, V(N, K).</summary>
    public static uint Size(int dimensions, int pulses) =>
        pulses < dimensions
            ? Table[pulses * Stride + dimensions] + Table[(pulses + 1) * Stride + dimensions]
            : Table[dimensions * Stride + pulses] + Table[dimensions * Stride + pulses + 1];

    private static uint[] Build()
    {
        var table = new uint[Rows * Stride];
        table[0] = 1;
        for (var n = 1; n < Rows; n++)
        {
            for (var k = 1; k < Stride; k++)
            {
                var i = n * Stride + k;
                table[i] = unchecked(table[i - Stride] + table[i - 1] + table[i - Stride - 1]);
            }
        }

        return table;
    }
}
