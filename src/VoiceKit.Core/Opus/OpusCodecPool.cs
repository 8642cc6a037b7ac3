namespace VoiceKit.Opus;

/// <summary>
/// A codec that uses its encoders and decoders again: what is disposed is reset and kept for the next who asks for the same settings.
/// For servers, which make very many for a short while each. Thread-safe.
/// </summary>
/// <param name="codec">The codec that makes them; stays with the caller.</param>
/// <param name="maxIdle">How many encoders, and how many decoders, are kept at most. Those that were used last stay.</param>
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

        // These two can be changed at any time.
        var key = options with { Bitrate = null, PredictionDisabled = false };
        if (_encoders.Take(key) is not { } encoder)
            return new PooledOpusEncoder(codec.CreateEncoder(options), used => Return(key, used));
        encoder.Bitrate = options.Bitrate;
        encoder.PredictionDisabled = options.PredictionDisabled;
        return new PooledOpusEncoder(encoder, used => Return(key, used));
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
        // The last is the one that was used last.
        private readonly List<(TKey Key, T Item)> _idle = [];
        private bool _isDisposed;

        public T? Take(TKey key)
        {
            lock (_idle)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, typeof(OpusCodecPool));
                var at = _idle.FindLastIndex(idle => EqualityComparer<TKey>.Default.Equals(idle.Key, key));
                if (at < 0)
                    return null;
                var item = _idle[at].Item;
                _idle.RemoveAt(at);
                return item;
            }
        }

        public void Return(TKey key, T item)
        {
            T? surplus = null;
            lock (_idle)
            {
                if (_isDisposed)
                {
                    surplus = item;
                }
                else
                {
                    _idle.Add((key, item));
                    if (_idle.Count > maxIdle)
                    {
                        surplus = _idle[0].Item;
                        _idle.RemoveAt(0);
                    }
                }
            }

            surplus?.Dispose();
        }

        public void Dispose()
        {
            lock (_idle)
            {
                _isDisposed = true;
                foreach (var (_, item) in _idle)
                    item.Dispose();
                _idle.Clear();
            }
        }
    }
}
