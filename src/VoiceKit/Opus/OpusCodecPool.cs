namespace VoiceKit.Opus;

/// <summary>
/// A codec that uses its encoders and decoders again: what is disposed is reset and kept for the next who asks for the same settings.
/// For servers, which make very many for a short while each. Thread-safe.
/// </summary>
/// <param name="codec">The codec that makes them; stays with the caller.</param>
/// <param name="maxIdle">How many encoders, and how many decoders, of the same settings are kept at most.</param>
public sealed class OpusCodecPool(IOpusCodec codec, int maxIdle = 16) : IOpusCodec, IDisposable
{
    private readonly IdlePool<OpusEncoderOptions, IOpusEncoder> _encoders = new(maxIdle);
    private readonly IdlePool<(int SampleRate, int Channels), IOpusDecoder> _decoders = new(maxIdle);

    /// <inheritdoc/>
    public string Name => codec.Name;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public IOpusEncoder CreateEncoder(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PooledOpusEncoder(_encoders.Take(options) ?? codec.CreateEncoder(options), encoder => Return(options, encoder));
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public IOpusDecoder CreateDecoder(int sampleRate, int channels)
    {
        var format = (sampleRate, channels);
        return new PooledOpusDecoder(_decoders.Take(format) ?? codec.CreateDecoder(sampleRate, channels), decoder => Return(format, decoder));
    }

    /// <summary>Releases what is idle now, and from here on whatever is disposed.</summary>
    public void Dispose()
    {
        _encoders.Dispose();
        _decoders.Dispose();
    }

    private void Return(OpusEncoderOptions options, IOpusEncoder encoder)
    {
        encoder.Reset();
        encoder.Bitrate = options.Bitrate;
        encoder.PredictionDisabled = options.PredictionDisabled;
        _encoders.Return(options, encoder);
    }

    private void Return((int SampleRate, int Channels) format, IOpusDecoder decoder)
    {
        decoder.Reset();
        decoder.Gain = 0;
        _decoders.Return(format, decoder);
    }

    private sealed class IdlePool<TKey, T>(int maxIdle) : IDisposable
        where TKey : notnull
        where T : class, IDisposable
    {
        private readonly Dictionary<TKey, Stack<T>> _idle = [];
        private bool _isDisposed;

        public T? Take(TKey key)
        {
            lock (_idle)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(OpusCodecPool));
                return _idle.TryGetValue(key, out var stack) && stack.TryPop(out var item) ? item : null;
            }
        }

        public void Return(TKey key, T item)
        {
            if (!TryKeep(key, item))
                item.Dispose();
        }

        public void Dispose()
        {
            lock (_idle)
            {
                _isDisposed = true;
                foreach (var item in _idle.Values.SelectMany(stack => stack))
                    item.Dispose();
                _idle.Clear();
            }
        }

        private bool TryKeep(TKey key, T item)
        {
            lock (_idle)
            {
                if (!_idle.TryGetValue(key, out var stack))
                    _idle[key] = stack = new Stack<T>();
                if (_isDisposed || stack.Count >= maxIdle)
                    return false;
                stack.Push(item);
                return true;
            }
        }
    }
}
