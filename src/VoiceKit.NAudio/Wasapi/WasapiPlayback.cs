using System.Runtime.Versioning;
using NAudio.CoreAudioApi;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>A stream to a speaker.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WasapiPlayback(WasapiTarget target, PlaybackSession session) : WasapiStream(target, session)
{
    // Beyond this a clock is not believed.
    private static readonly TimeSpan MaxLatency = TimeSpan.FromSeconds(5);

    private int _room;
    private int _padding;
    private ulong _clockRate;
    private long _written;
    private long _heardAt;

    /// <summary>How long from now until the last frame given is heard.</summary>
    public TimeSpan Latency
    {
        get
        {
            var ticks = Volatile.Read(ref _heardAt) - Now();
            return ticks > 0 && !session.IsOver && !session.Stopped.IsCompleted ? TimeSpan.FromTicks(ticks) : TimeSpan.Zero;
        }
    }

    protected override TimeSpan Buffer => Target.Options.OutputBuffer;

    private int FrameBytes => Target.Channels * sizeof(float);

    protected override void Prepare(AudioClient client)
    {
        // Windows may make a buffer longer than was asked for; the rest of it is not used.
        var wanted = (int)(Buffer.Ticks * Target.SampleRate / TimeSpan.TicksPerSecond);
        _room = Math.Min(client.BufferSize, wanted);
        _clockRate = client.AudioClockClient.Frequency;
        Fill(client);
    }

    protected override void Play(AudioClient client, MMDevice device)
    {
        while (!MustStop && !(session.SourceHasEnded && IsPlayed(client)))
        {
            Wait();
            Fill(client);
        }
    }

    private void Fill(AudioClient client)
    {
        var padding = client.CurrentPadding;
        if (padding < _padding)
            NoteSound();
        var free = _room - padding;
        if (free > 0 && !session.SourceHasEnded)
            padding += Write(client.AudioRenderClient, free);
        _padding = padding;

        // Once the last frame has left the buffer, it is only a matter of time.
        if (padding > 0)
            UpdateLatency(client, padding);
    }

    private int Write(AudioRenderClient playback, int room)
    {
        var lease = playback.GetBufferLease(room, FrameBytes);
        var frames = session.Read(lease.Buffer) / FrameBytes;
        lease.Release(frames);
        _written += frames;
        return frames;
    }

    private void UpdateLatency(AudioClient client, int padding)
    {
        var now = Now();
        var latency = TimeSpan.FromTicks(client.StreamLatency + padding * TimeSpan.TicksPerSecond / Target.SampleRate);
        if (_clockRate > 0 && client.AudioClockClient.GetPosition(out var position, out var counter) && position > 0)
        {
            var written = TimeSpan.FromTicks(_written * TimeSpan.TicksPerSecond / Target.SampleRate);
            var heard = TimeSpan.FromSeconds((double)position / _clockRate);
            var byClock = written - heard - TimeSpan.FromTicks(now - (long)counter);
            if (byClock.Duration() < MaxLatency)
                latency = byClock;
        }

        Volatile.Write(ref _heardAt, now + latency.Ticks);
    }

    private bool IsPlayed(AudioClient client) => client.CurrentPadding == 0 && Latency == TimeSpan.Zero;
}
