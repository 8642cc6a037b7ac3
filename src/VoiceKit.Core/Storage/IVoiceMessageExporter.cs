using VoiceKit.Audio;

namespace VoiceKit.Storage;

/// <summary>Writes the audio of a message in another format, for programs that know no Opus: MP3 for mail, for example.</summary>
public interface IVoiceMessageExporter
{
    /// <summary>Writes a file.</summary>
    /// <param name="message">What the store knows of it.</param>
    /// <param name="source">Its audio; read to its end and left open.</param>
    /// <param name="output">Takes the file; can seek; left open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The output could not be written.</exception>
    Task ExportAsync(
        StoredVoiceMessage message, IAudioReader source, Stream output, CancellationToken cancellationToken = default);
}
