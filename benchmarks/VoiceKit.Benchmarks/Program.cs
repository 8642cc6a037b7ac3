using BenchmarkDotNet.Running;
using VoiceKit.Benchmarks;

if (args is ["--interleaved"])
    Interleaved.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(Interleaved).Assembly).Run(args);
