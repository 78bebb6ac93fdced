using System.Text.Json.Serialization;
using Realtime.Host.Reports;

namespace Realtime.Host.Benchmarks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(FiniteDoubleConverter)])]
[JsonSerializable(typeof(ModelBenchmarkResult))]
internal sealed partial class BenchmarkJsonContext : JsonSerializerContext;
