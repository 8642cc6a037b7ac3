using System.Runtime.Versioning;
using NAudio.CoreAudioApi;
using VoiceKit.Audio;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>A stream from a microphone, or of what a speaker plays.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiCapture(WasapiTarget target, CaptureSession session) : WasapiStream(target, session)
{
    private const int MaxLostSeconds = 60;

    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _silence = new byte[target.SampleRate / 100 * target.Channels * sizeof(float)];
    private long _nextFrame;
    private long _stopAt;
    private long _heardUntil;
    private AudioCaptureClient? _capture;
    private bool _isFirst = true;

    // Room for a machine that is busy; what is heard is fetched in periods of the system, of 10 ms as a rule.
    protected override TimeSpan Buffer => TimeSpan.FromMilliseconds(500);

    protected override AudioClientStreamFlags Flags => Target.Kind == AudioDeviceKind.Loopback
        ? AudioClientStreamFlags.Loopback
        : AudioClientStreamFlags.None;

    private int FrameBytes => Target.Channels * sizeof(float);

    protected override void Prepare(AudioClient client) => _capture = client.AudioCaptureClient;

    protected override void Play(AudioClient client, MMDevice device)
    {
        // A speaker that plays nothing is not heard, and time must pass in a recording of it.
        using var silence = Target.Kind == AudioDeviceKind.Loopback ? new SilentPlayback(device) : null;
        while (!session.IsOver && !HasHeardAll())
        {
            Wait();
            silence?.Refill();
            ReadAll(_capture!);
        }
    }

    // What is under way when it is stopped belongs to it.
    private bool HasHeardAll()
    {
        if (!MustStop)
            return false;
        if (_stopAt == 0)
            _stopAt = Now();
        return _heardUntil >= _stopAt || Now() - _stopAt > Lateness.Ticks;
    }

    private void ReadAll(AudioCaptureClient capture)
    {
        while (!session.IsOver && capture.GetNextPacketSize() > 0)
        {
            NoteSound();
            using var packet = capture.GetBufferLease(FrameBytes);
            TellLost(packet.Flags, packet.DevicePosition);
            _nextFrame = packet.DevicePosition + packet.FrameCount;
            if ((packet.Flags & AudioClientBufferFlags.TimestampError) == 0)
                _heardUntil = packet.QPCPosition + packet.FrameCount * TimeSpan.TicksPerSecond / Target.SampleRate;
            if ((packet.Flags & AudioClientBufferFlags.Silent) != 0)
                GiveSilence(packet.Buffer.Length);
            else
                session.OnData(packet.Buffer);
        }
    }

    // Every stream begins with a discontinuity.
    private void TellLost(AudioClientBufferFlags flags, long position)
    {
        var lost = position - _nextFrame;
        if (!_isFirst && (flags & AudioClientBufferFlags.DataDiscontinuity) != 0 && lost > 0)
            session.OnLost(Math.Min(lost, (long)MaxLostSeconds * Target.SampleRate));
        _isFirst = false;
    }

    // A buffer that is said to be silent may hold anything.
    private void GiveSilence(int bytes)
    {
        for (; bytes > 0; bytes -= Math.Min(bytes, _silence.Length))
            session.OnData(_silence.AsSpan(0, Math.Min(bytes, _silence.Length)));
    }
}
