using VoiceKit.Audio;

namespace VoiceKit.NAudio;

/// <summary>A recording device from its start to its stop.</summary>
internal sealed class CaptureSession(IAudioInputSink sink, WaveCoding coding, int channels, string? name) : DeviceSession(name)
{
    private const int BlockFrames = 1024;

    private readonly float[] _block = new float[BlockFrames * channels];
    private readonly byte[] _begun = new byte[coding.BytesPerSample() * channels];
    private int _begunBytes;
    private volatile TaskCompletionSource? _nextBlock;

    /// <summary>Completes when the device has given what it heard up to now, which it does with its next block.</summary>
    public Task NextBlockAsync()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _nextBlock = next;
        return next.Task;
    }

    /// <summary>Takes what the device has heard: any number of bytes, which may end within a frame.</summary>
    public void OnData(ReadOnlySpan<byte> bytes)
    {
        lock (Gate)
        {
            if (IsOver)
                return;
            try
            {
                EnterApp();
                Deliver(bytes);
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

        _nextBlock?.TrySetResult();
    }

    /// <summary>Tells that the device has lost audio.</summary>
    /// <param name="frames">How many frames, 1 or more.</param>
    public void OnLost(long frames)
    {
        lock (Gate)
        {
            if (!IsOver)
                Call(() => sink.OnLost(frames));
        }
    }

    protected override void TellFault(AudioDeviceException reason) => sink.OnFault(reason);

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        var frameBytes = _begun.Length;
        if (_begunBytes > 0)
        {
            var missing = Math.Min(frameBytes - _begunBytes, bytes.Length);
            bytes[..missing].CopyTo(_begun.AsSpan(_begunBytes));
            _begunBytes += missing;
            bytes = bytes[missing..];
            if (_begunBytes < frameBytes)
                return;
            _begunBytes = 0;
            Give(_begun);
        }

        while (bytes.Length >= frameBytes && !IsOver)
        {
            var size = Math.Min(bytes.Length / frameBytes, BlockFrames) * frameBytes;
            Give(bytes[..size]);
            bytes = bytes[size..];
        }

        if (IsOver)
            return;
        bytes.CopyTo(_begun);
        _begunBytes = bytes.Length;
    }

    private void Give(ReadOnlySpan<byte> frames)
    {
        var samples = _block.AsSpan(0, frames.Length / coding.BytesPerSample());
        coding.Decode(frames, samples);
        sink.OnAudio(samples);
    }
}
