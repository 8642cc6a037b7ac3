using FsCheck;
using FsCheck.Fluent;
using Xunit.Sdk;

namespace VoiceKit.Tests.Support;

/// <summary>Runs properties with a fixed seed, so that a failure comes again.</summary>
internal static class Fx
{
    public static void Check<T>(Gen<T> generator, Action<T> property, int tests = 200)
    {
        SkipException? skipped = null;
        Prop.ForAll(generator.ToArbitrary(), Unskipped).Check(
            Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(new Replay(new Rnd(20261121, 845), FSharpOption.None)));
        if (skipped is not null)
            throw skipped;

        // A test that misses something is skipped, and no property is false for that.
        void Unskipped(T value)
        {
            try
            {
                if (skipped is null)
                    property(value);
            }
            catch (SkipException exception)
            {
                skipped = exception;
            }
        }
    }

    private static class FSharpOption
    {
        public static Microsoft.FSharp.Core.FSharpOption<int> None => Microsoft.FSharp.Core.FSharpOption<int>.None;
    }
}
