using BenchmarkDotNet.Running;
using VoiceKit.Benchmarks;

if (args is ["--interleaved", .. var words])
    Interleaved.Run(words);
else
    BenchmarkSwitcher.FromAssembly(typeof(Interleaved).Assembly).Run(args);
