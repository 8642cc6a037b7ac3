namespace VoiceKit.Mp4;

/// <summary>Where a box is (ISO/IEC 14496-12 §4.2); its end is cut to that of what it is in.</summary>
internal readonly record struct Mp4Box(uint Type, long Start, long BodyAt, long End)
{
    public bool Exists => End > 0;

    public long BodySize => End - BodyAt;
}
