using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>A stream from a source of the app's to a sink.</summary>
internal sealed class PlaybackStream : PulseStream
{
    private readonly IAudioOutputSource _source;
    private readonly int _channels;
    private readonly int _bufferFrames;
    private readonly int _blockFrames;
    private readonly float[] _block;
    private readonly float[] _mixed;
    private nint _drain;
    private bool _sourceHasEnded;
    private bool _isSilent;
    private long _heardAt;

    public PlaybackStream(
        PulseConnection connection, PulseTarget target, PulseAudioOptions options, AudioFormat format, IAudioOutputSource source)
        : base(connection, target, options)
    {
        _source = source;
        _channels = format.Channels;
        _bufferFrames = Math.Max(4, (int)(options.OutputBuffer.Ticks * format.SampleRate / TimeSpan.TicksPerSecond));
        _blockFrames = _bufferFrames / 4;
        _block = new float[_blockFrames * _channels];
        _mixed = _channels == target.Wire.Channels ? [] : new float[_blockFrames * target.Wire.Channels];
    }

    /// <summary>How long from now until the last frame given is heard.</summary>
    public TimeSpan Latency
    {
        get
        {
            var ticks = IsOver ? 0 : Volatile.Read(ref _heardAt) - Stopwatch.GetTimestamp();
            return ticks <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)ticks / Stopwatch.Frequency);
        }
    }

    protected override bool MayBeSilent => _isSilent;

    protected override unsafe int Connect(PulseStreamFlags flags, nint data)
    {
        NativeMethods.StreamSetWriteCallback(Handle, &OnWritable, data);
        var attributes = new PulseBufferAttributes
        {
            MaxLength = PulseBufferAttributes.ServerDecides,
            TargetLength = (uint)(_bufferFrames * WireFrameBytes),
            Prebuffer = (uint)((_bufferFrames - _blockFrames) * WireFrameBytes),
            MinRequest = (uint)(_blockFrames * WireFrameBytes),
        };
        return NativeMethods.StreamConnectPlayback(Handle, Target.Connect, &attributes, flags, 0, 0);
    }

    protected override void Release()
    {
        if (_drain == 0)
            return;
        NativeMethods.OperationCancel(_drain);
        NativeMethods.OperationUnref(_drain);
    }

    protected override void TellFault(AudioDeviceException reason) => _source.OnFault(reason);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnWritable(nint stream, nuint bytes, nint data) =>
        Unsafe.As<PlaybackStream>(From(data)).Write(bytes, data);

    private unsafe void Write(nuint bytes, nint self)
    {
        NoteSound();
        var frames = (long)(bytes / (nuint)WireFrameBytes);
        while (frames > 0 && !IsOver && !_sourceHasEnded)
        {
            var wanted = (int)Math.Min(frames, _blockFrames);
            var given = Pull(wanted);
            if (IsOver)
                return;
            if (given > 0)
                Send(given);
            frames -= given;
            _sourceHasEnded = given < wanted;
        }

        UpdateLatency();
        if (_sourceHasEnded && _drain == 0)
        {
            BePatient(Latency + Options.OutputBuffer);
            _drain = NativeMethods.StreamDrain(Handle, &OnDrained, self);
        }
    }

    private int Pull(int frames)
    {
        EnterApp();
        try
        {
            var count = _source.Read(_block.AsSpan(0, frames * _channels));
            if (count >= 0 && count <= frames * _channels && count % _channels == 0)
                return count / _channels;
            throw new InvalidOperationException(
                $"The source says it gave {count} floats where {frames} × {_channels} were asked for.");
        }
        catch (Exception exception)
        {
            FailByApp(exception);
            return 0;
        }
        finally
        {
            LeaveApp();
        }
    }

    private unsafe void Send(int frames)
    {
        var wireChannels = Target.Wire.Channels;
        ReadOnlySpan<float> samples = _block.AsSpan(0, frames * _channels);
        if (wireChannels != _channels)
        {
            ChannelMixer.Mix(samples, _channels, _mixed, wireChannels);
            samples = _mixed.AsSpan(0, frames * wireChannels);
        }

        fixed (float* data = samples)
        {
            if (NativeMethods.StreamWrite(Handle, data, (nuint)(frames * WireFrameBytes), 0, 0, 0) < 0)
                Fail(Connection.CurrentError("The device takes no sound", Target.DeviceId));
        }
    }

    private unsafe void UpdateLatency()
    {
        ulong microseconds;
        int isNegative;
        if (NativeMethods.StreamGetLatency(Handle, &microseconds, &isNegative) < 0 || isNegative != 0)
            microseconds = (ulong)(Options.OutputBuffer.Ticks / TimeSpan.TicksPerMicrosecond);
        var ticks = (long)Math.Min(microseconds, 10_000_000) * Stopwatch.Frequency / 1_000_000;
        Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp() + ticks);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDrained(nint stream, int success, nint data) => Unsafe.As<PlaybackStream>(From(data)).FinishDrain();

    // A corked stream lets the device go to sleep.
    private unsafe void FinishDrain()
    {
        if (IsOver)
            return;
        _isSilent = true;
        Volatile.Write(ref _heardAt, 0);
        var cork = NativeMethods.StreamCork(Handle, 1, null, 0);
        if (cork != 0)
            NativeMethods.OperationUnref(cork);

        EnterApp();
        try
        {
            _source.OnEnded();
        }
        catch (Exception exception)
        {
            FailByApp(exception);
        }
        finally
        {
            LeaveApp();
        }
    }
}
