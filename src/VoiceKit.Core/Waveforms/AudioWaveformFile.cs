using System.Buffers.Binary;

namespace VoiceKit.Waveforms;

/// <summary>
/// Waveform data of BBC's audiowaveform program, peaks.js and waveform-data.js: the lowest and the highest sample of each of a
/// number of equal stretches, as <c>.dat</c> (versions 1 and 2) or JSON (audiowaveform, "Waveform data file format"). Immutable.
/// </summary>
public sealed partial class AudioWaveformFile
{
    private const int HeaderSize1 = 20;
    private const int HeaderSize2 = 24;
    private const uint Is8Bit = 1;

    private readonly short[] _data;

    /// <summary>Creates waveform data.</summary>
    /// <param name="sampleRate">The rate of the audio in Hz, 1 or more.</param>
    /// <param name="samplesPerPixel">The length of a stretch in samples of one channel, 1 or more.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="channels">The number of channels, 1…255.</param>
    /// <param name="data">
    /// Stretch by stretch, and channel by channel in each: the lowest sample, then the highest; in −128…127 for 8 bits.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is out of its range, or the audio longer than a time can be.
    /// </exception>
    /// <exception cref="ArgumentException">The data ends inside a stretch.</exception>
    public AudioWaveformFile(int sampleRate, int samplesPerPixel, int bits, int channels, ReadOnlySpan<short> data)
        : this(sampleRate, samplesPerPixel, bits, channels, data.ToArray())
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerPixel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 255);
        CheckBits(bits);
        if (data.Length % (2 * channels) != 0)
            throw new ArgumentException("The data ends inside a stretch.", nameof(data));
        if (FindFault(sampleRate, samplesPerPixel, bits, channels, Length) is { } fault)
            throw new ArgumentOutOfRangeException(nameof(samplesPerPixel), samplesPerPixel, fault);
        foreach (var sample in data)
        {
            if (bits == 8 && sample != (sbyte)sample)
                throw new ArgumentOutOfRangeException(nameof(data), sample, "A sample has more than 8 bits.");
        }
    }

    private AudioWaveformFile(int sampleRate, int samplesPerPixel, int bits, int channels, short[] data)
    {
        SampleRate = sampleRate;
        SamplesPerPixel = samplesPerPixel;
        Bits = bits;
        Channels = channels;
        _data = data;
    }

    /// <summary>The rate of the audio in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>The length of a stretch in samples of one channel.</summary>
    public int SamplesPerPixel { get; }

    /// <summary>The size of a sample: 8 or 16.</summary>
    public int Bits { get; }

    /// <summary>The number of channels, 1…255.</summary>
    public int Channels { get; }

    /// <summary>The number of stretches.</summary>
    public int Length => _data.Length / 2 / Math.Max(1, Channels);

    /// <summary>Stretch by stretch, and channel by channel in each: the lowest sample, then the highest.</summary>
    public ReadOnlySpan<short> Data => _data;

    /// <summary>The length of the audio: that of all stretches, though the last may have been shorter.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length * SamplesPerPixel / SampleRate);

    /// <summary>Makes waveform data of bars.</summary>
    /// <remarks>
    /// Bars have one peak for both directions, so the lowest sample is written as minus the highest, in one channel: where the
    /// audio is at hand, <see cref="FromAudio"/> knows both. A stretch has a whole number of samples, so <see cref="Duration"/>
    /// may differ by half a sample for each bar.
    /// </remarks>
    /// <param name="waveform">The bars, one for each stretch.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="sampleRate">The rate in Hz to count samples in, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is out of its range, or the bars are too long for that rate.
    /// </exception>
    public static AudioWaveformFile FromWaveform(Waveform waveform, int bits = 16, int sampleRate = 48_000)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        var samples = Math.Round(waveform.Duration.TotalSeconds * sampleRate / waveform.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, int.MaxValue, nameof(waveform));
        var data = new short[2 * waveform.Count];
        for (var i = 0; i < waveform.Count; i++)
        {
            var peak = (int)Math.Min(MathF.Round(waveform.Peaks[i] * 32768), short.MaxValue) >> (16 - bits);
            data[2 * i] = (short)-peak;
            data[2 * i + 1] = (short)peak;
        }

        return new AudioWaveformFile(sampleRate, Math.Max(1, (int)samples), bits, 1, data.AsSpan());
    }

    /// <summary>Reads a <c>.dat</c> file of version 1 or 2; bytes behind the data are ignored.</summary>
    /// <param name="file">The bytes.</param>
    /// <exception cref="VoiceFormatException">The bytes are no waveform data of audiowaveform, or are cut off.</exception>
    public static AudioWaveformFile ParseDat(ReadOnlySpan<byte> file)
    {
        var version = file.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(file);
        if (version is not (1 or 2))
            throw new VoiceFormatException("This is no waveform data of version 1 or 2.", 0);
        var headerSize = version == 1 ? HeaderSize1 : HeaderSize2;
        if (file.Length < headerSize)
            throw new VoiceFormatException("The header is cut off.", file.Length);

        var bits = (BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) & Is8Bit) == Is8Bit ? 8 : 16;
        var rate = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
        var samplesPerPixel = BinaryPrimitives.ReadInt32LittleEndian(file[12..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(file[16..]);
        var channels = version == 1 ? 1 : BinaryPrimitives.ReadInt32LittleEndian(file[20..]);
        if (FindFault(rate, samplesPerPixel, bits, channels, length) is { } fault)
            throw new VoiceFormatException(fault, 4);
        var size = length * 2L * channels * (bits / 8);
        var present = file.Length - headerSize;
        if (size > present)
            throw new VoiceFormatException($"{length} stretches take {size} bytes, of which {present} are there.", file.Length);
        return new AudioWaveformFile(rate, samplesPerPixel, bits, channels, ReadSamples(file.Slice(headerSize, (int)size), bits));
    }

    /// <summary>Reads JSON, with or without the fields <c>version</c> and <c>channels</c>.</summary>
    /// <param name="utf8">The text as UTF-8.</param>
    /// <exception cref="VoiceFormatException">The text is no JSON, or no waveform data of audiowaveform.</exception>
    public static AudioWaveformFile ParseJson(ReadOnlySpan<byte> utf8)
    {
        var parser = new AudioWaveformJson(utf8);
        var (rate, samplesPerPixel, bits, channels) = (parser.SampleRate, parser.SamplesPerPixel, parser.Bits, parser.Channels);
        var fault = FindFault(rate, samplesPerPixel, bits, channels, parser.Length);
        if (fault is null && parser.Data.LongLength != 2L * channels * parser.Length)
            fault = $"{parser.Length} stretches of {channels} channels have {parser.Data.Length} samples.";
        return fault is null
            ? new AudioWaveformFile(rate, samplesPerPixel, bits, channels, parser.Data)
            : throw new VoiceFormatException(fault, utf8.Length);
    }

    /// <summary>Writes a <c>.dat</c> file.</summary>
    /// <param name="version">2; or 1, which knows one channel only.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The version is neither 1 nor 2, or is 1 and there is more than one channel.
    /// </exception>
    public byte[] ToDat(int version = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, Channels == 1 ? 1 : 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 2);
        var headerSize = version == 1 ? HeaderSize1 : HeaderSize2;
        var file = new byte[headerSize + _data.Length * (Bits / 8)];
        BinaryPrimitives.WriteInt32LittleEndian(file, version);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), Bits == 8 ? Is8Bit : 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), SamplesPerPixel);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), Length);
        if (version == 2)
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(20), Channels);
        for (var i = 0; i < _data.Length; i++)
        {
            if (Bits == 8)
                file[headerSize + i] = (byte)_data[i];
            else
                BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(headerSize + 2 * i), _data[i]);
        }

        return file;
    }

    /// <summary>Writes JSON of version 2.</summary>
    /// <returns>The text as UTF-8.</returns>
    public byte[] ToJson() => AudioWaveformJson.Write(this);

    /// <summary>Makes bars, one for each stretch.</summary>
    /// <returns>
    /// Bars of which both peak and RMS are the greatest magnitude of all channels; more than <see cref="Waveform.MaxCount"/>
    /// are cut into that many, and none become one of silence.
    /// </returns>
    public Waveform ToWaveform()
    {
        if (Length == 0)
            return Waveform.FromLevels([0]);
        var count = Math.Min(Length, Waveform.MaxCount);
        var peaks = new float[count];
        var cutter = new BarCutter(peaks, new float[count], Length, channels: 1);
        var step = 2 * Channels;
        for (var at = 0; at < _data.Length; at += step)
            cutter.Add(1, Magnitude(_data.AsSpan(at, step)), 0);
        return Waveform.FromLevels(peaks, Duration);
    }

    private static string? FindFault(int sampleRate, int samplesPerPixel, int bits, int channels, long length)
    {
        if (sampleRate < 1)
            return $"The sample rate is {sampleRate} Hz.";
        if (samplesPerPixel < 1)
            return $"A stretch has {samplesPerPixel} samples.";
        if (bits is not (8 or 16))
            return $"A sample has {bits} bits, not 8 or 16.";
        if (channels is < 1 or > 255)
            return $"There are {channels} channels.";
        return length < 0 || (double)length * samplesPerPixel / sampleRate >= TimeSpan.MaxValue.TotalSeconds
            ? $"{length} stretches of {samplesPerPixel} samples are no length of time."
            : null;
    }

    private static short[] ReadSamples(ReadOnlySpan<byte> bytes, int bits)
    {
        var samples = new short[bytes.Length / (bits / 8)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = bits == 8 ? (sbyte)bytes[i] : BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]);
        return samples;
    }

    private float Magnitude(ReadOnlySpan<short> samples)
    {
        var greatest = 0;
        foreach (var sample in samples)
            greatest = Math.Max(greatest, Math.Abs((int)sample));
        return (float)greatest / (1 << (Bits - 1));
    }
}
