namespace VoiceKit.FFmpeg;

/// <summary>Which gaps in a file's time stamps are silence.</summary>
internal enum TimedPauses
{
    /// <summary>None: there are no time stamps, or none to rely on.</summary>
    None,

    /// <summary>Those of a tenth of a second and more; shorter ones come of rounding.</summary>
    Long,

    /// <summary>
    /// All, the first from 0 on: ffmpeg leaves the frames out with which AMR passes over silence, time and all.
    /// </summary>
    All,
}
