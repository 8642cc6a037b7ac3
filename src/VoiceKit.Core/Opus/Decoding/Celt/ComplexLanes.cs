using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Eight complex numbers.</summary>
internal readonly struct ComplexLanes(Vector256<float> real, Vector256<float> imaginary)
{
    public readonly Vector256<float> Real = real;
    public readonly Vector256<float> Imaginary = imaginary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes Load(ReadOnlySpan<float> real, ReadOnlySpan<float> imaginary) =>
        new(Vector256.Create(real), Vector256.Create(imaginary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Span<float> real, Span<float> imaginary)
    {
        Real.StoreTo(real);
        Imaginary.StoreTo(imaginary);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator +(ComplexLanes a, ComplexLanes b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator -(ComplexLanes a, ComplexLanes b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator *(ComplexLanes a, float b) => new(a.Real * b, a.Imaginary * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator *(ComplexLanes a, ComplexLanes b) =>
        new(a.Real * b.Real - a.Imaginary * b.Imaginary, a.Real * b.Imaginary + a.Imaginary * b.Real);

    /// <summary>The numbers turned by a quarter: multiplied by i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexLanes Turned() => new(-Imaginary, Real);
}
