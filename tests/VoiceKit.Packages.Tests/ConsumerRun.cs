namespace VoiceKit.Packages.Tests;

/// <summary>What came of a run of the app in Consumer.</summary>
/// <param name="Folder">Where it wrote its files.</param>
/// <param name="ProgramFolder">Where the app is.</param>
/// <param name="Output">The lines that it printed.</param>
/// <param name="Heard">What the speaker played, at 48 kHz.</param>
internal sealed record ConsumerRun(string Folder, string ProgramFolder, string[] Output, float[] Heard)
{
    public string Codec => Output[0];

    public string Framework => Output[1];

    /// <summary>Where libopus was loaded from, or why it was not.</summary>
    public string Library => Output[2];

    public string Bars => Output[3];

    public string End => Output[4];

    public string In(string name) => Path.Combine(Folder, name);
}
