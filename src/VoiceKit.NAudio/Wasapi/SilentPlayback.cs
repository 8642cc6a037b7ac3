using System.Runtime.Versioning;
using NAudio.CoreAudioApi;

namespace VoiceKit.NAudio.Wasapi;

/// <summary>Plays silence on a speaker, so that it has something to be heard.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SilentPlayback : IDisposable
{
    private readonly AudioClient _client;
    private readonly int _size;

    public SilentPlayback(MMDevice device)
    {
        _client = device.CreateAudioClient();
        try
        {
            _client.Initialize(
                AudioClientShareMode.Shared,
                AudioClientStreamFlags.None,
                TimeSpan.TicksPerSecond,
                0,
                _client.MixFormat,
                Guid.Empty);
            _size = _client.BufferSize;
            Refill();
            _client.Start();
        }
        catch
        {
            _client.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer, of a second, when half of it is played.</summary>
    public void Refill()
    {
        var free = _size - _client.CurrentPadding;
        if (free < _size / 2)
            return;
        var playback = _client.AudioRenderClient;
        playback.GetBuffer(free);
        playback.ReleaseBuffer(free, AudioClientBufferFlags.Silent);
    }

    public void Dispose() => _client.Dispose();
}
