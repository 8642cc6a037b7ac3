using VoiceKit.Audio;
using VoiceKit.Containers;
using VoiceKit.Diagnostics;
using VoiceKit.Editing;
using VoiceKit.IO;
using VoiceKit.Ogg;
using VoiceKit.Opus;
using VoiceKit.Waveforms;

namespace VoiceKit;

/// <summary>
/// A voice message: Ogg Opus in memory or in a file, and what is known of it without decoding. Immutable, cheap to pass around
/// and thread-safe.
/// </summary>
public sealed class VoiceMessage
{
    /// <summary>How large a message <see cref="LoadAsync"/> takes unless it is told otherwise: 64 MiB, some six hours.</summary>
    public const long DefaultMaxSize = 64L * 1024 * 1024;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _path;
    private readonly Action? _onSaved;

    private VoiceMessage(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken, Action? onSaved = null)
    {
        _onSaved = onSaved;
        _bytes = bytes;
        Size = bytes.Length;
        using var reader = OggOpusReader.Open(bytes);
        Info = OpusInfo.Read(reader, cancellationToken);
    }

    private VoiceMessage(ReadOnlyMemory<byte> bytes, OpusInfo info)
    {
        _bytes = bytes;
        Size = bytes.Length;
        Info = info;
    }

    private VoiceMessage(string path, long size, OpusInfo info)
    {
        _path = path;
        Size = size;
        Info = info;
    }

    /// <summary>The length: what is heard, to the sample (RFC 7845 §4).</summary>
    public TimeSpan Duration => Info.Duration;

    /// <summary>The size in bytes.</summary>
    public long Size { get; }

    /// <summary>Who encoded it, and its comments.</summary>
    public OpusTags Tags => Info.Tags;

    /// <summary>Everything else that is known without decoding: samples, packets, bitrate, mode, defects.</summary>
    public OpusInfo Info { get; }

    /// <summary>
    /// Opens a message in a file. The bytes stay there, so the file must not change while the message is in use.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static VoiceMessage Open(string path)
    {
        using var stream = OpenFile(path);
        using var reader = OggOpusReader.Open(stream, leaveOpen: true);
        return new VoiceMessage(Path.GetFullPath(path), stream.Length, OpusInfo.Read(reader, CancellationToken.None));
    }

    /// <summary>
    /// Opens a message in a file. The bytes stay there, so the file must not change while the message is in use.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static async Task<VoiceMessage> OpenAsync(string path, CancellationToken cancellationToken = default)
    {
        var stream = OpenFile(path);
        await using (stream.ConfigureAwait(false))
        {
            var reader = await OggOpusReader.OpenAsync(stream, null, true, cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            var info = await OpusInfo.ReadAsync(reader, cancellationToken).ConfigureAwait(false);
            return new VoiceMessage(Path.GetFullPath(path), stream.Length, info);
        }
    }

    /// <summary>Makes a message of bytes, which must not change from then on.</summary>
    /// <param name="bytes">A whole Ogg Opus file.</param>
    /// <exception cref="VoiceFormatException">The bytes are no Ogg Opus.</exception>
    public static VoiceMessage FromBytes(ReadOnlyMemory<byte> bytes) => new(bytes, CancellationToken.None);

    /// <summary>Makes a message of bytes that are also kept elsewhere until it is saved: in a recorder's draft.</summary>
    /// <param name="bytes">A whole Ogg Opus file.</param>
    /// <param name="onSaved">Called each time that the message was saved; must not throw.</param>
    internal static VoiceMessage FromBytes(ReadOnlyMemory<byte> bytes, Action onSaved) =>
        new(bytes, CancellationToken.None, onSaved);

    /// <summary>The same message in a file that it was just saved to.</summary>
    internal VoiceMessage At(string path) => new(Path.GetFullPath(path), Size, Info);

    /// <summary>Notes that the message's bytes are safe in a file: to be called by whatever saves it.</summary>
    internal void NoteSaved() => _onSaved?.Invoke();

    /// <summary>Reads a message into memory.</summary>
    /// <param name="stream">Ogg Opus up to the stream's end; stays open.</param>
    /// <param name="maxSize">How many bytes to take at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VoiceFormatException">The stream is no Ogg Opus, or has more bytes than are allowed.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    public static async Task<VoiceMessage> LoadAsync(
        Stream stream, long maxSize = DefaultMaxSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (bytes.Length + count > maxSize)
                throw new VoiceFormatException($"The message is larger than {maxSize} bytes.", maxSize);
            bytes.Write(buffer, 0, count);
        }

        return new VoiceMessage(bytes.ToArray(), cancellationToken);
    }

    /// <summary>Encodes audio into a message in memory.</summary>
    /// <param name="source">The audio, in any format; read to its end and left open.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="options">How to encode; null for the defaults.</param>
    /// <param name="progress">Told how much of the source was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">The source's bytes are broken.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The source could not be read.</exception>
    public static Task<VoiceMessage> EncodeAsync(
        IAudioReader source,
        IOpusEncoderFactory codec,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return new VoiceEncoder(codec).EncodeAsync(source, options, progress, cancellationToken);
    }

    /// <summary>Encodes a WAV or AIFF file into a message in memory: the content decides, not the name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="options">How to encode; null for the defaults.</param>
    /// <param name="progress">Told how much of the file was taken, from time to time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VoiceFormatException">The file is neither WAV nor AIFF, or a broken one.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static async Task<VoiceMessage> EncodeAsync(
        string path,
        IOpusEncoderFactory codec,
        VoiceEncodingOptions? options = null,
        IProgress<TimeSpan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var source = await Task.Run(() => AudioFiles.Open(path), cancellationToken).ConfigureAwait(false);
        return await EncodeAsync(source, codec, options, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Encodes PCM into a message in memory.</summary>
    /// <param name="pcm">Interleaved floats, nominally in [−1, 1].</param>
    /// <param name="format">Their format.</param>
    /// <param name="codec">Makes the encoder.</param>
    /// <param name="options">How to encode; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The last frame is not whole.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    public static Task<VoiceMessage> EncodeAsync(
        ReadOnlyMemory<float> pcm,
        AudioFormat format,
        IOpusEncoderFactory codec,
        VoiceEncodingOptions? options = null,
        CancellationToken cancellationToken = default) =>
        EncodeAsync(new PcmReader(pcm, format), codec, options, null, cancellationToken);

    /// <summary>Makes a message of bytes of which is known what they are.</summary>
    internal static VoiceMessage Of(ReadOnlyMemory<byte> bytes, OpusInfo info) => new(bytes, info);

    /// <summary>Gives the bytes: the Ogg Opus file itself.</summary>
    /// <returns>A copy, which is the caller's.</returns>
    /// <exception cref="IOException">The file could not be read.</exception>
    public byte[] ToArray()
    {
        if (_path is null)
            return _bytes.ToArray();
        using var file = OpenRead();
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Writes the bytes: the Ogg Opus file itself. Never blocks on the output.</summary>
    /// <param name="output">Where they go; stays open and is not flushed.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="IOException">The file could not be read, or the output not be written.</exception>
    public async Task WriteToAsync(Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (_path is null)
        {
            await output.WriteAsync(_bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        var file = OpenRead();
        await using (file.ConfigureAwait(false))
            await file.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the bytes: the Ogg Opus file itself.</summary>
    /// <exception cref="IOException">The file could not be opened.</exception>
    public Stream OpenRead() => _path is null ? new ReadOnlyMemoryStream(_bytes) : OpenFile(_path);

    /// <summary>Opens the audio as PCM.</summary>
    /// <param name="decoder">Makes the decoder; null for that of the library, which works on every system.</param>
    /// <param name="sampleRate">The rate of the PCM: 8000, 12000, 16000, 24000 or 48000 Hz.</param>
    /// <param name="channels">The channels of the PCM, 1 or 2; null for those of the message.</param>
    /// <exception cref="VoiceFormatException">The channel mapping is not supported.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded.</exception>
    /// <exception cref="IOException">The file could not be opened.</exception>
    public IAudioReader OpenAudio(IOpusDecoderFactory? decoder = null, int sampleRate = OpusRates.Full, int? channels = null) =>
        new OpusAudioReader(OpenRead(), decoder, sampleRate, channels);

    /// <summary>Computes bars. This decodes the whole message; keep the result.</summary>
    /// <param name="decoder">Makes the decoder; null for that of the library, which works on every system.</param>
    /// <param name="bars">How many bars, 1…65,536.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task<Waveform> GetWaveformAsync(
        IOpusDecoderFactory? decoder = null, int bars = 64, CancellationToken cancellationToken = default) =>
        Task.Run(
            async () =>
            {
                var stream = OpenRead();
                await using (stream.ConfigureAwait(false))
                    return await Waveform.FromOpusAsync(
                        stream, bars, decoder, cancellationToken: cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Cuts a stretch out, to the sample and without encoding anew; see <see cref="OpusEditor.Trim"/>.</summary>
    /// <param name="from">Where the stretch begins.</param>
    /// <param name="to">Where it ends; null or beyond the end for the end.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The stretch as a message in memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The stretch is negative or empty, or begins behind the message's end.
    /// </exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public Task<VoiceMessage> TrimAsync(TimeSpan from, TimeSpan? to = null, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                using var input = OpenRead();
                using var bytes = new MemoryStream();
                OpusEditor.Trim(input, bytes, from, to, null, cancellationToken);
                return new VoiceMessage(bytes.ToArray(), cancellationToken);
            },
            cancellationToken);

    /// <summary>Cuts the message in two, to the sample and without encoding anew.</summary>
    /// <param name="at">Where the second part begins.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Both parts, in their order, as messages in memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One of the parts would be empty.</exception>
    /// <exception cref="IOException">The message could not be read.</exception>
    public async Task<IReadOnlyList<VoiceMessage>> SplitAsync(TimeSpan at, CancellationToken cancellationToken = default)
    {
        var first = await TrimAsync(TimeSpan.Zero, at, cancellationToken).ConfigureAwait(false);
        return [first, await TrimAsync(at, null, cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>
    /// Puts messages one behind the other, to the sample: as links of a chained file; see <see cref="OpusEditor.Join"/>.
    /// </summary>
    /// <param name="messages">The messages in their order.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>All of them as one message in memory.</returns>
    /// <exception cref="ArgumentException">There are no messages.</exception>
    /// <exception cref="IOException">A message could not be read.</exception>
    public static Task<VoiceMessage> JoinAsync(IEnumerable<VoiceMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Task.Run(
            () =>
            {
                using var bytes = new MemoryStream();
                OpusEditor.Join(OpenAll(messages), bytes, null, cancellationToken);
                return new VoiceMessage(bytes.ToArray(), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>
    /// Puts messages one behind the other as one stream, which browsers and phones play to its end; see
    /// <see cref="OpusEditor.JoinAsOne"/>.
    /// </summary>
    /// <param name="messages">The messages in their order.</param>
    /// <param name="codec">Encodes what is next to a seam anew.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>All of them as one message in memory.</returns>
    /// <exception cref="ArgumentException">There are no messages.</exception>
    /// <exception cref="OpusCodecException">The codec cannot be loaded or reports an error.</exception>
    /// <exception cref="IOException">A message could not be read.</exception>
    public static Task<VoiceMessage> JoinAsync(
        IEnumerable<VoiceMessage> messages, IOpusCodec codec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(codec);
        return Task.Run(
            () =>
            {
                using var bytes = new MemoryStream();
                OpusEditor.JoinAsOne(OpenAll(messages), bytes, codec, null, cancellationToken);
                return new VoiceMessage(bytes.ToArray(), cancellationToken);
            },
            cancellationToken);
    }

    private static IEnumerable<Stream> OpenAll(IEnumerable<VoiceMessage> messages)
    {
        foreach (var message in messages)
        {
            using var stream = message.OpenRead();
            yield return stream;
        }
    }

    /// <summary>Saves the message. The file appears whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="cancellationToken">Ends the writing; nothing has changed then.</param>
    /// <exception cref="IOException">The file could not be written.</exception>
    public async Task SaveAsync(string path, CancellationToken cancellationToken = default)
    {
        var file = new AtomicFile(path);
        await using (file.ConfigureAwait(false))
        {
            await WriteToAsync(file.Stream, cancellationToken).ConfigureAwait(false);
            await file.CommitAsync().ConfigureAwait(false);
        }

        NoteSaved();
    }

    /// <summary>Decodes the message into a 16-bit WAV file, which appears whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="decoder">Makes the decoder; null for that of the library, which works on every system.</param>
    /// <param name="cancellationToken">Ends the work; nothing has changed then.</param>
    /// <exception cref="IOException">The file could not be written.</exception>
    public Task SaveWavAsync(string path, IOpusDecoderFactory? decoder = null, CancellationToken cancellationToken = default) =>
        Task.Run(
            () =>
            {
                var measurement = Instruments.Decode.Begin("wav");
                try
                {
                    SaveWav(path, decoder, cancellationToken);
                    measurement.Succeed(Duration);
                }
                catch (Exception exception)
                {
                    measurement.Fail(exception);
                    throw;
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public override string ToString() => $"Voice message, {Duration:hh\\:mm\\:ss\\.f}, {Size} bytes";

    private void SaveWav(string path, IOpusDecoderFactory? decoder, CancellationToken cancellationToken)
    {
        using var file = new AtomicFile(path);
        using var source = new OpusAudioReader(OpenRead(), decoder) { SoftClips = true };
        using (var writer = new WavWriter(file.Stream, source.Format, frameCount: Info.Samples, leaveOpen: true))
        {
            source.CopyTo(writer, cancellationToken: cancellationToken);
            writer.Complete();
        }

        file.Commit();
    }

    private static FileStream OpenFile(string path) =>
        new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 1,
            FileOptions.SequentialScan);
}
