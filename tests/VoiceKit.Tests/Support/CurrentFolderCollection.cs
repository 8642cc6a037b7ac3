namespace VoiceKit.Tests.Support;

/// <summary>Tests that change the current folder of the process.</summary>
[CollectionDefinition("current folder", DisableParallelization = true)]
public class CurrentFolderCollection;
