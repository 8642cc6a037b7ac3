namespace VoiceKit.Conformance;

/// <summary>
/// Judges whether a file is Ogg Opus as RFC 3533, RFC 6716 §3 and RFC 7845 want it: every page, header, packet and time stamp, in
/// one pass and without decoding. Bytes that are no Ogg Opus are a finding and no exception.
/// </summary>
public static class OggOpusCheck
{
    /// <summary>Reads a stream to its end and judges it.</summary>
    /// <param name="stream">From where it stands, which need not be the start; stays open. Read forward only.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The report; offsets in it count from where the stream stood.</returns>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static OggOpusCheckReport Run(Stream stream, CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        using var file = new OggOpusCheckFile();
        while (file.ReadOn())
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Advance(stream.Read(file.GetFreeSpace().Span));
        }

        return file.ToReport();
    }

    /// <summary>Reads a stream to its end and judges it.</summary>
    /// <param name="stream">From where it stands, which need not be the start; stays open. Read forward only.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The report; offsets in it count from where the stream stood.</returns>
    /// <exception cref="ArgumentException">The stream cannot be read.</exception>
    /// <exception cref="IOException">The stream could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<OggOpusCheckReport> RunAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        CheckReadable(stream);
        using var file = new OggOpusCheckFile();
        while (file.ReadOn())
            file.Advance(await stream.ReadAsync(file.GetFreeSpace(), cancellationToken).ConfigureAwait(false));
        return file.ToReport();
    }

    private static void CheckReadable(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
    }
}
