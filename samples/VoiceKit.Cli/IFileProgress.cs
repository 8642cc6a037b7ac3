namespace VoiceKit.Cli;

/// <summary>Is told how far the work on a file is, and what is odd about it.</summary>
internal interface IFileProgress : IProgress<TimeSpan>, IDisposable
{
    /// <summary>How much there is; null while that is not known.</summary>
    TimeSpan? Total { get; set; }

    /// <summary>Says what is odd about work that is done all the same.</summary>
    void Warn(string message);
}
