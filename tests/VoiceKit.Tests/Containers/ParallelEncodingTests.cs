using FsCheck.Fluent;
using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Opus;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Containers;

public class ParallelEncodingTests
{
    private const int Rate = OpusRates.Full;
    private const int Stretch = 10 * Rate;
    private const int Lookahead = 312;

    private static readonly OpusEncoderOptions Quick = new() { Complexity = 0 };
    private static readonly VoiceEncodingOptions TwoCores = new() { MaxDegreeOfParallelism = 2, Encoder = Quick };

    // Twice eleven seams: what one of them loses differs by half a decibel either way.
    [Fact]
    public void Seams_are_as_good_as_the_rest_and_do_not_click()
    {
        var losses = new List<double>();
        foreach (var (pcm, application, bitrate) in new[]
        {
            (Sounds.Speech, OpusApplication.Voip, 24_000),
            (Sounds.Music, OpusApplication.Audio, 64_000),
        })
        {
            var options = new OpusEncoderOptions { Application = application, Bitrate = bitrate, Complexity = 5 };
            var whole = Errors(pcm, Pcm.Decode(Encode(pcm, null, options)));
            var parts = Errors(pcm, Pcm.Decode(Encode(pcm, 2, options)));
            losses.AddRange(LossesAtSeams(whole, parts));
            Assert.InRange(WorstBurstAtSeams(whole, parts), -100, 6);
        }

        Assert.Equal(22, losses.Count);
        Assert.InRange(losses.Average(), -5, 0.2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Stretch - Lookahead)]
    [InlineData(Stretch - Lookahead + 1)]
    [InlineData(Stretch)]
    [InlineData(Stretch + 1)]
    [InlineData(3 * Stretch + 777)]
    public void Every_length_is_kept_and_the_number_of_cores_changes_nothing(int frames)
    {
        using var folder = new TemporaryFolder();
        var pcm = Sounds.Speech[..frames];
        var file = Encode(pcm, 1, Quick);
        foreach (var degree in new[] { 2, 3, 8, -1 })
            Assert.Equal(file, Encode(pcm, degree, Quick));

        File.WriteAllBytes(folder["x.opus"], file);
        Assert.Equal(frames, Oracle.OpusDec(folder["x.opus"]).Length);
        Assert.Empty(Oracle.Warnings(folder["x.opus"]));
    }

    [Fact]
    public void What_is_no_longer_than_a_stretch_is_encoded_as_by_one_encoder()
    {
        var pcm = Sounds.Speech[..(Stretch - Lookahead)];
        Assert.Equal(Encode(pcm, null, Quick), Encode(pcm, 2, Quick));
    }

    [Fact]
    public void Any_packets_and_settings_decode_to_what_one_encoder_makes_of_them()
    {
        var cases =
            from frames in Gen.Choose(1, 25 * 8000)
            from channels in Gen.Choose(1, 2)
            from milliseconds in Gen.Elements(2.5, 5, 10, 20, 40, 60, 80, 100, 120)
            from useDtx in Gen.Elements(true, false)
            from degree in Gen.Choose(1, 4)
            select (frames, channels, milliseconds, useDtx, degree);
        Fx.Check(
            cases,
            x =>
            {
                var format = new AudioFormat(8000, x.channels);
                var pcm = Signals.Voice(x.frames, 8000, x.channels);
                var options = new OpusEncoderOptions
                {
                    Complexity = 0,
                    PacketDuration = TimeSpan.FromMilliseconds(x.milliseconds),
                    UseDtx = x.useDtx,
                };
                var whole = Pcm.Decode(Encode(pcm, null, options, format));
                var parts = Pcm.Decode(Encode(pcm, x.degree, options, format));
                Assert.Equal(6 * x.frames * x.channels, parts.Length);
                Assert.InRange(Pcm.SignalToError(whole, parts), 6, 1000);
            },
            tests: 20);
    }

    [Fact]
    public void Progress_rises_to_the_exact_end()
    {
        var told = new List<TimeSpan>();
        using var output = new MemoryStream();
        var length = new VoiceEncoder(LibOpusCodec.Default, TwoCores).Encode(
            new PcmReader(Sounds.Speech.AsMemory(0, 3 * Stretch + 480), new AudioFormat(Rate, 1)),
            output,
            progress: new Told(told.Add));
        Assert.Equal(TimeSpan.FromSeconds(30.01), length);
        Assert.Equal([10, 20, 30, 30.01], told.Select(time => time.TotalSeconds));
    }

    [Fact]
    public void It_never_reads_more_than_a_stretch_ahead_of_each_core()
    {
        var source = new SilentReader(20 * Stretch);
        var furthest = 0L;
        using var output = new MemoryStream();
        new VoiceEncoder(LibOpusCodec.Default, TwoCores).Encode(
            source,
            output,
            progress: new Told(time => furthest = Math.Max(furthest, source.FramesRead - (long)(time.TotalSeconds * Rate))));
        Assert.InRange(furthest, 1, 2 * Stretch);
    }

    [Fact]
    public void A_source_that_breaks_ends_the_work_with_its_error()
    {
        using var output = new MemoryStream();
        var fault = Assert.Throws<IOException>(() => new VoiceEncoder(LibOpusCodec.Default, TwoCores).Encode(
            new SilentReader(4 * Stretch) { BreaksAt = 3 * Stretch }, output));
        Assert.Equal(SilentReader.Fault, fault.Message);
    }

    [Fact]
    public void Cancelling_ends_the_work()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new MemoryStream();
        var source = new SilentReader(1000L * Stretch) { OnRead = frames => CancelAt(frames, 5 * Stretch) };
        Assert.ThrowsAny<OperationCanceledException>(() => new VoiceEncoder(LibOpusCodec.Default, TwoCores).Encode(
            source, output, cancellationToken: cancellation.Token));
        Assert.InRange(source.FramesRead, 5 * Stretch, 10 * Stretch);

        void CancelAt(long frames, long end)
        {
            if (frames >= end)
                cancellation.Cancel();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Numbers_of_cores_that_make_no_sense_are_refused(int degree) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new VoiceEncodingOptions { MaxDegreeOfParallelism = degree });

    private static byte[] Encode(float[] pcm, int? degree, OpusEncoderOptions encoder, AudioFormat? format = null) => Pcm.Encode(
        pcm,
        format ?? new AudioFormat(Rate, 1),
        new VoiceEncodingOptions
        {
            Channels = format?.Channels ?? 1,
            MaxDegreeOfParallelism = degree,
            Encoder = encoder,
            Container = new OpusWriterOptions { Serial = 7 },
        });

    private static float[] Errors(float[] original, float[] decoded)
    {
        Assert.Equal(original.Length, decoded.Length);
        return [.. original.Zip(decoded, (one, other) => one - other)];
    }

    /// <summary>How much stronger the error is in the 80 ms behind each seam, in decibels.</summary>
    private static IEnumerable<double> LossesAtSeams(float[] whole, float[] parts)
    {
        const int Window = Rate * 80 / 1000;
        for (var seam = Stretch; seam + Rate < whole.Length; seam += Stretch)
            yield return Decibels(Energy(parts, seam - Lookahead, Window), Energy(whole, seam - Lookahead, Window));
    }

    /// <summary>
    /// A click is a short burst of error that one encoder does not make: the most that 2.5 ms near a seam are stronger, in their
    /// slope, than the strongest within 20 ms that one encoder makes there, in decibels.
    /// </summary>
    private static double WorstBurstAtSeams(float[] whole, float[] parts)
    {
        const int Window = Rate / 400;
        var worst = double.NegativeInfinity;
        for (var seam = Stretch; seam + Rate < whole.Length; seam += Stretch)
        {
            for (var at = seam - 8 * Window; at < seam + 32 * Window; at += Window)
            {
                var usual = Enumerable.Range(-8, 17).Max(i => SlopeEnergy(whole, at + i * Window, Window));
                worst = Math.Max(worst, Decibels(SlopeEnergy(parts, at, Window), usual));
            }
        }

        return worst;
    }

    private static double Energy(float[] pcm, int start, int count)
    {
        double energy = 0;
        for (var i = start; i < start + count; i++)
            energy += (double)pcm[i] * pcm[i];
        return energy;
    }

    private static double SlopeEnergy(float[] pcm, int start, int count)
    {
        double energy = 0;
        for (var i = start; i < start + count; i++)
            energy += (double)(pcm[i] - pcm[i - 1]) * (pcm[i] - pcm[i - 1]);
        return energy;
    }

    private static double Decibels(double energy, double reference) => 10 * Math.Log10((energy + 1e-9) / (reference + 1e-9));

    private sealed class SilentReader(long frames) : IAudioReader
    {
        public const string Fault = "The disk is gone.";

        public long BreaksAt { get; init; } = long.MaxValue;

        public Action<long>? OnRead { get; init; }

        public long FramesRead { get; private set; }

        public AudioFormat Format { get; } = new(Rate, 1);

        public long? FrameCount => frames;

        public int Read(Span<float> buffer)
        {
            if (FramesRead >= BreaksAt)
                throw new IOException(Fault);
            var count = (int)Math.Min(Math.Min(buffer.Length, 4096), frames - FramesRead);
            buffer[..count].Clear();
            FramesRead += count;
            OnRead?.Invoke(FramesRead);
            return count;
        }

        public void Dispose()
        {
        }
    }
}
