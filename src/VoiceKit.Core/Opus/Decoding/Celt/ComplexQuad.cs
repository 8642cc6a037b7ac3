using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Opus.Decoding.Celt;

/// <summary>Four complex numbers.</summary>
internal readonly struct ComplexQuad(Vector128<float> real, Vector128<float> imaginary)
{
    private const float HalfRoot = 0.707106781186547524f;

    public readonly Vector128<float> Real = real;
    public readonly Vector128<float> Imaginary = imaginary;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexQuad operator +(ComplexQuad a, ComplexQuad b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexQuad operator -(ComplexQuad a, ComplexQuad b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    /// <summary>The numbers turned by a quarter: multiplied by i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexQuad Turned() => new(-Imaginary, Real);

    /// <summary>The numbers turned by an eighth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexQuad TurnedByEighth() => new((Real - Imaginary) * HalfRoot, (Real + Imaginary) * HalfRoot);
}
