using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VoiceKit.Audio;

namespace VoiceKit.PulseAudio.Interop;

/// <summary>A stream from a source to a sink of the app's.</summary>
internal sealed class CaptureStream : PulseStream
{
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(500);

    private readonly IAudioInputSink _sink;
    private readonly int _channels;
    private readonly int _blockFrames;
    private readonly float[] _mixed;
    private TaskCompletionSource? _finished;
    private long _framesToFinish;
    private PulseDevicesRequest? _question;
    private GCHandle _questionSelf;
    private nint _operation;
    private string? _movedTo;

    public CaptureStream(
        PulseConnection connection, PulseTarget target, PulseAudioOptions options, AudioFormat format, IAudioInputSink sink)
        : base(connection, target, options)
    {
        _sink = sink;
        _channels = format.Channels;
        _blockFrames = Math.Max(1, (int)(options.InputBlock.Ticks * format.SampleRate / TimeSpan.TicksPerSecond));
        _mixed = new float[_blockFrames * _channels];
    }

    /// <summary>Told what a person calls the device that the server has moved the stream to.</summary>
    public Action<string?>? Moved { get; init; }

    /// <summary>Waits for what the device has heard up to now, as long as it comes.</summary>
    public override async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        using (Connection.Lock())
        {
            if (IsOver)
                return;
            _framesToFinish = FramesUnderWay();
            _finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await Task.WhenAny(_finished.Task, Task.Delay(Options.InputBlock + Lateness, cancellationToken)).ConfigureAwait(false);
    }

    protected override unsafe int Connect(PulseStreamFlags flags, nint data)
    {
        NativeMethods.StreamSetReadCallback(Handle, &OnReadable, data);
        var attributes = new PulseBufferAttributes
        {
            MaxLength = PulseBufferAttributes.ServerDecides,
            FragmentSize = (uint)(_blockFrames * WireFrameBytes),
        };
        return NativeMethods.StreamConnectRecord(Handle, Target.Connect, &attributes, flags);
    }

    // What a person calls the device must be asked for. The answer comes on this thread too, and is looked for when audio does.
    protected override void TellMove(string? deviceName)
    {
        EndQuestion();
        _movedTo = deviceName;
        _question = new PulseDevicesRequest(sinks: false);
        _questionSelf = GCHandle.Alloc(_question);
        _operation = _question.Send(Connection.Context, GCHandle.ToIntPtr(_questionSelf));
    }

    protected override void Release() => EndQuestion();

    protected override void TellFault(AudioDeviceException reason)
    {
        _finished?.TrySetResult();
        _sink.OnFault(reason);
    }

    private void EndQuestion()
    {
        if (_question is null)
            return;
        if (_operation != 0)
        {
            NativeMethods.OperationCancel(_operation);
            NativeMethods.OperationUnref(_operation);
        }

        _questionSelf.Free();
        _question = null;
    }

    private void DeliverMove()
    {
        if (_question is not { } question || (_operation != 0 && !question.Answer.IsCompleted))
            return;
        var sources = question.Answer.IsCompletedSuccessfully ? question.Answer.Result : [];
        EndQuestion();
        var name = sources.Find(source => source.Name == _movedTo)?.Description ?? _movedTo;
        Moved?.Invoke(name);
        EnterApp();
        try
        {
            _sink.OnMoved(name);
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

    // The server waits until a block is full, and what it knows of the time is an estimate: never less than a block.
    private unsafe long FramesUnderWay()
    {
        ulong microseconds;
        int isNegative;
        var known = NativeMethods.StreamGetLatency(Handle, &microseconds, &isNegative) >= 0 && isNegative == 0;
        var frames = known
            ? (long)(Math.Min(microseconds, 1_000_000) * (ulong)Target.Wire.SampleRate / 1_000_000)
            : 2L * _blockFrames;
        return Math.Max(frames, _blockFrames);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnReadable(nint stream, nuint bytes, nint data) => Unsafe.As<CaptureStream>(From(data)).ReadAll();

    private unsafe void ReadAll()
    {
        NoteSound();
        DeliverMove();
        while (!IsOver)
        {
            void* data;
            nuint bytes;
            if (NativeMethods.StreamPeek(Handle, &data, &bytes) < 0 || bytes == 0)
                return;
            var frames = (int)(bytes / (nuint)WireFrameBytes);
            Deliver(data, frames);
            _ = NativeMethods.StreamDrop(Handle);
            if (_finished is not null && (_framesToFinish -= frames) <= 0)
            {
                Abandon();
                _finished.TrySetResult();
            }
        }
    }

    private unsafe void Deliver(void* data, int frames)
    {
        EnterApp();
        try
        {
            // The server marks what it has lost as a hole: a length without data.
            if (data is null)
                _sink.OnLost(frames);
            else
                Deliver(new ReadOnlySpan<float>(data, frames * Target.Wire.Channels));
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

    private void Deliver(ReadOnlySpan<float> wire)
    {
        var wireChannels = Target.Wire.Channels;
        if (wireChannels == _channels)
        {
            _sink.OnAudio(wire);
            return;
        }

        while (!wire.IsEmpty && !IsOver)
        {
            var frames = Math.Min(wire.Length / wireChannels, _blockFrames);
            var mixed = _mixed.AsSpan(0, frames * _channels);
            ChannelMixer.Mix(wire[..(frames * wireChannels)], wireChannels, mixed, _channels);
            _sink.OnAudio(mixed);
            wire = wire[(frames * wireChannels)..];
        }
    }
}
