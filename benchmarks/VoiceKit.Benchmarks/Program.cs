using System.Globalization;
using BenchmarkDotNet.Running;
using VoiceKit.Benchmarks.Reporting;

switch (args)
{
    case ["--interleaved", .. var words]:
        Interleaved.Run(words);
        return 0;
    case ["--guard", var budgets]:
        return Guard.Run(budgets);
    case [StoreWork.Option, var name, var folder, var messages]:
        return StoreWork.Run(name, folder, int.Parse(messages, CultureInfo.InvariantCulture));
    case ["--report", var program, var work, var results, .. var rest]:
        return Report.Run(program, work, results, rest);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
}
