using System.Numerics;
using VoiceKit.Opus;

namespace VoiceKit.Concentus;

/// <summary>
/// Brings what is decoded at 48 kHz to a lower rate, sample for sample: a Chebyshev filter of type II and order 10, at least 50
/// dB down from 0.58 of the rate on, within 0.1 dB up to 0.42 of it. It delays speech by 0.04 ms (24 kHz) to 0.15 ms (8 kHz).
/// </summary>
internal sealed class Decimator
{
    private const int Order = 10;
    private const double Attenuation = 50;
    private const double StopEdge = 0.58;

    private readonly int _factor;
    private readonly int _channels;
    private readonly Section[] _sections = new Section[Order / 2];
    private readonly double[] _state;

    /// <param name="rate">The rate to come to, in Hz: a divisor of 48,000.</param>
    /// <param name="channels">How many channels, interleaved.</param>
    public Decimator(int rate, int channels)
    {
        _factor = OpusRates.Full / rate;
        _channels = channels;
        _state = new double[channels * Order];
        for (var i = 0; i < _sections.Length; i++)
            _sections[i] = Design(i, StopEdge * rate / OpusRates.Full);
    }

    /// <summary>Filters samples, and gives the first of each as many as go into one.</summary>
    /// <param name="from">Samples at 48 kHz, whole frames, as many as go into whole frames of the lower rate.</param>
    /// <param name="to">Where the frames of the lower rate go.</param>
    public void Process(ReadOnlySpan<short> from, Span<float> to)
    {
        for (var channel = 0; channel < _channels; channel++)
        {
            var state = _state.AsSpan(channel * Order, Order);
            for (int at = channel, frame = 0; at < from.Length; at += _channels, frame++)
            {
                double sample = from[at];
                for (var i = 0; i < _sections.Length; i++)
                    sample = _sections[i].Process(sample, ref state[2 * i], ref state[2 * i + 1]);
                if (frame % _factor == 0)
                    to[frame / _factor * _channels + channel] = (float)(sample / 32768);
            }
        }
    }

    // Poles and zeros of the analogue prototype with its stop edge at 1, moved there by the bilinear transform.
    private static Section Design(int index, double edge)
    {
        var ripple = 1 / Math.Sqrt(Math.Pow(10, Attenuation / 10) - 1);
        var spread = Math.Asinh(1 / ripple) / Order;
        var angle = Math.PI * (2 * index + 1) / (2 * Order);
        var pole = 1 / new Complex(-Math.Sinh(spread) * Math.Sin(angle), Math.Cosh(spread) * Math.Cos(angle));
        var zero = new Complex(0, 1 / Math.Cos(angle));
        var warped = Math.Tan(Math.PI * edge);
        return Section.Of((1 + zero * warped) / (1 - zero * warped), (1 + pole * warped) / (1 - pole * warped));
    }

    /// <summary>A pair of poles and a pair of zeros, in the transposed direct form II; 1 at 0 Hz.</summary>
    private readonly record struct Section(double B0, double B1, double B2, double A1, double A2)
    {
        public static Section Of(Complex zero, Complex pole)
        {
            var (b1, b2) = (-2 * zero.Real, zero.Magnitude * zero.Magnitude);
            var (a1, a2) = (-2 * pole.Real, pole.Magnitude * pole.Magnitude);
            var gain = (1 + a1 + a2) / (1 + b1 + b2);
            return new Section(gain, gain * b1, gain * b2, a1, a2);
        }

        public double Process(double sample, ref double first, ref double second)
        {
            var result = B0 * sample + first;
            first = B1 * sample - A1 * result + second;
            second = B2 * sample - A2 * result;
            return result;
        }
    }
}
