using BenchmarkDotNet.Running;
using VoiceKit.Benchmarks.Reporting;

if (args is ["--interleaved", .. var words])
    Interleaved.Run(words);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
