using FsCheck;
using FsCheck.Fluent;

namespace VoiceKit.Tests.Support;

/// <summary>Runs properties with a fixed seed, so that a failure comes again.</summary>
internal static class Fx
{
    public static void Check<T>(Gen<T> generator, Action<T> property, int tests = 200) =>
        Prop.ForAll(generator.ToArbitrary(), property).Check(
            Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(new Replay(new Rnd(20261121, 845), FSharpOption.None)));

    private static class FSharpOption
    {
        public static Microsoft.FSharp.Core.FSharpOption<int> None => Microsoft.FSharp.Core.FSharpOption<int>.None;
    }
}
