using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Editing;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit.Recording;

/// <summary>
/// What audio goes through on its way from the device to the draft: conversion, fades at the edges of a pause, processors, the
/// encoder, level and bars. However often it pauses, the draft is one logical stream without a gap. Used by one thread at a time;
/// allocates nothing per packet.
/// </summary>
internal sealed class RecordingPipeline : IDisposable
{
    // Short enough not to swallow a consonant, long enough that a cut through a vowel doesn't click.
    private static readonly TimeSpan _fadeDuration = TimeSpan.FromMilliseconds(5);

    // So early that even a recording that is killed soon has audio. A page ends before its last packet, so it takes two.
    private static readonly TimeSpan _firstPageDuration = TimeSpan.FromMilliseconds(40);

    private readonly DraftFile _draft;
    private readonly IOpusPacketWriter _packets;
    private readonly OpusAudioWriter _writer;
    private readonly IWaveformBuilder _waveform;
    private readonly long _maxFrames;
    private readonly long _maxSize;
    private readonly int _fadeFrames;
    private readonly long _firstPageFrames;
    private readonly long _emptySize;
    private readonly double _expectedRate;

    // The samples before the processors have them: an app's own processor that throws loses nothing.
    private readonly ProcessorChain _processors;
    private readonly float[] _unprocessed;

    // The newest audio is held back until it is known whether a pause comes after it. What is behind it goes on through a pause.
    private readonly float[] _held;
    private int _heldLength;
    private int _fadeInLeft;
    private RecordingConverter _converter;
    private long _frameCount;
    private bool _hasFirstPage;

    public RecordingPipeline(IOpusEncoderFactory codec, VoiceRecorderOptions options, AudioFormat input, DraftFile draft)
    {
        _draft = draft;
        var encoding = options.Encoding;
        var encoderOptions = encoding.EncoderFor(input.SampleRate);
        var encoder = codec.CreateEncoder(encoderOptions);
        try
        {
            var head = OpusHead.Of(encoder, input.SampleRate);
            var tags = new OpusTags(encoding.Vendor ?? codec.Name, encoding.AllComments());
            _packets = options.PacketWriter?.Invoke(draft, head, tags)
                ?? new OggOpusWriter(draft, head, tags, PagesFor(encoding, encoderOptions.PacketDuration), leaveOpen: true);
            _writer = new OpusAudioWriter(_packets, encoder);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }

        _maxFrames = options.MaxDuration is { } duration ? FramesOf(duration) : long.MaxValue;
        _maxSize = options.MaxSize ?? long.MaxValue;
        _fadeFrames = (int)FramesOf(_fadeDuration);
        _firstPageFrames = Math.Max(FramesOf(_firstPageDuration), FramesOf(2 * encoderOptions.PacketDuration));
        _held = new float[_fadeFrames * Format.Channels];
        _processors = new ProcessorChain(Format, ProcessorsOf(options));
        _unprocessed = new float[_processors.IsEmpty ? 0 : RecordingConverter.MaxPieceOf(Format)];
        _converter = new RecordingConverter(input, Format);
        _waveform = options.Waveform?.Invoke(Format) ?? new WaveformBuilder(Format);
        Meter = new RecordingMeter((int)FramesOf(options.BarInterval) * Format.Channels);
        _writer.Flush();
        _emptySize = Size;
        _expectedRate = (encoderOptions.Bitrate ?? 64_000 * encoderOptions.Channels) / 8.0;
    }

    /// <summary>The format of the message.</summary>
    public AudioFormat Format => _writer.Format;

    /// <summary>How much was taken, to the frame.</summary>
    public TimeSpan Elapsed => Format.DurationOf(Volatile.Read(ref _frameCount));

    /// <summary>How much of it is silence in place of what was lost.</summary>
    public TimeSpan Lost { get; private set; }

    public RecordingMeter Meter { get; }

    /// <summary>Whether the draft has its end.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>What a part that the app brought has thrown since the last start; null while none has.</summary>
    public Exception? PartFault { get; private set; }

    /// <summary>The size of the draft if it were finished now, about.</summary>
    public long Size => _draft.Length + _writer.PendingSize;

    /// <summary>The limit that was reached; null while none was.</summary>
    public RecordingChangeReason? Limit =>
        _frameCount >= _maxFrames ? RecordingChangeReason.MaxDuration
        : IsLarge ? RecordingChangeReason.MaxSize
        : null;

    /// <summary>About how much more can be recorded before a limit; null without limits.</summary>
    public TimeSpan? Remaining
    {
        get
        {
            var byDuration = _maxFrames == long.MaxValue ? (TimeSpan?)null : Format.DurationOf(_maxFrames - _frameCount);
            if (_maxSize == long.MaxValue)
                return byDuration;
            var bySize = RemainingBySize;
            return bySize < byDuration || byDuration is null ? bySize : byDuration;
        }
    }

    /// <summary>Takes audio of another input, or of the same one anew, from now on.</summary>
    public void Connect(AudioFormat input)
    {
        if (input != _converter.Input)
            _converter = new RecordingConverter(input, Format);
        _fadeInLeft = _frameCount == 0 ? 0 : _fadeFrames;
        PartFault = null;
    }

    /// <summary>Takes audio, until a limit is reached.</summary>
    /// <param name="samples">Whole frames of the input's format.</param>
    public void Add(ReadOnlySpan<float> samples)
    {
        while (!samples.IsEmpty)
        {
            var chunk = samples[..Math.Min(samples.Length, _converter.ChunkSize)];
            samples = samples[chunk.Length..];
            foreach (var piece in _converter.Add(chunk))
                Take(piece);
        }
    }

    /// <summary>Takes silence in place of audio that was lost.</summary>
    /// <param name="frames">How many frames of the input's format.</param>
    public void AddSilence(long frames)
    {
        Lost += _converter.Input.DurationOf(frames);
        Span<float> silence = stackalloc float[256];
        silence = silence[..(256 / _converter.Input.Channels * _converter.Input.Channels)];
        silence.Clear();
        var samples = frames * _converter.Input.Channels;
        for (; samples > 0; samples -= silence.Length)
            Add(silence[..(int)Math.Min(samples, silence.Length)]);
    }

    /// <summary>Takes what conversion has still in it: the input has stopped.</summary>
    public void EndInput()
    {
        while (_converter.Flush() is { IsEmpty: false } rest)
            Take(rest);
    }

    /// <summary>Fades out, and brings all but the last packet or two to the draft.</summary>
    public void Pause()
    {
        FadeOut(_held.AsSpan(0, _heldLength));
        ReleaseHeld();
        _writer.Flush();
        _draft.FlushToDisk();
    }

    /// <summary>Gives the draft as it would be if it ended with its last whole packet.</summary>
    public byte[] Preview() =>
        _packets is OggOpusWriter ? _draft.ToArray(PreviewEnd()) : Repair(_draft.ToArray());

    /// <summary>Gives what is missing in the draft for that, as far as the writer can tell without being finished.</summary>
    public byte[] PreviewEnd() => (_packets as OggOpusWriter)?.PreviewEnd() ?? [];

    /// <summary>Ends the draft, exactly with the last frame that was taken.</summary>
    public void Finish()
    {
        if (IsFinished)
            return;
        IsFinished = true;
        ReleaseHeld();
        DrainProcessors();
        _writer.Finish();
        _draft.FlushToDisk();
    }

    public Waveform GetWaveform(int bars) => _waveform.Build(bars);

    public void Dispose() => _writer.Dispose();

    private bool IsLarge => _maxSize != long.MaxValue && Size >= _maxSize;

    // At the rate of what was recorded so far, once that says something.
    private TimeSpan RemainingBySize
    {
        get
        {
            var elapsed = Elapsed.TotalSeconds;
            var rate = elapsed < 2 ? _expectedRate : (Size - _emptySize) / elapsed;
            var seconds = Math.Max(0, _maxSize - Size) / Math.Max(rate, 1);
            return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        }
    }

    // A page gets to the draft with the packet after its last; with that and the device's blocks all is there within 500 ms.
    private static OpusWriterOptions PagesFor(VoiceEncodingOptions encoding, TimeSpan packet) => new()
    {
        Serial = encoding.Container.Serial,
        MaxPageDuration = TimeSpan.FromMilliseconds(Math.Min(300, 420 - 2 * packet.TotalMilliseconds)),
    };

    // What an app's own writer has written ends without an end, as after a crash.
    private static byte[] Repair(byte[] draft)
    {
        using var output = new MemoryStream();
        OpusEditor.Repair(new ReadOnlyMemoryStream(draft), output);
        return output.ToArray();
    }

    private long FramesOf(TimeSpan time) => (long)((Int128)time.Ticks * Format.SampleRate / TimeSpan.TicksPerSecond);

    private void Take(Span<float> samples)
    {
        var frames = Math.Min(samples.Length / Format.Channels, _maxFrames - _frameCount);
        if (frames <= 0 || IsLarge)
            return;
        samples = samples[..((int)frames * Format.Channels)];
        FadeIn(samples);
        Volatile.Write(ref _frameCount, _frameCount + frames);
        Hold(samples);
    }

    private void Hold(Span<float> samples)
    {
        var over = _heldLength + samples.Length - _held.Length;
        if (over > 0)
        {
            var fromHeld = Math.Min(over, _heldLength);
            Process(_held.AsSpan(0, fromHeld));
            _held.AsSpan(fromHeld, _heldLength - fromHeld).CopyTo(_held);
            _heldLength -= fromHeld;
            Process(samples[..(over - fromHeld)]);
            samples = samples[(over - fromHeld)..];
        }

        samples.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += samples.Length;
    }

    private void ReleaseHeld()
    {
        Process(_held.AsSpan(0, _heldLength));
        _heldLength = 0;
    }

    private void Process(Span<float> samples)
    {
        if (_processors.IsEmpty)
        {
            Encode(samples);
            return;
        }

        samples.CopyTo(_unprocessed);
        Span<float> output;
        try
        {
            output = _processors.Process(samples);
        }
        catch (Exception exception)
        {
            PartFault ??= exception;
            output = _unprocessed.AsSpan(0, samples.Length);
        }

        Encode(output);
    }

    // What the processors hold back; silence in its place where they fail, so that the length is true.
    private void DrainProcessors()
    {
        if (_processors.IsEmpty)
            return;
        try
        {
            while (!_processors.IsDrained)
                Encode(_processors.Drain());
        }
        catch (Exception exception) when (exception is not OpusCodecException)
        {
            PartFault ??= exception;
        }

        Array.Clear(_unprocessed);
        while (_frameCount - _writer.FrameCount is > 0 and var missing)
            Encode(_unprocessed.AsSpan(0, (int)Math.Min(_unprocessed.Length, missing * Format.Channels)));
    }

    // Rumble goes first, and last comes what keeps the level below the ceiling.
    private static List<Func<AudioFormat, IAudioProcessor>> ProcessorsOf(VoiceRecorderOptions options)
    {
        var processors = new List<Func<AudioFormat, IAudioProcessor>>(options.Processors);
        if (options.HighPass is { } cutoff)
            processors.Insert(0, format => new HighPassFilter(format, cutoff));
        if (options.AutomaticGain is { } gain)
            processors.Add(format => new AutomaticGain(format, gain));
        return processors;
    }

    private void Encode(ReadOnlySpan<float> samples)
    {
        _writer.Write(samples);
        WriteFirstPage();
        Meter.Add(samples);
        AddToWaveform(samples);
    }

    private void WriteFirstPage()
    {
        if (_hasFirstPage || _writer.FrameCount < _firstPageFrames)
            return;
        _hasFirstPage = true;
        _writer.Flush();
    }

    private void AddToWaveform(ReadOnlySpan<float> samples)
    {
        try
        {
            _waveform.Add(samples);
        }
        catch (Exception exception)
        {
            PartFault ??= exception;
        }
    }

    private void FadeIn(Span<float> samples)
    {
        for (var i = 0; _fadeInLeft > 0 && i < samples.Length; _fadeInLeft--)
        {
            var gain = 1 - (float)_fadeInLeft / _fadeFrames;
            for (var channel = 0; channel < Format.Channels; channel++)
                samples[i++] *= gain;
        }
    }

    private void FadeOut(Span<float> samples)
    {
        var frames = samples.Length / Format.Channels;
        for (var i = 0; i < samples.Length; i++)
            samples[i] *= 1 - (i / Format.Channels + 1f) / frames;
    }
}
