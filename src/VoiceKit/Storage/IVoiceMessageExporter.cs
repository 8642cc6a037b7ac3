using VoiceKit.Audio;

namespace VoiceKit.Storage;

/// <summary>Writes the audio of a message in another format, for programs that know no Opus: MP3 for mail, for example.</summary>
public interface IVoiceMessageExporter
{
    /// <summary>Writes a file.</summary>
    /// <param name="source">The audio; read to its end and left open.</param>
    /// <param name="output">Takes the file; can seek; left open.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">The output could not be written.</exception>
    Task ExportAsync(IAudioReader source, Stream output, CancellationToken cancellationToken);
}
