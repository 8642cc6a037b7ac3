namespace VoiceKit.Benchmarks.Reporting;

internal sealed partial class Comparisons
{
    static partial void AddOggFile(
        List<Comparison> all, Func<ConcentusEncodeBenchmarks> encode, Func<ConcentusDecodeBenchmarks> decode) => all.AddRange(
        [
            new(
                "encode by Concentus",
                "Concentus.OggFile",
                10,
                () => encode().ConcentusOggFile(),
                () => encode().WithConcentus()),
            new(
                "decode by Concentus",
                "Concentus.OggFile",
                10,
                () => decode().ConcentusOggFile(),
                () => decode().WithConcentus()),
        ]);
}
