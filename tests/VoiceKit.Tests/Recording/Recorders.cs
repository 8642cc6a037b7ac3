using VoiceKit.Audio;
using VoiceKit.LibOpus;
using VoiceKit.Recording;
using VoiceKit.Tests.Support;

namespace VoiceKit.Tests.Recording;

/// <summary>What the tests of recording share.</summary>
internal static class Recorders
{
    /// <summary>A device is not given up because the machine is busy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static readonly AudioFormat Mono = new(48_000, 1);

    public static VoiceRecorder New(IAudioInput input, VoiceRecorderOptions? options = null) =>
        new(input, LibOpusCodec.Default, options ?? new VoiceRecorderOptions { DeviceTimeout = Patience, Drafts = null });

    public static VoiceRecorder New(IAudioInput input, VoiceDrafts drafts) =>
        New(input, new VoiceRecorderOptions { DeviceTimeout = Patience, Drafts = drafts });

    /// <summary>Waits until the recorder's thread has taken so much.</summary>
    public static async Task TakesAsync(this VoiceRecorder recorder, TimeSpan elapsed)
    {
        var giveUp = DateTime.UtcNow.AddMinutes(1);
        while (recorder.Elapsed < elapsed)
        {
            Assert.True(
                DateTime.UtcNow < giveUp, $"{recorder.Elapsed} of {elapsed} were taken; the recorder is {recorder.State}.");
            await Task.Delay(1);
        }
    }

    /// <summary>The next change of state that the recorder makes after some action.</summary>
    public static async Task<RecordingStateChange> NextChangeAsync(this VoiceRecorder recorder, Action action)
    {
        var change = new TaskCompletionSource<RecordingStateChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        recorder.StateChanged += (_, next) => change.TrySetResult(next);
        action();
        return await change.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    public static byte[] BytesOf(VoiceMessage message)
    {
        using var stream = message.OpenRead();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static byte[][] PacketsOf(VoiceMessage message) => Pcm.PacketsOf(BytesOf(message));

    /// <summary>What goes in at a pause: faded out over 5 ms, and in again.</summary>
    public static float[] WithPauseAt(float[] pcm, int frame)
    {
        var faded = (float[])pcm.Clone();
        for (var i = 0; i < 240; i++)
        {
            faded[frame - 240 + i] *= 1 - (i + 1f) / 240;
            faded[frame + i] *= 1 - (240f - i) / 240;
        }

        return faded;
    }
}
