namespace VoiceKit.Windows.Tests.Support;

/// <summary>
/// All tests share one Windows, which takes its time to be made, and follow one another: they listen to what is played.
/// </summary>
[CollectionDefinition(Wine.Collection)]
public class WineCollection : ICollectionFixture<Wine>;
