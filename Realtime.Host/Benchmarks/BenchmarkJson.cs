using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realtime.Host.Benchmarks;

/// <summary>Results as one line of JSON. Any thread.</summary>
internal static class BenchmarkJson
{
    private static readonly BenchmarkJsonContext OneLine = new(new JsonSerializerOptions(BenchmarkJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Serialize(ModelBenchmarkResult result) => JsonSerializer.Serialize(result, OneLine.ModelBenchmarkResult);
}
